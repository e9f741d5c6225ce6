import { expect, test } from 'vitest';
import { limitsOf } from './options.ts';

test('times that are not given follow the total, and are all of it where nobody else may answer', () => {
  expect(limitsOf({}, false)).toMatchObject({ firstTokenMs: 20_000, candidateMs: 60_000, totalMs: 120_000 });
  expect(limitsOf({ totalMs: 30_000 }, false)).toMatchObject({ firstTokenMs: 15_000, candidateMs: 15_000 });
  expect(limitsOf({ totalMs: 30_000 }, true)).toMatchObject({ firstTokenMs: 30_000, candidateMs: 30_000 });
  expect(limitsOf({ firstTokenMs: 5 }, true)).toMatchObject({ firstTokenMs: 5, candidateMs: 120_000 });
});
