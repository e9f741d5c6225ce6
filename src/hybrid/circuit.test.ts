import { afterEach, expect, test } from 'vitest';
import { type Circuit, openCircuit, type Timed } from './circuit.ts';
import { openHealth } from './health.ts';
import { Failed } from './side.ts';

const failure = (state: string) => new Failed({ state, why: '', isTransient: true, retryAfterMs: null });
const open: Circuit[] = [];
afterEach(() => open.splice(0).forEach((circuit) => circuit.close()));

function circuitOf(probe: () => Promise<void> = () => Promise.resolve(), probeIntervalMs = 600_000) {
  const health = openHealth();
  const changes: string[] = [];
  const circuit = openCircuit({ health, probe, probeIntervalMs, onChange: (state) => void changes.push(state) });
  open.push(circuit);
  const fail = (state: string) => circuit.run(() => Promise.reject(failure(state))).catch((e: unknown) => e);
  const answer = (time: Timed['time'] = null) => circuit.run(() => Promise.resolve({ time }));
  return { circuit, health, changes, fail, answer };
}

test('it opens after three failures in a row, or when health is low', async () => {
  const row = circuitOf();
  for (let i = 0; i < 20; i++) await row.answer();
  for (let i = 0; i < 2; i++) await row.fail('unreachable');
  expect(row.circuit.isClosed()).toBe(true);
  await row.fail('unreachable');
  expect(row.circuit.isClosed()).toBe(false);
  const mixed = circuitOf();
  await mixed.fail('unreachable');
  expect(mixed.circuit.isClosed()).toBe(true);
  await mixed.answer();
  await mixed.fail('unreachable');
  expect(mixed.circuit.isClosed()).toBe(false);
});

test('an answer that is late opens it, and is handed over all the same', async () => {
  const { circuit, answer } = circuitOf();
  const time = (ms: number) => ({ kind: 'first_token', value: ms, totalMs: ms }) as const;
  for (let i = 0; i < 20; i++) await answer(time(2000));
  for (let i = 0; i < 4; i++) await answer(time(9000));
  expect(await answer(time(9000))).toEqual({ time: time(9000) });
  expect(circuit.isClosed()).toBe(false);
});

test('what does not suit the candidate does not open it', async () => {
  const { circuit, health, fail } = circuitOf();
  for (const state of ['rejected', 'context_overflow', 'empty', 'rejected']) await fail(state);
  expect([circuit.state(), health.value()]).toEqual(['closed', 1]);
});

test('only a probe that succeeds closes it, and every failed one leaves it open', async () => {
  let probes = 0;
  let done: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (done = resolve));
  const probe = () => (++probes < 3 ? Promise.reject(new Error('still down')) : Promise.resolve(done()));
  const { circuit, changes, fail, answer, health } = circuitOf(probe, 5);
  for (let i = 0; i < 3; i++) await fail('unreachable');
  await answer();
  expect(circuit.isClosed()).toBe(false);
  await closed;
  while (!circuit.isClosed()) await new Promise((next) => setImmediate(next));
  expect([probes, changes, health.value()]).toEqual([3, ['open', 'closed'], 1]);
});

test('nobody is let through beside a probe, and a request of before that fails meanwhile is probed for again', async () => {
  let probes = 0;
  let pass: (() => void) | null = null;
  const { circuit, changes, fail } = circuitOf(() => (++probes === 1 ? new Promise<void>((done) => (pass = done)) : Promise.resolve()), 5);
  let failLate: () => void = () => undefined;
  const late = circuit
    .run(() => new Promise<never>((_, reject) => (failLate = () => reject(failure('unreachable')))))
    .catch((e: unknown) => e);
  for (let i = 0; i < 3; i++) await fail('unreachable');
  const until = async (is: () => boolean) => {
    while (!is()) await new Promise((next) => setTimeout(next, 2));
  };
  await until(() => pass !== null);
  expect([circuit.state(), circuit.isClosed()]).toEqual(['half_open', false]);
  failLate();
  await late;
  pass!();
  await until(() => circuit.isClosed());
  expect([probes, changes]).toEqual([2, ['open', 'closed']]);
});
