import { expect, test } from 'vitest';
import { exampleView } from './example-view.ts';
import { histogramOf } from './distribution.ts';
import { kpisOf, ratio } from './kpis.ts';

const [verdict] = exampleView().record.verdicts;
if (verdict?.kpis === undefined) throw new Error('the example has figures');
const { kpis } = verdict;

test.each<[number | null | undefined, number | null | undefined, string]>([
  [2, 1, '0.50 ×'],
  [0, 1, '–'],
  [null, 1, '–'],
  [1, undefined, '–'],
])('of %j and %j the ratio is %s', (baseline, candidate, expected) => {
  expect(ratio(baseline, candidate)).toBe(expected);
});

test('what nobody tells is unknown, with the reason, and never a number', () => {
  const rows = kpisOf(verdict).rows;
  expect(rows.find(({ name }) => name === 'tokens a second')).toMatchObject({
    baseline: { value: 'unknown' },
    ratio: '–',
    strips: { baseline: null },
  });
  expect(rows.find(({ name }) => name === 'cost in all')).toMatchObject({
    baseline: { value: 'unknown', note: 'not every cost is known' },
  });
});

test('sides that tell nothing at all get a sentence', () => {
  const none = { answers: 9, first_token_ms: null, total_ms: null, tokens_per_second: null, output_tokens: null, cost_usd: null };
  expect(kpisOf({ ...verdict, kpis: { baseline: none, candidate: none } })).toMatchObject({ rows: [] });
  expect(kpisOf({ ...verdict, kpis: { baseline: none, candidate: none } }).nothing).toContain('Unknown');
  expect(kpisOf({ ...verdict, kpis: { baseline: none, candidate: kpis.candidate } }).rows[0]?.baseline).toEqual({
    value: 'unknown',
    note: 'told by none of 9',
  });
});

test('a strip lies in its line, and both sides share a scale', () => {
  const { strips } = kpisOf(verdict).rows[0] ?? {};
  expect(strips?.baseline?.to).toBe('100.00%');
  expect(parseFloat(strips?.candidate?.middle ?? '')).toBeLessThan(parseFloat(strips?.baseline?.middle ?? ''));
});

test('a histogram has a bar for every step that has cases, the tallest as high as the chart', () => {
  const { distribution } = verdict;
  const chart = histogramOf(verdict);
  expect(chart?.bars).toHaveLength(
    [...(distribution?.baseline ?? []), ...(distribution?.candidate ?? [])].filter((count) => count > 0).length,
  );
  expect(Math.max(...(chart?.bars.map(({ height }) => Number(height)) ?? []))).toBe(64);
  expect(histogramOf({ ...verdict, distribution: { baseline: [0], candidate: [0] } })).toBeNull();
});
