/** What follows from the inputs at their ends, what it is most sensitive to, and what a claim would need. */
import { COST_INPUTS, type ClaimCheck, type CostInput, type CostOutcome, type CostPlan, type CostReport, type Span } from '../record.ts';
import { annuity, outcomeOf, replacements, type Values } from './outcome.ts';

/** How far an input that is one number is moved, either way. */
const ASSUMED = 0.2;

export function costReport(plan: CostPlan): CostReport {
  const known = COST_INPUTS.filter((name) => plan.inputs[name] !== undefined);
  const spanOf = (name: CostInput): Span => plan.inputs[name] ?? { low: 0, high: 0 };
  const middle: Values = Object.fromEntries(known.map((name) => [name, (spanOf(name).low + spanOf(name).high) / 2]));
  const npvWith = (name: CostInput, value: number) => outcomeOf({ ...middle, [name]: value }).npv_usd;
  const { best, worst } = extremes(middle, plan.inputs);
  const sensitivity = known.flatMap((name) => {
    const { low, high } = spanOf(name);
    const [from, to] = low === high ? [low * (1 - ASSUMED), high * (1 + ASSUMED)] : [low, high];
    if (from === to) return [];
    return [{ input: name, low: from, high: to, npv_at_low: npvWith(name, from), npv_at_high: npvWith(name, to), assumed: low === high }];
  });
  const swing = (one: (typeof sensitivity)[number]) => Math.abs(one.npv_at_high - one.npv_at_low);
  return {
    format: 1,
    plan,
    best: outcomeOf(best),
    middle: outcomeOf(middle),
    worst: outcomeOf(worst),
    sensitivity: sensitivity.sort((a, b) => swing(b) - swing(a)),
    claims: claimsOf(plan, best, worst),
  };
}

/**
 * The ends of the ranges that together give the most and the least present value. Every combination is looked at: a longer horizon is
 * better where something is saved and worse where nothing is, so that no range has a better end of its own. 2^16 combinations at most.
 */
function extremes(middle: Values, inputs: CostPlan['inputs']): { best: Values; worst: Values } {
  const ranges = COST_INPUTS.flatMap((name) => {
    const span = inputs[name];
    return span === undefined || span.low === span.high ? [] : [{ name, ...span }];
  });
  let [best, worst] = [middle, middle];
  let [most, least] = [-Infinity, Infinity];
  for (let corner = 0; corner < 2 ** ranges.length; corner++) {
    const values = { ...middle };
    for (const [i, { name, low, high }] of ranges.entries()) values[name] = (corner >> i) % 2 === 0 ? low : high;
    const { npv_usd: value } = outcomeOf(values);
    if (value > most) [most, best] = [value, values];
    if (value < least) [least, worst] = [value, values];
  }
  return { best, worst };
}

function claimsOf({ claimed }: CostPlan, best: Values, worst: Values): ClaimCheck[] {
  if (claimed === null) return [];
  const [good, bad] = [outcomeOf(best), outcomeOf(worst)];
  const claims: ClaimCheck[] = [];
  const { break_even_months: months, npv_usd: npv } = claimed;
  if (months) {
    const follows = followsFrom(months, good.break_even_months ?? Infinity, bad.break_even_months ?? Infinity);
    const needed = { low: good.investment_usd / months.high, high: bad.investment_usd / months.low };
    claims.push({
      claim: 'break_even_months',
      claimed: months,
      best: good.break_even_months,
      worst: bad.break_even_months,
      follows,
      ...need(needed),
    });
  }
  if (npv) {
    const follows = followsFrom(npv, bad.npv_usd, good.npv_usd);
    const needed = { low: savingsFor(npv.low, good, best), high: savingsFor(npv.high, bad, worst) };
    claims.push({ claim: 'npv_usd', claimed: npv, best: good.npv_usd, worst: bad.npv_usd, follows, ...need(needed) });
  }
  return claims;

  function need(savings: Span): Pick<ClaimCheck, 'savings_needed' | 'volume_needed'> {
    const times = (needed: number, { local_usd_per_month: local, baseline_usd_per_month: baseline }: CostOutcome) =>
      (needed + local) / baseline;
    const isFree = good.baseline_usd_per_month <= 0 || bad.baseline_usd_per_month <= 0;
    return { savings_needed: savings, volume_needed: isFree ? null : { low: times(savings.low, good), high: times(savings.high, bad) } };
  }
}

/** Whether what follows, from–to, lies within what was claimed: all of it, some of it, or nothing. */
function followsFrom(claimed: Span, from: number, to: number): ClaimCheck['follows'] {
  if (from >= claimed.low && to <= claimed.high) return 'all';
  return to < claimed.low || from > claimed.high ? 'not' : 'in_part';
}

const savingsFor = (npv: number, { investment_usd }: CostOutcome, values: Values) =>
  (npv + investment_usd + replacements(values)) / annuity(values);
