import { expect, test } from 'vitest';
import { momentsOf } from './bounds.ts';
import { numbers, pairs } from './numbers.ts';

const many = Array.from({ length: 1_000 }, (_, i) => ((i * 7919) % 1_000) / 999);

test('keeps what is pushed, in order, and may grow in between', () => {
  const kept = numbers();
  expect([kept.length, [...kept.values()]]).toEqual([0, []]);
  many.slice(0, 64).forEach(kept.push);
  expect([...kept.values()]).toEqual(many.slice(0, 64));
  many.slice(64).forEach(kept.push);
  expect([kept.length, [...kept.values()]]).toEqual([1_000, many]);
});

test('pairs are those of an array, to the last bit of what follows from them', () => {
  const array = many.map((candidate, i) => ({ candidate, baseline: many[(i + 500) % 1_000] ?? NaN }));
  const kept = pairs();
  array.forEach(kept.push);
  expect([kept.length, [...kept], [...kept]]).toEqual([1_000, array, array]);
  expect(momentsOf(kept)).toEqual(momentsOf(array));
});
