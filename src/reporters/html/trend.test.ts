import { expect, test } from 'vitest';
import { exampleView } from './example-view.ts';
import { sinceOf, trendOf } from './trend.ts';

const { record } = exampleView();
const [verdict] = record.verdicts;
if (verdict === undefined) throw new Error('the example run has a verdict');

test('earlier runs come first, this run last, and a run without a parity leaves a gap', () => {
  const trend = trendOf(verdict, record);
  expect(trend?.runs).toBe(5);
  expect(trend?.spans).toHaveLength(4);
  expect(trend?.spans.map(({ x }) => Number(x))).toEqual([8, 69, 191, 252]);
  expect(trend?.last).toHaveLength(1);
  expect(trend?.description).toContain('20261103: – (none)');
});

test('the higher parity is drawn higher, and bounds enclose it', () => {
  const points =
    trendOf(verdict, record)
      ?.line.split(' ')
      .map((point) => Number(point.split(',')[1])) ?? [];
  expect(points).toEqual([...points].sort((a, b) => b - a));
  for (const { from, to } of trendOf(verdict, record)?.spans ?? []) expect(Number(from)).toBeGreaterThan(Number(to));
});

test('runs of other candidates are not its history, and no history is no trend', () => {
  expect(trendOf({ ...verdict, candidate: 'another' }, record)).toBeNull();
  expect(trendOf(verdict, { ...record, history: [] })).toBeNull();
});

test('a change of verdict is told, and no previous run is nothing', () => {
  expect(sinceOf(verdict)).toMatchObject({ run: '20261104', parity: '0.910 → 0.969', verdict: 'NEEDS WORK before' });
  const [, without] = record.verdicts;
  expect(without === undefined ? undefined : sinceOf(without)).toBeNull();
});
