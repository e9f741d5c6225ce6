import { expect, test } from 'vitest';
import { exampleRun } from '../example-run.ts';
import { intervalOf, scaleOf } from './scale.ts';

const [verdict] = exampleRun().record.verdicts;
if (verdict === undefined) throw new Error('the example run has a verdict');
const percent = (place: string) => Number(place.slice(0, -1));

test('bounds, target and the baseline itself lie inside the axis, in their order', () => {
  const { place } = scaleOf([{ ...verdict, parity: 0.9, lower: 0.86, upper: 0.94, parity_target: 0.85 }]);
  const places = [0.85, 0.86, 0.9, 0.94, 1].map((parity) => percent(place(parity)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThanOrEqual(100);
});

test.each([0, 0.001, 0.3, 1.7, 19, 5_000])('a parity of %d leaves few ticks', (parity) => {
  const { ticks } = scaleOf([{ ...verdict, parity, lower: parity, upper: parity }]);
  expect(ticks.length).toBeGreaterThanOrEqual(2);
  expect(ticks.length).toBeLessThanOrEqual(10);
  expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
});

test('bounds that do not exist run to the edges and say so', () => {
  const { place } = scaleOf([verdict]);
  expect(intervalOf({ parity: 0.9, lower: null, upper: null }, place)).toMatchObject({ from: '0%', to: '100%', unbounded: true });
  expect(intervalOf({ parity: null, lower: null, upper: null }, place)).toBeNull();
});
