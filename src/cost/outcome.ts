/**
 * Savings, break-even and net present value of one set of inputs.
 *
 *   baseline B = requests · (tokens in · price in + tokens out · price out) / 10⁶, or the bill itself
 *   local    L = what recurs + hours · price an hour + hours · watts / 1000 · price a kWh
 *   savings  S = B − L, each month, at its end
 *   NPV        = −I + S · (1 − (1+r)^−Y) / i − Σ hardware · (1+r)^−k·life,  i = (1+r)^(1/12) − 1, k·life < Y
 *
 * Source of payback and net present value: Brealey, Myers & Allen, Principles of Corporate Finance, chapters 2 and 5. Break-even is
 * not discounted, as it is usually quoted. Tax, inflation and what hardware sells for are left out.
 */
import type { CostInput, CostOutcome } from '../record.ts';

export type Values = Partial<Record<CostInput, number>>;

/** All hours of a month: 365 · 24 / 12. */
const HOURS_PER_MONTH = 730;
const MONTHS_PER_YEAR = 12;
const MOST_MONTHS = 1200;

/** Worked: 1500 against 800 a month, 23,000 invested, 5 years at 8 % → savings 700, break-even 32.86 months, NPV 11,751.43. */
export function outcomeOf(values: Values): CostOutcome {
  const baseline = baselineOf(values);
  const local = localOf(values);
  const savings = baseline - local;
  const investment = (values.hardware_usd ?? 0) + (values.development_usd ?? 0);
  return {
    baseline_usd_per_month: baseline,
    local_usd_per_month: local,
    savings_usd_per_month: savings,
    cost_reduction: baseline > 0 ? savings / baseline : null,
    investment_usd: investment,
    break_even_months: breakEven(savings, investment, values),
    npv_usd: savings * annuity(values) - investment - replacements(values),
  };
}

function baselineOf(values: Values): number {
  if (values.baseline_usd_per_month !== undefined) return values.baseline_usd_per_month;
  const { requests_per_month = 0, input_tokens_per_request = 0, output_tokens_per_request = 0 } = values;
  const perRequest =
    input_tokens_per_request * (values.input_usd_per_million ?? 0) + output_tokens_per_request * (values.output_usd_per_million ?? 0);
  return (requests_per_month * perRequest) / 1_000_000;
}

function localOf({ local_usd_per_month = 0, machine_usd_per_hour = 0, machine_watts = 0, usd_per_kwh = 0, ...values }: Values): number {
  const hours = values.machine_hours_per_month ?? HOURS_PER_MONTH;
  return local_usd_per_month + hours * machine_usd_per_hour + ((hours * machine_watts) / 1000) * usd_per_kwh;
}

/** Present value of one dollar at the end of each month of the horizon. */
export function annuity({ horizon_years = 5, discount_rate = 0 }: Values): number {
  const months = horizon_years * MONTHS_PER_YEAR;
  if (discount_rate === 0) return months;
  const monthly = (1 + discount_rate) ** (1 / MONTHS_PER_YEAR) - 1;
  return (1 - (1 + discount_rate) ** -horizon_years) / monthly;
}

/** Present value of hardware that is bought again within the horizon. */
export function replacements({ hardware_usd = 0, hardware_years, horizon_years = 5, discount_rate = 0 }: Values): number {
  if (hardware_years === undefined) return 0;
  let sum = 0;
  for (let year = hardware_years; year < horizon_years; year += hardware_years) sum += hardware_usd * (1 + discount_rate) ** -year;
  return sum;
}

function breakEven(savings: number, investment: number, { hardware_usd = 0, hardware_years }: Values): number | null {
  if (investment <= 0) return savings >= 0 ? 0 : null;
  if (savings <= 0) return null;
  const life = hardware_years === undefined ? MOST_MONTHS : hardware_years * MONTHS_PER_YEAR;
  for (let bought = 0; bought * life < MOST_MONTHS; bought++) {
    const months = (investment + bought * hardware_usd) / savings;
    if (months <= Math.min((bought + 1) * life, MOST_MONTHS)) return months;
  }
  return null;
}
