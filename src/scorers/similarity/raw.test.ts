import { expect, test } from 'vitest';
import { meanSimilarity, passageOf, segmentSimilarity } from './raw.ts';

const unit = (...values: number[]) => new Float32Array(values.map((value) => value / Math.hypot(...values)));
const [east, north, up, west] = [unit(1, 0, 0, 0), unit(0, 1, 0, 0), unit(0, 0, 1, 0), unit(-1, 0, 0, 0)];
const passage = (rows: Float32Array[], words = rows.map(() => 5)) => passageOf(rows, words);
const blank = passage([]);

test('a text against itself is 1 by both', () => {
  const text = passage([east, north]);
  expect(meanSimilarity(text, text)).toBeCloseTo(1, 12);
  expect(segmentSimilarity(text, text)).toBeCloseTo(1, 12);
});

test('m is the cosine of the mean segment vectors', () => {
  expect(meanSimilarity(passage([east, north]), passage([east]))).toBeCloseTo(Math.SQRT1_2, 12);
});

test('F weighs segments by their words, a long one as 40, and counts no negative cosine', () => {
  // precision (5·1 + 15·0) / 20, recall 1
  expect(segmentSimilarity(passage([east, north], [5, 15]), passage([east]))).toBeCloseTo((2 * 0.25) / 1.25, 12);
  // precision (40·1 + 40·0) / 80
  expect(segmentSimilarity(passage([east, north], [400, 40]), passage([east]))).toBeCloseTo(1 / 1.5, 12);
  expect(segmentSimilarity(passage([west]), passage([east]))).toBe(0);
});

test('a blank text is 0 with anything, and so is one whose segments cancel out by m', () => {
  expect(meanSimilarity(blank, passage([up]))).toBe(0);
  expect(segmentSimilarity(blank, passage([up]))).toBe(0);
  expect(segmentSimilarity(blank, blank)).toBe(0);
  expect(meanSimilarity(passage([east, west]), passage([east]))).toBe(0);
});
