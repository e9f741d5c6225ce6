import { expect, test } from 'vitest';
import { openHealth, UNHEALTHY } from './health.ts';

const after = (tries: string, health = openHealth()) => {
  for (const one of tries)
    if (one === '+') health.succeed(null);
    else health.fail();
  return health;
};

test('nothing tried yet is healthy, and one failure alone still is', () => {
  expect(after('').value()).toBe(1);
  expect(after('-').value()).toBeCloseTo(0.8);
  expect(after('-').value()).toBeGreaterThanOrEqual(UNHEALTHY);
});

test.each([
  ['--', 0.6],
  ['+-+-+-+-+-', 0.5],
  ['++++++++++++++++----', 0.8],
  ['+++++++++++++++-----', 0.75],
  // what is older than twenty tries does not count
  ['----------++++++++++++++++++++', 1],
])('%s', (tries, value) => {
  expect(after(tries).value()).toBeCloseTo(value);
});

const timed = (totalMs: number) => ({ kind: 'first_token', value: totalMs, totalMs }) as const;

function slowed(normalMs: number, nowMs: number) {
  const health = openHealth();
  for (let i = 0; i < 30; i++) health.succeed(timed(normalMs));
  for (let i = 0; i < 5; i++) health.succeed(timed(nowMs));
  return health;
}

test('twice its normal time costs nothing, 2.5 times is the limit, 4 times is half', () => {
  expect(slowed(2000, 4000).value()).toBe(1);
  expect(slowed(2000, 5000).value()).toBeCloseTo(UNHEALTHY);
  expect(slowed(2000, 8000).value()).toBeCloseTo(0.5);
});

test('a time below one second is never slow, and a candidate without a normal time neither', () => {
  expect(slowed(10, 900).value()).toBe(1);
  const health = openHealth();
  for (let i = 0; i < 9; i++) health.succeed(timed(1500 * (i + 1)));
  expect(health.value()).toBe(1);
});

test('times of streams and of whole answers have a normal each', () => {
  const health = openHealth();
  for (let i = 0; i < 30; i++) health.succeed({ kind: 'per_token', value: 20, totalMs: 4000 });
  for (let i = 0; i < 30; i++) health.succeed(timed(3000));
  expect(health.value()).toBe(1);
});

test('what is forgiven is forgotten, what is normal is not', () => {
  const health = slowed(2000, 8000);
  health.forgive();
  expect(health.value()).toBe(1);
  for (let i = 0; i < 5; i++) health.succeed(timed(8000));
  expect(health.value()).toBeCloseTo(0.5);
});
