import { expect, test } from 'vitest';
import { needOf } from './doctor-needs.ts';
import type { Case, Model, Params, Suite } from './record.ts';

const at = { file: 'f', line: 1, column: 1 };
const model: Model = { name: 'm', provider: 'lmstudio', model: 'm-7b', answers: 'live', params: { top_k: 5 }, options: {}, at };
const one = (name: string, content: string, params: Params = {}): Case => ({
  ...{ name, messages: [{ role: 'user', content }], params, elements: [], read: null, weights: {}, tags: [] },
  ...{ critical: false, language: null, at },
});
const suite = (name: string, cases: Case[], part: Partial<Suite> = {}): Suite => ({
  ...{ name, description: null, capability: 'general', baseline: 'b', candidates: ['m'], self_parity: null, parity_target: 0.9 },
  ...{ decision: 'bounds', baseline_samples: 1, cases, file: 'f', hash: '', ...part },
});

test('the call that takes most tokens, the smallest limit, and the first parameters', () => {
  const cases = [one('short', 'x'.repeat(40), { max_tokens: 100, temperature: 0 }), one('long', 'x'.repeat(4000), { max_tokens: 500 })];
  expect(needOf(model, [suite('s', cases)])).toMatchObject({
    suites: ['s'],
    longest: { suite: 's', case: 'long', prompt: 1004, limit: 500 },
    smallestLimit: 100,
    params: { temperature: 0, top_k: 5 },
  });
});

test('a model that no suite uses needs nothing', () => {
  expect(needOf(model, [suite('s', [one('c', 'x')], { candidates: ['other'] })])).toMatchObject({ suites: [], longest: null });
});

const format = (type: string) => ({ response_format: { type } });
test.each<[string, Partial<Suite>, Params, { jsonSchema: boolean; jsonObject: boolean; tools: boolean }]>([
  ['nothing', {}, {}, { jsonSchema: false, jsonObject: false, tools: false }],
  ['a format that is sent', {}, format('json_schema'), { jsonSchema: true, jsonObject: false, tools: false }],
  [
    'only the format that is sent',
    { capability: 'structured_output' },
    format('json_object'),
    { jsonSchema: false, jsonObject: true, tools: false },
  ],
  ['structured output without a format', { capability: 'structured_output' }, {}, { jsonSchema: true, jsonObject: false, tools: false }],
  ['tools that are sent', {}, { tools: [{ type: 'function' }] }, { jsonSchema: false, jsonObject: false, tools: true }],
  ['function calling', { capability: 'function_calling' }, {}, { jsonSchema: false, jsonObject: false, tools: true }],
])('needs %s', (_, part, params, expected) => {
  expect(needOf(model, [suite('s', [one('c', 'x', params)], part)])).toMatchObject(expected);
});
