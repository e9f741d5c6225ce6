import { expect, test } from 'vitest';
import { openDirections } from './directions.ts';

test.each([0, 2, 100])('vectors come back in their order, with %d of them held', (mostHeld) => {
  const directions = openDirections(mostHeld);
  const added = [[1, 0.5], null, [0.25, 2], [3, -4], null];
  for (const one of added) directions.add(one);
  const back = () => Array.from(directions, (one) => (one === null ? null : [...one]));
  expect(back()).toEqual(added);
  expect(back()).toEqual(added);
});

test('nothing added is nothing', () => {
  expect([...openDirections()]).toEqual([]);
});
