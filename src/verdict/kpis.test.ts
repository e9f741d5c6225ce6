import { expect, test } from 'vitest';
import type { Answer } from '../record.ts';
import { kpiTally, quantilesOf } from './kpis.ts';

const answer = (change: Partial<Answer>): Answer => ({ state: 'ok', timings: null, usage: null, call: null, ...change }) as Answer;
const took = (total_ms: number) => answer({ timings: { total_ms, first_token_ms: null, tokens_per_second: null } });

test('quantiles lie between the values, as numpy has them', () => {
  expect(quantilesOf([1, 2, 3, 10])).toEqual({ n: 4, p5: null, p25: 1.75, p50: 2.5, p75: 4.75, p95: null });
  expect(quantilesOf(Array.from({ length: 21 }, (_, i) => i))).toMatchObject({ p5: 1, p50: 10, p95: 19 });
  expect(quantilesOf([])).toBeNull();
});

test('what no answer tells is null, and what was not answered does not count', () => {
  const tally = kpiTally();
  for (const ms of [300, 100, 200]) tally.add(took(ms));
  tally.add({ ...took(9_000), state: 'timed_out' });
  expect(tally.figures()).toMatchObject({ answers: 3, total_ms: { n: 3, p50: 200 }, first_token_ms: null, cost_usd: null });
  expect(kpiTally().figures()).toMatchObject({ answers: 0, total_ms: null, cost_usd: null });
});

test('a cost is known when every answer has one', () => {
  const costing = (cost_usd: number | null) => answer({ call: { cost_usd } as Answer['call'] });
  const tally = kpiTally();
  for (const cost of [0.5, 0.25]) tally.add(costing(cost));
  expect(tally.figures().cost_usd).toBe(0.75);
  tally.add(costing(null));
  expect(tally.figures().cost_usd).toBeNull();
});
