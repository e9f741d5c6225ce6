/** What an answer costs: by the prices of its entry in models.yaml, by its machine's hour, else by OpenAI's list prices. */
import { createRequire } from 'node:module';
import type * as genaiPrices from '@pydantic/genai-prices';
import * as z from 'zod';
import { type Answer, type Call, type Model, type Prices, SPOKEN_STATES } from '../record.ts';

const amount = z.number().min(0).meta({ must: 'a number of US dollars, at least 0' });

const prices = z.strictObject({
  input_per_million: amount,
  output_per_million: amount,
  /** input read from the server's cache; the full input price where it is not written */
  cached_input_per_million: amount.optional(),
});
const cost = z.strictObject({ per_hour: amount });

/** Keys of an entry of models.yaml, for every provider that asks a server. */
export const priceOptions = {
  prices: prices.meta({ must: '{ input_per_million: US dollars, output_per_million: US dollars }' }).optional(),
  cost: cost.meta({ must: '{ per_hour: US dollars }' }).optional(),
};

const written = z.object(priceOptions);

type Cost = Pick<Call, 'cost_usd' | 'prices'>;
const UNKNOWN: Cost = { cost_usd: null, prices: null };
const MS_PER_HOUR = 3_600_000;

/**
 * An unknown cost is null, never 0. A machine's hour is charged for the whole time of the answer although a machine may serve
 * several at a time: an upper bound, and exact at `concurrency: 1`.
 */
export function priceOf(model: Model, answer: Answer): Cost {
  const own = written.parse(model.options);
  if (own.prices) return byTokens({ cached_input_per_million: own.prices.input_per_million, ...own.prices }, answer);
  if (own.cost) {
    const isHeard = SPOKEN_STATES.some((state) => state === answer.state);
    if (!isHeard || answer.timings === null) return UNKNOWN;
    return { cost_usd: (answer.timings.total_ms / MS_PER_HOUR) * own.cost.per_hour, prices: null };
  }
  if (!isListed(model) || answer.usage === null) return UNKNOWN;
  return byTokens(listPrices(answer.reported_model ?? model.model, answer.call?.recorded_at ?? null, answer.usage.input_tokens), answer);
}

/**
 * US dollars of tries that brought no answer and took so many milliseconds together. Where tokens are paid for they are 0: nobody
 * told any. A machine's hour goes on. Null where no price is known.
 */
export function priceOfTries(model: Model, ms: number): number | null {
  const { prices: perToken, cost: perHour } = written.parse(model.options);
  if (perToken || (!perHour && isListed(model))) return 0;
  return perHour ? (ms / MS_PER_HOUR) * perHour.per_hour : null;
}

/** OpenAI's list is for OpenAI's own address. */
const isListed = ({ provider, options }: Model): boolean => provider === 'openai' && options['base_url'] === undefined;

/** Reasoning tokens are among the output tokens. */
function byTokens(unit: Required<Prices> | null, { usage }: Answer): Cost {
  if (unit === null || usage === null) return UNKNOWN;
  const { input_per_million, output_per_million, cached_input_per_million = input_per_million } = unit;
  const cached = Math.min(usage.cached_input_tokens ?? 0, usage.input_tokens);
  const input = (usage.input_tokens - cached) * input_per_million + cached * cached_input_per_million;
  return {
    cost_usd: (input + usage.output_tokens * output_per_million) / 1_000_000,
    prices: { input_per_million, output_per_million, ...(cached > 0 ? { cached_input_per_million } : {}) },
  };
}

/** OpenAI's list prices on the day of asking, at the step of the price that so many input tokens reach; null when not listed. */
function listPrices(id: string, recordedAt: string | null, inputTokens: number): Required<Prices> | null {
  const { input_mtok, output_mtok, cache_read_mtok = input_mtok } = listed(id, recordedAt?.slice(0, 10) ?? null);
  if (input_mtok === undefined || output_mtok === undefined || cache_read_mtok === undefined) return null;
  const stepOf = (price: number | genaiPrices.TieredPrices) =>
    typeof price === 'number' ? price : (price.tiers.findLast(({ start }) => inputTokens > start)?.price ?? price.base);
  return {
    input_per_million: stepOf(input_mtok),
    output_per_million: stepOf(output_mtok),
    cached_input_per_million: stepOf(cache_read_mtok),
  };
}

/** OpenAI's list price of today for a model id, below any step by length; null when not listed. */
export function todaysPrice(id: string): Prices | null {
  const found = listPrices(id, null, 0);
  return found && { input_per_million: found.input_per_million, output_per_million: found.output_per_million };
}

let library: typeof genaiPrices | undefined;
const found = new Map<string, genaiPrices.ModelPrice>();

/** The package is read when the first price is looked up (50 ms), and searched once a model and day (0.1 ms); {} when not listed. */
function listed(id: string, day: string | null): genaiPrices.ModelPrice {
  const key = JSON.stringify([id, day]);
  const known = found.get(key);
  if (known) return known;
  library ??= createRequire(import.meta.url)('@pydantic/genai-prices') as typeof genaiPrices;
  const match = library.calcPrice({}, id, { providerId: 'openai', ...(day === null ? {} : { timestamp: new Date(day) }) });
  const price = match?.model_price ?? {};
  found.set(key, price);
  return price;
}
