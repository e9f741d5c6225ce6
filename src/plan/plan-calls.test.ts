import { expect, test } from 'vitest';
import type { Model } from '../record.ts';
import { planCalls, requestHash } from './plan-calls.ts';

const messages = [{ role: 'user' as const, content: 'hello' }];
const at = { file: 'x', line: 1, column: 1 };
const model: Model = { name: 'n', provider: 'openai', model: 'wire-id', answers: 'recorded', params: { seed: 1 }, options: {}, at };
const one = {
  name: 'c',
  messages,
  params: { temperature: 0, seed: 9 },
  elements: [],
  read: null,
  weights: {},
  tags: [],
  critical: false,
  language: null,
  at,
};

test('the order of keys does not change the address of a recording', () => {
  expect(requestHash('m', messages, { a: 1, b: { c: 2, d: 3 } }, 0)).toBe(requestHash('m', messages, { b: { d: 3, c: 2 }, a: 1 }, 0));
});

test('model, messages, parameters and sample number each change it', () => {
  const hashes = [
    requestHash('m', messages, {}, 0),
    requestHash('n', messages, {}, 0),
    requestHash('m', [{ role: 'user', content: 'hello!' }], {}, 0),
    requestHash('m', messages, { temperature: 0 }, 0),
    requestHash('m', messages, {}, 1),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('a model asks every sample of a case before the next case, with its own parameters on top', () => {
  const calls = [...planCalls({ name: 's', cases: [one, { ...one, name: 'd' }] }, model, 2)];
  expect(calls.map((c) => [c.case, c.sample])).toEqual([
    ['c', 0],
    ['c', 1],
    ['d', 0],
    ['d', 1],
  ]);
  expect(calls.map((c) => c.params['seed'])).toEqual([1, 2, 1, 2]);
  expect(calls[0]).toMatchObject({ params: { temperature: 0, seed: 1 }, suite: 's' });
});
