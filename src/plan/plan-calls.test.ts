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

test('a prompt variant changes what is sent and its address, and not the case', () => {
  const asked = (prompt: NonNullable<Model['prompt']>, own = one) =>
    [...planCalls({ name: 's', cases: [own] }, { ...model, prompt }, 1)][0]!;
  const plain = [...planCalls({ name: 's', cases: [one] }, model, 1)][0]!;
  const wrapped = asked({ system: 'Be brief.', wrap: 'Think step by step.\n\n{{prompt}}' });
  expect(wrapped.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Think step by step.\n\nhello' },
  ]);
  expect(wrapped.request).not.toBe(plain.request);
  expect(one.messages).toEqual(messages);
});

test('a prompt variant wraps the last question, word for word, and lengthens the system message there is', () => {
  const talk = [
    { role: 'developer' as const, content: 'Answer in German.' },
    { role: 'user' as const, content: 'first' },
    { role: 'assistant' as const, content: 'so' },
    { role: 'user' as const, content: 'costs $& and {{prompt}}' },
  ];
  const varied = { ...model, prompt: { system: 'Be brief.', wrap: '<{{prompt}}>' } };
  const [call] = planCalls({ name: 's', cases: [{ ...one, messages: talk }] }, varied, 1);
  expect(call?.messages.map(({ content }) => content)).toEqual([
    'Be brief.\n\nAnswer in German.',
    'first',
    'so',
    '<costs $& and {{prompt}}>',
  ]);
});
