/** cost.yaml → inputs of cost and return, each a number or a range. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { COST_YEARS, type CostInput, type CostPlan, type Span } from '../record.ts';
import { checkFields, type Place } from './check-fields.ts';
import { fileName, readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });

/** A number from `least` to `most`, or [from, to]. */
function span(least: number, what: string, most = Infinity) {
  const one = z.number().min(least).max(most);
  const range = z.tuple([one, one]).refine(([low, high]) => low <= high, 'the range is written from high to low');
  return must(z.union([one, range]), `${what}, or [from, to]`).optional();
}
const usd = span(0, 'a number of US dollars, at least 0');
const amount = span(0, 'a number of at least 0');
const years = span(COST_YEARS.low, `a number of years from ${COST_YEARS.low} to ${COST_YEARS.high}`, COST_YEARS.high);
const text = must(z.string().min(1), 'text').optional();

const prices = z.strictObject({ input_per_million: usd, output_per_million: usd });

const root = z.strictObject({
  use: must(z.strictObject({ requests_per_month: amount, input_tokens: amount, output_tokens: amount }), 'a map').optional(),
  baseline: must(z.strictObject({ usd_per_month: usd, model: text, prices: prices.optional() }), 'a map').optional(),
  local: must(
    z.strictObject({
      usd_per_month: usd,
      usd_per_hour: usd,
      hours_per_month: amount,
      watts: amount,
      usd_per_kwh: usd,
      hardware_usd: usd,
      hardware_years: years,
      development_usd: usd,
    }),
    'a map',
  ).optional(),
  horizon_years: years,
  discount_rate: span(0, 'a share of a year: 0.08 is 8 %'),
  claimed: must(
    z.strictObject({ break_even_months: amount, npv_usd: span(-1e12, 'a number of US dollars'), source: z.string().min(1) }),
    'a map',
  ).optional(),
});

export interface CostFile {
  plan: CostPlan;
  /** whose list price is meant, where the file names no prices; null where it names none */
  priceOf: string | null;
}

type Written = number | [number, number] | undefined;

/** Throws an InputError with every problem of the file. */
export async function readCostFile(cwd: string, path: string): Promise<CostFile> {
  const absolute = resolve(cwd, path);
  const file = fileName(cwd, absolute);
  const { value, source, problems } = readYaml(await readText({ path: absolute, file, what: 'cost file' }), file);
  const place: Place = { source, path: [], problems };
  const { use, baseline, local, claimed, horizon_years, discount_rate } = checkFields(root, value, place, file);
  if (baseline?.usd_per_month !== undefined && (use?.requests_per_month !== undefined || baseline.model !== undefined || baseline.prices))
    problems.push({
      code: 'cost/two-baselines',
      at: source.at(['baseline']),
      what: 'the baseline has a bill (usd_per_month) and a use with prices',
      fix: 'keep one of the two',
    });
  if (problems.length > 0) throw new InputError(problems);
  const written: Partial<Record<CostInput, Written>> = {
    baseline_usd_per_month: baseline?.usd_per_month,
    requests_per_month: use?.requests_per_month,
    input_tokens_per_request: use?.input_tokens,
    output_tokens_per_request: use?.output_tokens,
    input_usd_per_million: baseline?.prices?.input_per_million,
    output_usd_per_million: baseline?.prices?.output_per_million,
    local_usd_per_month: local?.usd_per_month,
    machine_usd_per_hour: local?.usd_per_hour,
    machine_hours_per_month: local?.hours_per_month,
    machine_watts: local?.watts,
    usd_per_kwh: local?.usd_per_kwh,
    hardware_usd: local?.hardware_usd,
    hardware_years: local?.hardware_years,
    development_usd: local?.development_usd,
    horizon_years: horizon_years ?? 5,
    discount_rate: discount_rate ?? 0,
  };
  const inputs = Object.fromEntries(Object.entries(written).flatMap(([name, one]) => (one === undefined ? [] : [[name, spanOf(one)]])));
  const claims = claimed && {
    break_even_months: claimed.break_even_months === undefined ? null : spanOf(claimed.break_even_months),
    npv_usd: claimed.npv_usd === undefined ? null : spanOf(claimed.npv_usd),
    source: claimed.source,
  };
  return { plan: { file, inputs, from: {}, claimed: claims ?? null }, priceOf: baseline?.model ?? null };
}

const spanOf = (written: number | [number, number]): Span =>
  typeof written === 'number' ? { low: written, high: written } : { low: written[0], high: written[1] };
