import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { casesToProve, casesToSettle, type Pair, parityBounds } from './bounds.ts';
import { tQuantile } from './student-t.ts';

interface Reference {
  kind: string;
  pairs: [number, number][];
  t: number;
  parity: number;
  lower: number;
  upper: number;
}

const references = JSON.parse(readFileSync(new URL('../../fixtures/verdict/bounds.json', import.meta.url), 'utf8')) as Reference[];
const perfect = (n: number): Pair[] => Array.from({ length: n }, () => ({ candidate: 1, baseline: 1 }));

test.each(references)(
  'bounds of $pairs.length $kind cases agree to 1e-9 with scipy by bisection of the t statistic',
  ({ pairs, t, parity, lower, upper }) => {
    const bounds = parityBounds(pairs.map(([candidate, baseline]) => ({ candidate, baseline })));
    expect(tQuantile(0.95, pairs.length)).toBeCloseTo(t, 9);
    expect(bounds.parity).toBeCloseTo(parity, 12);
    expect(Math.abs((bounds.lower ?? NaN) - lower)).toBeLessThan(1e-9);
    expect(Math.abs((bounds.upper ?? NaN) - upper)).toBeLessThan(1e-9);
  },
);

test.each([
  [0.85, 9],
  [0.9, 13],
  [0.95, 27],
])('a perfect candidate proves %d with %d cases and not with one less', (target, n) => {
  expect(casesToProve(target)).toBe(n);
  expect(parityBounds(perfect(n)).lower).toBeGreaterThanOrEqual(target);
  expect(parityBounds(perfect(n - 1)).lower).toBeLessThan(target);
});

test('no number of cases proves a target of 1', () => {
  expect(casesToProve(1)).toBeNull();
});

test('the interval of a perfect suite has a width', () => {
  const { lower, upper } = parityBounds(perfect(1000));
  expect((upper ?? 0) - (lower ?? 0)).toBeGreaterThan(0);
});

test('with every baseline score at 1 the lower bound is the closed form of the contract', () => {
  const q = [0.9, 1, 0.4, 0.75, 1, 0.2, 0.95];
  const y = [...q, 0.5];
  const mean = y.reduce((a, b) => a + b) / y.length;
  const s = Math.sqrt(y.reduce((a, b) => a + (b - mean) ** 2, 0) / q.length);
  const closed = mean - (tQuantile(0.95, q.length) * s) / Math.sqrt(y.length);
  expect(parityBounds(q.map((candidate) => ({ candidate, baseline: 1 }))).lower).toBeCloseTo(closed, 12);
});

test('a baseline that scores 0 everywhere has no parity', () => {
  expect(
    parityBounds([
      { candidate: 1, baseline: 0 },
      { candidate: 1, baseline: 0 },
    ]),
  ).toMatchObject({ parity: null });
  expect(parityBounds([])).toEqual({ parity: null, lower: null, upper: null });
});

test('the number of cases that would settle a suite does settle it when the same cases come again', () => {
  const pairs = Array.from({ length: 30 }, (_, i) => ({ candidate: i % 10 === 0 ? 0.4 : 0.98, baseline: 1 }));
  expect(parityBounds(pairs).lower).toBeLessThan(0.88);
  const needed = casesToSettle(pairs, 0.88) ?? 0;
  expect(needed).toBeGreaterThan(30);
  const times = Math.ceil(needed / 30) + 1;
  expect(parityBounds(Array.from({ length: times }, () => pairs).flat()).lower).toBeGreaterThanOrEqual(0.88);
});

test('a parity that is exactly the target is settled by no number of cases', () => {
  const pairs = [0.8, 1].flatMap((candidate) => Array.from({ length: 10 }, () => ({ candidate, baseline: 1 })));
  expect(casesToSettle(pairs, 0.9)).toBeNull();
});
