/** What the move costs, and whether it pays. */

/** An input that is known from–to; both are the same where it is one number. */
export interface Span {
  low: number;
  high: number;
}

/** The shortest and the longest horizon, and life of hardware: beyond them it is a slip. */
export const COST_YEARS: Span = { low: 0.25, high: 100 };

/** Inputs of cost and return, with their units; docs/cost.md has the formulas. */
export const COST_INPUTS = [
  'baseline_usd_per_month',
  'requests_per_month',
  'input_tokens_per_request',
  'output_tokens_per_request',
  'input_usd_per_million',
  'output_usd_per_million',
  'local_usd_per_month',
  'machine_usd_per_hour',
  'machine_hours_per_month',
  'machine_watts',
  'usd_per_kwh',
  'hardware_usd',
  /** how long hardware lasts; then it is bought again */
  'hardware_years',
  'development_usd',
  'horizon_years',
  /** a year, 0.08 is 8 % */
  'discount_rate',
] as const;
export type CostInput = (typeof COST_INPUTS)[number];

/** Either `baseline_usd_per_month` is there, or requests, tokens and prices are. An input that is absent plays no part. */
export interface CostPlan {
  file: string;
  inputs: Partial<Record<CostInput, Span>>;
  /** where an input came from, for people; absent where it stands in the file */
  from: Partial<Record<CostInput, string>>;
  claimed: { break_even_months: Span | null; npv_usd: Span | null; source: string } | null;
}

/** What follows from one value of each input. US dollars. */
export interface CostOutcome {
  baseline_usd_per_month: number;
  local_usd_per_month: number;
  savings_usd_per_month: number;
  /** share of the baseline's cost that is saved; below 0 when the machine costs more; null when the baseline costs nothing */
  cost_reduction: number | null;
  investment_usd: number;
  /** months until savings have paid for what was bought; null when they never do within 100 years */
  break_even_months: number | null;
  npv_usd: number;
}

/** What a claim would need, at the same cost of the machine. */
export interface ClaimCheck {
  claim: 'break_even_months' | 'npv_usd';
  claimed: Span;
  /** what follows from the inputs; null: never */
  best: number | null;
  worst: number | null;
  /** whether any outcome lies within what was claimed */
  follows: 'all' | 'in_part' | 'not';
  /** savings a month that its easiest end needs with the least investment, and its hardest with the most */
  savings_needed: Span;
  /** the baseline's monthly cost that makes such savings, as a multiple of today's; null where it costs nothing */
  volume_needed: Span | null;
}

export interface CostReport {
  format: 1;
  plan: CostPlan;
  /** every input at the end that is best, in the middle, at the end that is worst for the net present value */
  best: CostOutcome;
  middle: CostOutcome;
  worst: CostOutcome;
  /** one input moved, all others in the middle; widest first. `assumed`: moved by 20 % either way, since it is one number */
  sensitivity: { input: CostInput; low: number; high: number; npv_at_low: number; npv_at_high: number; assumed: boolean }[];
  claims: ClaimCheck[];
}
