/** Cost and return as text for the terminal, as Markdown and as JSON. Nothing here computes a result. */
import type { ClaimCheck, CostInput, CostOutcome, CostReport, Span } from '../record.ts';
import { byEnding } from './by-ending.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { painter, wrap } from './terminal.ts';
import { oneLine, words } from './text.ts';

/** `$1,500.00`, `−$20,253.21`; cents are left off where `digits` is 0. */
export function money(value: number, digits = 2): string {
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${value < 0 && Number(text.replaceAll(',', '')) !== 0 ? '−' : ''}$${text}`;
}

const months = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} months`);
const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1).replace('-', '−')} %`);
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 4 });
const span = ({ low, high }: Span, show: (value: number) => string) => (low === high ? show(low) : `${show(low)} to ${show(high)}`);

const NAMES: Partial<Record<CostInput, string>> = {
  baseline_usd_per_month: "baseline's bill, USD a month",
  local_usd_per_month: 'local running cost, USD a month',
  input_usd_per_million: 'input, USD a million tokens',
  output_usd_per_million: 'output, USD a million tokens',
  machine_usd_per_hour: 'machine, USD an hour',
  machine_hours_per_month: 'machine, hours a month',
  machine_watts: 'machine, watts',
  usd_per_kwh: 'power, USD a kWh',
  hardware_usd: 'hardware, USD',
  hardware_years: 'hardware lasts, years',
  development_usd: 'development, USD',
  horizon_years: 'horizon, years',
  discount_rate: 'discount rate a year',
};
const nameOf = (input: CostInput) => NAMES[input] ?? words(input);

const ROWS: [string, (one: CostOutcome) => string][] = [
  ['baseline a month', (one) => money(one.baseline_usd_per_month)],
  ['local a month', (one) => money(one.local_usd_per_month)],
  ['savings a month', (one) => money(one.savings_usd_per_month)],
  ['cost reduction', (one) => percent(one.cost_reduction)],
  ['investment', (one) => money(one.investment_usd)],
  ['break-even', (one) => months(one.break_even_months)],
  ['net present value', (one) => money(one.npv_usd)],
];

const FOLLOWS = { all: 'follows', in_part: 'follows in part', not: 'does not follow' };

function claimSentence({ claim, claimed, best, worst, follows, savings_needed, volume_needed }: ClaimCheck, baseline: number): string {
  const show = claim === 'npv_usd' ? (value: number) => money(value, 0) : (value: number) => `${Number(value.toFixed(1))} months`;
  const told = (value: number | null) => (value === null ? 'never' : show(value));
  const name = claim === 'npv_usd' ? 'net present value' : 'break-even';
  const head = `${name}: claimed ${span(claimed, show)}, computed ${told(best)} at best and ${told(worst)} at worst: it ${FOLLOWS[follows]}`;
  if (follows === 'all') return head;
  const times =
    volume_needed &&
    ` (a bill of ${span(volume_needed, (value) => `${value.toFixed(1)}×`)} of today's ${money(baseline, 0)} at the same local cost)`;
  return `${head}. It would need savings of ${span(savings_needed, (value) => money(value, 0))} a month${times ?? ''}`;
}

const claimSentences = ({ claims, middle }: CostReport) => claims.map((claim) => claimSentence(claim, middle.baseline_usd_per_month));

/** Text of at most `width` columns (72 to 100), ending in a line break. */
export function costText(report: CostReport, options: { width: number; colour: boolean }): string {
  const { plan, best, middle, worst, sensitivity } = report;
  const width = Math.max(72, Math.min(100, options.width));
  const paint = painter(options.colour);
  const rule = paint('─'.repeat(width), 'dim');
  const cells = (all: readonly string[]) => all.map((cell) => cell.padStart(17)).join('');
  const inputs = Object.entries(plan.inputs).map(([name, value]) => {
    const from = plan.from[name as CostInput];
    return `${nameOf(name as CostInput).padEnd(40)}${span(value, number)}${from === undefined ? '' : `  (${oneLine(from, 120)})`}`;
  });
  const moved = sensitivity.map((one) => {
    const name = `${nameOf(one.input)} ${number(one.low)} to ${number(one.high)}${one.assumed ? ' *' : ''}`;
    return `${oneLine(name, width - 32).padEnd(width - 30)}${money(one.npv_at_low, 0).padStart(15)}${money(one.npv_at_high, 0).padStart(15)}`;
  });
  const { claimed } = plan;
  const claims = claimSentences(report).flatMap((sentence) => wrap(sentence, width - 2).map((line, i) => `${i === 0 ? '' : '  '}${line}`));
  return [
    ...inputs.flatMap((line) => wrapInput(line, width)).map((line) => paint(line, 'dim')),
    rule,
    paint(`${''.padEnd(20)}${cells(['best', 'middle', 'worst'])}`, 'dim'),
    ...ROWS.map(([name, of]) => `${name.padEnd(20)}${cells([of(best), of(middle), of(worst)])}`),
    rule,
    paint(`${'what the present value hangs on'.padEnd(width - 30)}${'at the lower'.padStart(15)}${'at the higher'.padStart(15)}`, 'dim'),
    ...moved,
    ...(sensitivity.some(({ assumed }) => assumed)
      ? [paint('* one number, moved by 20 % either way; the others stay in the middle', 'dim')]
      : []),
    ...(claimed === null ? [] : [rule, paint(`claimed by ${oneLine(claimed.source, 100)}`, 'dim'), ...claims]),
    '',
  ].join('\n');
}

/** The name's column stays; only what follows is wrapped. */
const wrapInput = (line: string, width: number) =>
  wrap(line.slice(40), width - 40).map((part, i) => (i === 0 ? line.slice(0, 40) : ' '.repeat(40)) + part);

function costMarkdown(report: CostReport): string {
  const { plan, best, middle, worst, sensitivity } = report;
  const inputs = Object.entries(plan.inputs).map(([name, value]) => [
    markdownText(nameOf(name as CostInput)),
    span(value, number),
    markdownText(plan.from[name as CostInput] ?? plan.file),
  ]);
  const rows = ROWS.map(([name, of]) => [name, of(best), of(middle), of(worst)]);
  const moved = sensitivity.map((one) => [
    markdownText(nameOf(one.input)),
    `${number(one.low)} to ${number(one.high)}${one.assumed ? ' (± 20 %)' : ''}`,
    money(one.npv_at_low),
    money(one.npv_at_high),
  ]);
  const claims = claimSentences(report).map((sentence) => `- ${markdownText(sentence, 600)}`);
  return `${[
    '## onpar: cost and return',
    markdownTable(['', 'best', 'middle', 'worst'], rows, [1, 2, 3]),
    markdownTable(['what the present value hangs on', 'moved', 'at the lower', 'at the higher'], moved, [2, 3]),
    ...(claims.length === 0 ? [] : [`Claimed by ${markdownText(plan.claimed?.source ?? '')}:`, claims.join('\n')]),
    markdownTable(['input', 'value', 'from'], inputs, [1]),
  ].join('\n\n')}\n`;
}

const REPORTERS: Record<string, (report: CostReport) => string> = {
  '.md': costMarkdown,
  '.json': (report) => `${JSON.stringify(report, null, 2)}\n`,
};

/** By the ending of the file. Throws InputError for one that there is none for. */
export const costReporterFor = (file: string): ((report: CostReport) => string) => byEnding(REPORTERS, file, 'cost report');
