import { expect, test } from 'vitest';
import { casesToExclude, pairedDifference } from './difference.ts';
import { tProbability, tQuantile } from './student-t.ts';

test.each([1, 2, 7, 50])('the distribution of t is the inverse of its quantile, %d degrees of freedom', (df) => {
  for (const probability of [0.6, 0.9, 0.95, 0.999]) {
    expect(tProbability(tQuantile(probability, df), df)).toBeCloseTo(probability, 10);
    expect(tProbability(-tQuantile(probability, df), df)).toBeCloseTo(1 - probability, 10);
  }
});

test('fifty cases of which none moved still leave an interval', () => {
  const found = pairedDifference(Array.from({ length: 50 }, () => 0));
  expect(found?.mean).toBe(0);
  expect(found?.upper).toBeCloseTo(0.0325, 4);
  expect(found?.lower).toBeCloseTo(-0.0325, 4);
  expect(found?.pFell).toBeCloseTo(0.5, 10);
});

test('fewer than two differences decide nothing', () => {
  expect([pairedDifference([]), pairedDifference([-1])]).toEqual([null, null]);
});

test('a fall is seen, and its mirror image is a rise', () => {
  const falls = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? -0.6 : 0.05));
  const [fall, rise] = [pairedDifference(falls), pairedDifference(falls.map((d) => -d))];
  expect(fall?.upper).toBeLessThan(0);
  expect(fall?.pFell).toBeLessThan(0.05);
  expect(rise?.lower).toBeCloseTo(-(fall?.upper ?? NaN), 12);
  expect(rise?.pFell).toBeCloseTo(1 - (fall?.pFell ?? NaN), 12);
});

/** A small generator of fixed numbers: Lehmer's, with the multiplier of Park and Miller 1988. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test.each([20, 50, 200])('where nothing changed, %d cases of right and wrong answers cry "fell" in about one run in twenty', (n) => {
  const random = numbers(n);
  const runs = 2_000;
  let cries = 0;
  for (let run = 0; run < runs; run++) {
    const differences = Array.from({ length: n }, () => (random() < 0.2 ? (random() < 0.5 ? 1 : -1) : 0));
    if ((pairedDifference(differences)?.pFell ?? 1) <= 0.05) cries++;
  }
  expect(cries / runs).toBeLessThan(0.065);
  expect(cries / runs).toBeGreaterThan(0.005);
});

test('as many cases as it says do exclude the margin', () => {
  const differences = Array.from({ length: 20 }, (_, i) => (i % 5 === 0 ? -0.3 : 0.1));
  const needed = casesToExclude(differences, 0.05) ?? 0;
  expect(pairedDifference(differences)?.lower).toBeLessThan(-0.05);
  expect(needed).toBeGreaterThan(20);
  const more = Array.from({ length: 5 * Math.ceil(needed / 5) }, (_, i) => (i % 5 === 0 ? -0.3 : 0.1));
  expect(pairedDifference(more)?.lower).toBeGreaterThan(-0.05);
  expect(casesToExclude([-0.2, -0.2, -0.2], 0.05)).toBeNull();
});
