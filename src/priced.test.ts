import { expect, test } from 'vitest';
import { answerFromText, noAnswer } from './models/answer-from-text.ts';
import { costCounter, priced } from './priced.ts';
import type { Answer, Call, Model } from './record.ts';

function costByModel(answers: Answer[]) {
  const counter = costCounter();
  answers.forEach(counter.add);
  return counter.byModel();
}

const call: Call = { request: '', recorded_at: '2026-11-25T12:00:00.000Z', attempts: 1, provenance: {}, cost_usd: null, prices: null };
const usage = { input_tokens: 1000, output_tokens: 100, reasoning_tokens: null };
const prices = { input_per_million: 2, output_per_million: 8 };

const answer = (change: Partial<Answer> = {}): Answer => ({
  ...answerFromText({ model: 'gpt', case: 'c', sample: 0, origin: 'live', text: 'four', usage, call }),
  ...change,
});
const costing = (cost_usd: number | null, change: Partial<Answer> = {}) => answer({ call: { ...call, cost_usd, prices }, ...change });

const at = { file: 'models.yaml', line: 1, column: 1 };
const gpt: Model = { name: 'gpt', provider: 'openai', model: 'gpt-4.1', answers: 'live', params: {}, options: {}, at };

test('an answer that comes is given its cost and the unit prices of the day', () => {
  expect(priced(gpt, answer()).call).toEqual({ ...call, cost_usd: 0.0028, prices });
});

test('an answer without usage, or without a call, stays without a cost', () => {
  expect(priced(gpt, answer({ usage: null })).call).toEqual(call);
  expect(priced(gpt, answer({ call: null })).call).toBeNull();
});

test('what was recorded and what was asked now are told apart', () => {
  const [cost] = costByModel([costing(0.5, { origin: 'recording' }), costing(0.25)]);
  expect(cost).toEqual({
    model: 'gpt',
    answers: 2,
    live: 1,
    unknown: 0,
    cost_usd: 0.75,
    known_usd: 0.75,
    live_usd: 0.25,
    input_tokens: 2000,
    output_tokens: 200,
    prices: [prices],
  });
});

test('a sum with an unknown cost in it is unknown, and at least the known part', () => {
  const [cost] = costByModel([costing(0.5), costing(null, { usage: null })]);
  expect(cost).toMatchObject({ unknown: 1, cost_usd: null, known_usd: 0.5, live_usd: null, input_tokens: 1000 });
});

test('nothing known is null, and nothing asked in this run is 0', () => {
  const [cost] = costByModel([answer({ origin: 'recording', call: null, usage: null })]);
  expect(cost).toMatchObject({ cost_usd: null, known_usd: null, live_usd: 0, input_tokens: null, output_tokens: null, prices: [] });
});

test('an answer that nobody was asked for costs nothing and is not counted', () => {
  const missing = noAnswer({ model: 'gpt', case: 'c', sample: 0, origin: 'recording' }, 'missing', 'no recording');
  expect(costByModel([missing])).toEqual([]);
  expect(costByModel([missing, costing(0.5)])).toMatchObject([{ answers: 1, unknown: 0, cost_usd: 0.5 }]);
});

test('models are listed in the order in which they answered', () => {
  expect(costByModel(['b', 'a', 'b'].map((name) => costing(1, { model: name }))).map(({ model, answers }) => [model, answers])).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
