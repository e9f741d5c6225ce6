import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Answer, Model } from '../record.ts';
import { answerFromText } from './answer-from-text.ts';
import { priceOf, priceOptions } from './prices.ts';

const model = (provider: string, options: Record<string, unknown> = {}, id = 'gpt-4.1'): Model => ({
  name: 'm',
  provider,
  model: id,
  answers: 'live',
  params: {},
  options,
  at: { file: 'models.yaml', line: 1, column: 1 },
});

const answer = (change: Partial<Answer> = {}): Answer => ({
  ...answerFromText({ model: 'm', case: 'c', sample: 0, origin: 'live', text: 'four' }),
  usage: { input_tokens: 1000, output_tokens: 100, reasoning_tokens: 40 },
  timings: { total_ms: 90_000, first_token_ms: null, tokens_per_second: null },
  call: { request: '', recorded_at: '2026-11-25T12:00:00.000Z', attempts: 1, provenance: {}, cost_usd: null, prices: null },
  ...change,
});
const askedOn = (day: string): Partial<Answer> => ({
  call: { request: '', recorded_at: `${day}T12:00:00.000Z`, attempts: 1, provenance: {}, cost_usd: null, prices: null },
});

describe('OpenAI’s list prices', () => {
  test('gpt-4.1 is 2 dollars a million tokens in and 8 out, reasoning included', () => {
    expect(priceOf(model('openai'), answer())).toEqual({ cost_usd: 0.0028, prices: { input_per_million: 2, output_per_million: 8 } });
  });

  test('what the server reports is charged, not what was asked for', () => {
    const alias = model('openai', {}, 'my-alias');
    expect(priceOf(alias, answer({ reported_model: 'gpt-4.1-2025-04-14' })).cost_usd).toBe(0.0028);
    expect(priceOf(model('openai'), answer({ reported_model: 'nobody-knows-this' })).cost_usd).toBeNull();
  });

  test('the price is that of the day of asking', () => {
    const o3 = model('openai', {}, 'o3');
    expect(priceOf(o3, answer(askedOn('2025-06-01'))).prices).toEqual({ input_per_million: 10, output_per_million: 40 });
    expect(priceOf(o3, answer(askedOn('2025-07-01'))).prices).toEqual({ input_per_million: 2, output_per_million: 8 });
  });

  test('input from the cache has its own price where the server tells how much it was', () => {
    const usage = { input_tokens: 1000, output_tokens: 100, reasoning_tokens: null, cached_input_tokens: 800 };
    expect(priceOf(model('openai'), answer({ usage }))).toEqual({
      cost_usd: 0.0016,
      prices: { input_per_million: 2, output_per_million: 8, cached_input_per_million: 0.5 },
    });
  });

  test('every listed model that answers in tokens costs what the package says, short prompts and long', () => {
    const listed = findProvider({ providerId: 'openai' })?.models.map(({ id }) => id) ?? [];
    let known = 0;
    for (const id of listed) {
      for (const input_tokens of [0, 1000, 271_999, 272_000, 500_000]) {
        const usage = { input_tokens, output_tokens: 100, reasoning_tokens: null, cached_input_tokens: Math.min(input_tokens, 600) };
        const { cost_usd } = priceOf(model('openai', {}, id), answer({ usage }));
        if (cost_usd === null) continue;
        known++;
        const tokens = { input_tokens, output_tokens: 100, cache_read_tokens: Math.min(input_tokens, 600) };
        const price = calcPrice(tokens, id, { providerId: 'openai', timestamp: new Date('2026-11-25') });
        expect([id, input_tokens, cost_usd]).toEqual([id, input_tokens, expect.closeTo(price?.total_price ?? NaN, 9)]);
      }
    }
    expect(known).toBeGreaterThan(200);
  });

  test('a model without token prices is unknown, not free', () => {
    expect(priceOf(model('openai', {}, 'omni-moderation'), answer()).cost_usd).toBeNull();
  });
});

test.each(['lmstudio', 'litellm', 'openai-compatible'])(
  '%s has no list prices, so that its cost is unknown even under a known name',
  (of) => {
    expect(priceOf(model(of), answer())).toEqual({ cost_usd: null, prices: null });
  },
);

describe('prices in models.yaml', () => {
  const prices = { input_per_million: 1, output_per_million: 4 };

  test('win over the list and over the hour', () => {
    expect(priceOf(model('openai', { prices, cost: { per_hour: 100 } }), answer())).toEqual({ cost_usd: 0.0014, prices });
  });

  test('charge cached input as any other where no price is written for it', () => {
    const usage = { input_tokens: 1000, output_tokens: 0, reasoning_tokens: null, cached_input_tokens: 1000 };
    expect(priceOf(model('litellm', { prices }), answer({ usage })).cost_usd).toBe(0.001);
    expect(priceOf(model('litellm', { prices: { ...prices, cached_input_per_million: 0.5 } }), answer({ usage })).cost_usd).toBe(0.0005);
  });

  test('of 0 make an answer free', () => {
    expect(priceOf(model('lmstudio', { prices: { input_per_million: 0, output_per_million: 0 } }), answer()).cost_usd).toBe(0);
  });
});

test('a machine costs its hour for as long as the answer took', () => {
  const local = model('lmstudio', { cost: { per_hour: 1.2 } });
  expect(priceOf(local, answer())).toEqual({ cost_usd: 0.03, prices: null });
  expect(priceOf(local, answer({ usage: null })).cost_usd).toBe(0.03);
  expect(priceOf(local, answer({ timings: null })).cost_usd).toBeNull();
});

test.each(['openai', 'lmstudio'])('a try of %s that brought no answer has no known cost', (provider) => {
  const cost = provider === 'lmstudio' ? { cost: { per_hour: 1.2 } } : {};
  expect(priceOf(model(provider, cost), answer({ state: 'timed_out', usage: null })).cost_usd).toBeNull();
});

test.each([
  [{ prices: { input_per_million: 1 } }],
  [{ prices: { input_per_million: -1, output_per_million: 1 } }],
  [{ prices: { input_per_million: 1, output_per_million: 1, per_hour: 1 } }],
  [{ cost: { per_hour: Infinity } }],
  [{ cost: { per_day: 1 } }],
])('%j is refused', (options) => {
  expect(z.strictObject(priceOptions).safeParse(options).success).toBe(false);
});
