/** What an answer cost, filled in when it comes, and what the answers of a run cost together. */
import { isDeepStrictEqual } from 'node:util';
import { sidesOf } from './hybrid-entry.ts';
import { priceOf, priceOfTries } from './models/prices.ts';
import type { Answer, Call, Model, ModelCost } from './record.ts';

/** The answer with its cost and the unit prices of the day; both are null where the price is unknown. */
export function priced(model: Model, answer: Answer, models: ReadonlyMap<string, Model>): Answer {
  const { call } = answer;
  if (call === null) return answer;
  return {
    ...answer,
    call: { ...call, ...(model.provider === 'hybrid' ? priceOfHybrid(sidesOf(model, models), answer, call) : priceOf(model, answer)) },
  };
}

/** By the side that answered, and what the candidate's time cost before the fallback was asked (docs/hybrid.md). */
function priceOfHybrid(
  { candidate, fallback }: ReturnType<typeof sidesOf>,
  answer: Answer,
  { provenance }: Call,
): Pick<Call, 'cost_usd' | 'prices'> {
  if (provenance['answered_by'] === 'candidate') return priceOf(candidate, answer);
  if (provenance['answered_by'] !== 'baseline' || fallback === null) return { cost_usd: null, prices: null };
  const lost = Number(provenance['lost_ms'] ?? 0);
  const timings = answer.timings && { ...answer.timings, total_ms: Math.max(0, answer.timings.total_ms - lost) };
  const { cost_usd, prices } = priceOf(fallback, { ...answer, timings });
  const isTried = provenance['reason'] !== 'circuit_open';
  return { cost_usd: plus(cost_usd, isTried ? priceOfTries(candidate, lost) : 0), prices };
}

/** Adds answers up, one entry a model, in the order in which models first occur. Recorded ones count at the price they were recorded with. */
export function costCounter(): { add: (answer: Answer) => void; byModel: () => ModelCost[] } {
  const costs = new Map<string, ModelCost>();
  return {
    add(answer) {
      if (answer.state === 'missing' || answer.state === 'not_asked') return;
      const own = costs.get(answer.model) ?? nothing(answer.model);
      costs.set(answer.model, own);
      addTo(own, answer);
    },
    byModel: () => [...costs.values()],
  };
}

function nothing(model: string): ModelCost {
  const unknown = { known_usd: null, input_tokens: null, output_tokens: null };
  return { model, answers: 0, live: 0, unknown: 0, cost_usd: 0, live_usd: 0, ...unknown, prices: [] };
}

function addTo(own: ModelCost, { call, origin, usage }: Answer): void {
  const usd = call?.cost_usd ?? null;
  own.answers++;
  own.cost_usd = plus(own.cost_usd, usd);
  own.known_usd = plusKnown(own.known_usd, usd);
  own.input_tokens = plusKnown(own.input_tokens, usage?.input_tokens ?? null);
  own.output_tokens = plusKnown(own.output_tokens, usage?.output_tokens ?? null);
  if (usd === null) own.unknown++;
  if (origin === 'live') {
    own.live++;
    own.live_usd = plus(own.live_usd, usd);
  }
  const prices = call?.prices;
  if (prices && !own.prices.some((known) => isDeepStrictEqual(known, prices))) own.prices.push(prices);
}

/** Null when one of the two is. */
const plus = (sum: number | null, value: number | null): number | null => (sum === null || value === null ? null : sum + value);

/** Null when both are. */
const plusKnown = (sum: number | null, value: number | null): number | null => (value === null ? sum : (sum ?? 0) + value);
