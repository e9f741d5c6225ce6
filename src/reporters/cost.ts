/** What the answers of a run cost, as every report words it. */
import type { ModelCost, RunRecord } from '../record.ts';
import { oneLine, plural, usd } from './text.ts';

/** The models of the run; none unless something was asked in it or has a known cost. */
export function costsToShow({ cost = [] }: RunRecord): ModelCost[] {
  return cost.some(({ live, known_usd }) => live > 0 || known_usd !== null) ? cost : [];
}

/** A sum that leaves something out says so: `at least $0.0213, 3 of 76 unknown`. */
function total({ cost_usd, known_usd, unknown, answers }: ModelCost): string {
  if (cost_usd !== null || known_usd === null) return usd(cost_usd);
  return `at least ${usd(known_usd)}, ${unknown} of ${answers} unknown`;
}

/** How many were asked in this run, and for how much where that is not the whole cost. */
function asked({ answers, live, live_usd }: ModelCost): string {
  if (live === 0) return 'none';
  return live === answers ? 'all' : `${live} for ${usd(live_usd)}`;
}

const tokens = (n: number | null) => (n === null ? 'unknown' : String(n).replace(/\B(?=(?:\d{3})+$)/g, ','));

/** Heads of the columns of `costRow`. */
export const COST_HEAD = ['model', 'cost', 'answers', 'asked in this run', 'tokens in', 'tokens out', '$ a million in / out'];
/** Those of them that are numbers. */
export const COST_NUMBERS = [2, 4, 5];

export const costRow = (cost: ModelCost): string[] => [
  oneLine(cost.model, 60),
  total(cost),
  String(cost.answers),
  asked(cost),
  tokens(cost.input_tokens),
  tokens(cost.output_tokens),
  cost.prices.map((price) => `${price.input_per_million} / ${price.output_per_million}`).join(', ') || '–',
];

/** `gpt-4.1 cost $0.0213`, `76 answers, 12 for $0.0034 asked now` */
export const costFacts = (cost: ModelCost): string[] => [
  `${oneLine(cost.model, 200)} cost ${total(cost)}`,
  `${plural(cost.answers, 'answer')}, ${asked(cost)} asked now`,
];
