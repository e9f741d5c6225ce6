import { describe, expect, test } from 'vitest';
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

const none = new Map<string, Model>();

test('an answer that comes is given its cost and the unit prices of the day', () => {
  expect(priced(gpt, answer(), none).call).toEqual({ ...call, cost_usd: 0.0028, prices });
});

test('an answer without usage, or without a call, stays without a cost', () => {
  expect(priced(gpt, answer({ usage: null }), none).call).toEqual(call);
  expect(priced(gpt, answer({ call: null }), none).call).toBeNull();
});

describe('an answer of a hybrid model', () => {
  const local = (options: Model['options']): Model => ({ ...gpt, name: 'local', provider: 'openai-compatible', options });
  const both: Model = { ...gpt, name: 'both', provider: 'hybrid', options: { candidate: 'local', fallback: 'gpt' } };
  const timings = { total_ms: 40_000, first_token_ms: null, tokens_per_second: null };
  const pricedBy = (candidate: Model, provenance: Call['provenance'], fallback = gpt) => {
    const models = new Map([candidate, fallback].map((model, i) => [i === 0 ? 'local' : 'gpt', model]));
    return priced(both, answer({ timings, call: { ...call, provenance } }), models).call;
  };
  const byCandidate = { answered_by: 'candidate', reason: 'healthy' };
  const byFallback = { answered_by: 'baseline', reason: 'timed_out', lost_ms: 36_000 };
  const perHour = local({ cost: { per_hour: 5 } });

  test('costs what the side that answered costs', () => {
    expect(pricedBy(local({ prices }), byCandidate)).toMatchObject({ cost_usd: 0.0028, prices });
    expect(pricedBy(perHour, byCandidate)?.cost_usd).toBeCloseTo((40 / 3600) * 5, 12);
    expect(pricedBy(local({ prices: { input_per_million: 0, output_per_million: 0 } }), byFallback)).toMatchObject({
      cost_usd: 0.0028,
      prices,
    });
  });

  test('costs the time of the machine that was tried first, too', () => {
    expect(pricedBy(perHour, byFallback)?.cost_usd).toBeCloseTo(0.0028 + (36 / 3600) * 5, 12);
    expect(pricedBy(perHour, { ...byFallback, reason: 'circuit_open', lost_ms: 0 })?.cost_usd).toBe(0.0028);
    const hourly: Model = { ...gpt, options: { cost: { per_hour: 9 } } };
    expect(pricedBy(perHour, byFallback, hourly)?.cost_usd).toBeCloseTo((4 / 3600) * 9 + (36 / 3600) * 5, 12);
  });

  test('stays unknown where a side that was asked has no price, and nowhere else', () => {
    expect(pricedBy(local({}), byCandidate)).toMatchObject({ cost_usd: null, prices: null });
    expect(pricedBy(local({}), byFallback)?.cost_usd).toBeNull();
    expect(pricedBy(local({}), { ...byFallback, reason: 'circuit_open', lost_ms: 0 })?.cost_usd).toBe(0.0028);
    expect(pricedBy(perHour, byFallback, local({}))?.cost_usd).toBeNull();
    expect(pricedBy(perHour, {})?.cost_usd).toBeNull();
  });
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
