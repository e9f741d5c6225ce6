import { expect, test } from 'vitest';
import { atLeast, COUNTS, measureRightOrWrong, TARGETS } from './right-or-wrong.ts';

test('the binomial tail agrees with sums that can be done by hand', () => {
  expect(atLeast(2, 1, 0.5)).toBeCloseTo(0.75, 12);
  expect(atLeast(9, 9, 0.85)).toBeCloseTo(0.85 ** 9, 12);
  expect(atLeast(5, 0, 0.3)).toBeCloseTo(1, 12);
});

test('nine cases pass against 0.85 only when all are right', () => {
  const nine = measureRightOrWrong()[COUNTS.indexOf(9)];
  expect(nine?.falsePass[TARGETS.indexOf(0.85)]).toBeCloseTo(0.85 ** 9, 12);
  expect(nine?.falsePass[TARGETS.indexOf(0.95)]).toBe(0);
});
