/** `onpar cost`: what today's use costs, what the same costs on a machine of one's own, and whether that pays. */
import { join, relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { COST_YEARS, type CostInput, type CostPlan, type Prices, type Span } from '../record.ts';
import { readyOutput } from './outputs.ts';
import { type Console, type Flag, type FlagValues, listFlag, textFlag, type Verb } from './verb.ts';

/** Flags that set an input; each takes a number or FROM-TO. */
const INPUTS: Record<string, { input: CostInput; value: string; help: string }> = {
  volume: { input: 'requests_per_month', value: 'N', help: 'requests a month' },
  'input-tokens': { input: 'input_tokens_per_request', value: 'N', help: 'tokens of a prompt' },
  'output-tokens': { input: 'output_tokens_per_request', value: 'N', help: 'tokens of an answer' },
  'baseline-per-month': {
    input: 'baseline_usd_per_month',
    value: 'USD',
    help: "the baseline's bill of a month, instead of use and prices",
  },
  'local-per-month': { input: 'local_usd_per_month', value: 'USD', help: 'what the machine costs a month, apart from the next three' },
  'per-hour': { input: 'machine_usd_per_hour', value: 'USD', help: 'rent of the machine an hour' },
  watts: { input: 'machine_watts', value: 'W', help: 'power it draws' },
  'per-kwh': { input: 'usd_per_kwh', value: 'USD', help: 'price of power' },
  hours: { input: 'machine_hours_per_month', value: 'N', help: 'hours it runs a month (default: 730, always)' },
  hardware: { input: 'hardware_usd', value: 'USD', help: 'purchase price' },
  'hardware-years': { input: 'hardware_years', value: 'N', help: 'how long it lasts; then it is bought again' },
  development: { input: 'development_usd', value: 'USD', help: 'cost of making the move' },
  years: { input: 'horizon_years', value: 'N', help: 'years looked at (default: 5)' },
  'discount-rate': { input: 'discount_rate', value: 'SHARE', help: 'a year: 0.08 is 8 %' },
};

/** Flags that make a bill of their own. */
const USE = ['volume', 'input-tokens', 'output-tokens'];
const YEARS = ['years', 'hardware-years'];

export const cost: Verb = {
  summary: 'does the move pay? savings, break-even, present value',
  usage: `[FLAGS]

Reads suites/cost.yaml; a flag wins over the file. Ranges: 8000-25000.
The formulas, and the figures of the strategy worked by hand: docs/cost.md.
Exit codes: 0 computed · 2 bad input`,
  flags: {
    file: { type: 'string', value: 'FILE', help: 'inputs (default: suites/cost.yaml)' },
    ...Object.fromEntries(Object.entries(INPUTS).map(([name, { value, help }]): [string, Flag] => [name, { type: 'string', value, help }])),
    run: { type: 'string', value: 'RUN', help: 'take tokens and prices from the answers of a run' },
    suite: { type: 'string', short: 's', value: 'NAME', help: 'with --run: of this suite only' },
    model: { type: 'string', value: 'NAME', help: "with --run: of this model (default: the suite's baseline)" },
    'price-of': { type: 'string', value: 'MODEL', help: "OpenAI's list price of today for this model" },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write it to a file, too: .md or .json' },
  },
  flagsForWord: ['file'],
  run: runCost,
};

async function runCost(values: FlagValues, _: string[], console: Console): Promise<number> {
  const [{ readCostFile }, { costReport }, { costReporterFor, costText }, { writeAtomically }] = await Promise.all([
    import('../suite/cost-file.ts'),
    import('../cost/report.ts'),
    import('../reporters/cost-report.ts'),
    import('../run/run-folder.ts'),
  ]);
  const outputs = listFlag(values, 'output').map((file) => ({ render: costReporterFor(file), path: readyOutput(file, console.cwd) }));
  const file = await readCostFile(console.cwd, textFlag(values, 'file') ?? join('suites', 'cost.yaml'));
  const plan = withFlags(await withRun(file.plan, values, console), values);
  const priced = await withPrices(plan, textFlag(values, 'price-of') ?? file.priceOf);
  const report = costReport(checked(priced));
  for (const { path, render } of outputs) writeAtomically(path, render(report));
  console.out(costText(report, { width: console.width, colour: console.hasColour }));
  for (const { path } of outputs) console.out(`written  ${relative(console.cwd, path)}\n`);
  return 0;
}

const exactly = (value: number): Span => ({ low: value, high: value });

function withPlan(plan: CostPlan, inputs: CostPlan['inputs'], from: string): CostPlan {
  const names = Object.fromEntries(Object.keys(inputs).map((name) => [name, from]));
  return { ...plan, inputs: { ...plan.inputs, ...inputs }, from: { ...plan.from, ...names } };
}

const priceInputs = ({ input_per_million, output_per_million }: Prices): CostPlan['inputs'] => ({
  input_usd_per_million: exactly(input_per_million),
  output_usd_per_million: exactly(output_per_million),
});

async function withRun(plan: CostPlan, values: FlagValues, console: Console): Promise<CostPlan> {
  const path = textFlag(values, 'run');
  const [suite, model] = [textFlag(values, 'suite'), textFlag(values, 'model')];
  if (path === null && (suite !== null || model !== null))
    throw new InputError({
      code: 'cli/bad-flag',
      what: '--suite and --model say what to take from a run',
      fix: 'add --run reports/latest',
    });
  if (path === null) return plan;
  const [{ readRun }, { recordedUse }] = await Promise.all([import('../run/run-folder.ts'), import('../recorded-use.ts')]);
  const use = recordedUse(readRun(resolve(console.cwd, path)), suite, model);
  const from = `mean of ${use.answers} answers of ${use.model} in run ${use.run}`;
  const tokens = { input_tokens_per_request: exactly(use.input_tokens), output_tokens_per_request: exactly(use.output_tokens) };
  const withTokens = withPlan(plan, tokens, from);
  return use.prices === null ? withTokens : withPlan(withTokens, priceInputs(use.prices), `as recorded in run ${use.run}`);
}

function withFlags(plan: CostPlan, values: FlagValues): CostPlan {
  const given = Object.entries(INPUTS).flatMap(([flag, { input }]) => {
    const text = textFlag(values, flag);
    return text === null ? [] : [[input, spanOf(flag, text)] as const];
  });
  const inputs: CostPlan['inputs'] = Object.fromEntries(given);
  const isUse = [...USE, 'run', 'price-of'].some((flag) => textFlag(values, flag) !== null);
  if (isUse && inputs.baseline_usd_per_month !== undefined)
    throw new InputError({
      code: 'cli/bad-flag',
      what: '--baseline-per-month is the whole bill, and --volume, --input-tokens, --output-tokens, --run or --price-of make another',
      fix: 'leave one of them out',
    });
  // a use that is asked for takes the place of the bill in the file, and the other way round
  const replaced: CostInput | null = isUse
    ? 'baseline_usd_per_month'
    : inputs.baseline_usd_per_month === undefined
      ? null
      : 'requests_per_month';
  const kept: CostPlan['inputs'] = Object.fromEntries(Object.entries(plan.inputs).filter(([name]) => name !== replaced));
  return withPlan({ ...plan, inputs: kept }, inputs, 'command line');
}

function spanOf(flag: string, text: string): Span {
  const found = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text);
  const [low, high] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
  const isYears = YEARS.includes(flag);
  const { low: least, high: most } = isYears ? COST_YEARS : { low: 0, high: Number.MAX_VALUE };
  if (found && least <= low && low <= high && high <= most) return { low, high };
  throw new InputError({
    code: 'cli/bad-flag',
    what: `--${flag} ${text} is no ${isYears ? `number of years from ${least} to ${most}` : 'amount'}`,
    fix: isYears ? `write --${flag} 5, or a range, such as 3-5` : 'write a number, such as 800, or a range, such as 8000-25000',
  });
}

/** Prices that are written win over those of a list. */
async function withPrices(plan: CostPlan, id: string | null): Promise<CostPlan> {
  if (id === null || plan.inputs.baseline_usd_per_month !== undefined) return plan;
  const { todaysPrice } = await import('../models/prices.ts');
  const prices = todaysPrice(id);
  if (prices) return withPlan(plan, priceInputs(prices), `OpenAI's list price of ${id}`);
  throw new InputError({
    code: 'cost/unknown-price',
    what: `there is no list price of "${id}"`,
    fix: 'write baseline: { prices: { input_per_million: …, output_per_million: … } }',
  });
}

const NEEDED = {
  requests_per_month: '--volume, or use: { requests_per_month: … }',
  input_tokens_per_request: '--run, --input-tokens, or use: { input_tokens: … }',
  output_tokens_per_request: '--run, --output-tokens, or use: { output_tokens: … }',
  input_usd_per_million: '--price-of, or baseline: { model: … } or { prices: … }',
  output_usd_per_million: '--price-of, or baseline: { model: … } or { prices: … }',
} as const;

function checked(plan: CostPlan): CostPlan {
  if (plan.inputs.baseline_usd_per_month !== undefined) return plan;
  const missing = (Object.keys(NEEDED) as (keyof typeof NEEDED)[]).filter((name) => plan.inputs[name] === undefined);
  const [first] = missing;
  if (first === undefined) return plan;
  throw new InputError({
    code: 'cost/missing-input',
    what: `what the baseline costs is not known: ${missing.map((name) => name.replaceAll('_', ' ')).join(', ')} missing`,
    fix: `give ${NEEDED[first]}; or the bill itself: --baseline-per-month`,
  });
}
