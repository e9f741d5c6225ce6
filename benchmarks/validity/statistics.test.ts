import { describe, expect, test } from 'vitest';
import { jackknife, quantile, randomOf, ranks, shuffled, spearman, wilson } from './statistics.ts';

describe('spearman', () => {
  test('is 1 for one order and -1 for the opposite', () => {
    expect(spearman([1, 20, 300], [0.1, 0.2, 0.21])).toBeCloseTo(1, 12);
    expect(spearman([1, 20, 300], [3, 2, 1])).toBeCloseTo(-1, 12);
  });

  test('agrees with scipy.stats.spearmanr where values are tied', () => {
    expect(ranks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
    expect(spearman([3, 1, 3, 2, 5], [1, 2, 3, 4, 5])).toBeCloseTo(0.4103914, 6);
  });

  test('is no number where one side does not vary', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  });
});

describe('intervals', () => {
  test('wilson agrees with statsmodels.stats.proportion.proportion_confint', () => {
    const { low, high } = wilson(4, 100);
    expect(low).toBeCloseTo(0.0156633, 6);
    expect(high).toBeCloseTo(0.0983707, 6);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  test('the jackknife of values without common members is the interval of their mean', () => {
    const values = [0.02, 0.04, 0.03, 0.07, 0.01];
    const found = jackknife(values.map((value, i) => ({ value, members: [`m${i}`] })));
    const error = 0.0230217 / Math.sqrt(5);
    expect(found?.low).toBeCloseTo(0.034 - 1.959964 * error, 6);
    expect(found?.high).toBeCloseTo(0.034 + 1.959964 * error, 6);
  });

  test('the jackknife is wider where the values go with a member', () => {
    const pairs = ['abc', 'abd', 'abe', 'cde'].flatMap((group) => [...group].map((m) => [m, group] as const));
    const alike = pairs.map(([m, group]) => ({ value: m === 'a' ? 0.2 : 0.02, members: [m, group] }));
    const apart = alike.map((v, i) => ({ value: v.value, members: [`p${i}`] }));
    const width = (i: ReturnType<typeof jackknife>) => (i?.high ?? NaN) - (i?.low ?? NaN);
    expect(width(jackknife(alike))).toBeGreaterThan(width(jackknife(apart)));
  });

  test('the jackknife of two members is not known', () => {
    expect(jackknife([{ value: 1, members: ['a', 'b'] }])).toBeNull();
  });
});

test('a quantile is one of the values', () => {
  expect(quantile([5, 1, 9], 0.5)).toBe(5);
  expect(quantile([5, 1, 9], 1)).toBe(9);
});

test('the same seed gives the same order, with everything in it', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(shuffled(items, randomOf(7))).toEqual(shuffled(items, randomOf(7)));
  expect(shuffled(items, randomOf(7))).not.toEqual(items);
  expect(shuffled(items, randomOf(7)).sort()).toEqual(items);
});
