import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Pair, parityBounds, pValue } from './bounds.ts';
import { holm } from './holm.ts';

const read = <T>(name: string) => JSON.parse(readFileSync(new URL(`../../fixtures/verdict/${name}`, import.meta.url), 'utf8')) as T;
const references = read<{ target: number | null; p: number[]; adjusted: number[] }[]>('holm.json');
const suites = read<{ pairs: [number, number][] }[]>('bounds.json').map(({ pairs }) =>
  pairs.map(([candidate, baseline]): Pair => ({ candidate, baseline })),
);

test.each(references)('p values against target $target are adjusted as statsmodels does', ({ p, adjusted }) => {
  holm(p).forEach((value, i) => expect(value).toBeCloseTo(adjusted[i] ?? NaN, 12));
});

test.each(references.filter((reference) => reference.target !== null))(
  'p values against target $target agree with scipy',
  ({ target, p }) => {
    suites.forEach((pairs, i) => expect(pValue(pairs, target ?? NaN)).toBeCloseTo(p[i] ?? NaN, 10));
  },
);

test('a p value is at most 0.05 exactly where the lower bound reaches the target', () => {
  for (const pairs of suites) {
    const lower = parityBounds(pairs).lower ?? NaN;
    expect(pValue(pairs, lower)).toBeCloseTo(0.05, 9);
    expect(pValue(pairs, lower - 1e-6)).toBeLessThan(0.05);
    expect(pValue(pairs, lower + 1e-6)).toBeGreaterThan(0.05);
  }
});

test('a suite that could not be judged counts as a question and has no p value', () => {
  expect(pValue([], 0.85)).toBeNull();
  expect(pValue([{ candidate: 1, baseline: 0 }], 0.85)).toBeNull();
  expect(holm([0.02, null])).toEqual([0.04, null]);
  expect(holm([])).toEqual([]);
});
