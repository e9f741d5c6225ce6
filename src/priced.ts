/** What an answer cost, filled in when it comes, and what the answers of a run cost together. */
import { priceOf } from './models/prices.ts';
import type { Answer, Model, ModelCost } from './record.ts';

/** The answer with its cost and the unit prices of the day; both are null where the price is unknown. */
export function priced(model: Model, answer: Answer): Answer {
  return answer.call === null ? answer : { ...answer, call: { ...answer.call, ...priceOf(model, answer) } };
}

/** One entry a model, in the order in which models first occur. Recorded answers count at the price they were recorded with. */
export function costByModel(answers: readonly Answer[]): ModelCost[] {
  const byModel = new Map<string, Answer[]>();
  for (const answer of answers.filter(({ state }) => state !== 'missing' && state !== 'not_asked')) {
    const own = byModel.get(answer.model);
    if (own) own.push(answer);
    else byModel.set(answer.model, [answer]);
  }
  return [...byModel].map(([model, own]) => costOf(model, own));
}

function costOf(model: string, own: readonly Answer[]): ModelCost {
  const costs = own.map(usdOf);
  const live = own.filter(({ origin }) => origin === 'live');
  const prices = new Map(own.flatMap(({ call }) => (call?.prices ? [[JSON.stringify(call.prices), call.prices]] : [])));
  return {
    model,
    answers: own.length,
    live: live.length,
    unknown: costs.filter((cost) => cost === null).length,
    cost_usd: sumOfAll(costs),
    known_usd: sumOfKnown(costs),
    live_usd: sumOfAll(live.map(usdOf)),
    input_tokens: sumOfKnown(own.map(({ usage }) => usage?.input_tokens ?? null)),
    output_tokens: sumOfKnown(own.map(({ usage }) => usage?.output_tokens ?? null)),
    prices: [...prices.values()],
  };
}

const usdOf = ({ call }: Answer): number | null => call?.cost_usd ?? null;

/** Null when one of them is. */
const sumOfAll = (values: readonly (number | null)[]): number | null =>
  values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/** Null when all of them are, or there are none. */
function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
