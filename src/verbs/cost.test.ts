/** `onpar cost` on the shipped example, against the numbers worked by hand in docs/cost.md. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CostReport } from '../record.ts';
import { makeProject, run } from './test-project.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'onpar-cost-'));

async function reportOf(...args: string[]): Promise<CostReport> {
  const file = join(folder, 'cost.json');
  expect(await run(root, ['cost', ...args, '-o', file])).toMatchObject({ code: 0, err: '' });
  return JSON.parse(readFileSync(file, 'utf8')) as CostReport;
}

/** `−$20,248.57` → −20248.57, `32.86 months` → 32.86 */
const numberIn = (cell: string) => Number(/[−$\d][^\s]*/.exec(cell)?.[0].replace('−', '-').replace(/[$,]/g, ''));

test('the numbers worked by hand in docs/cost.md agree to the cent', async () => {
  const docs = readFileSync(join(root, 'docs/cost.md'), 'utf8');
  const rows = [...docs.matchAll(/^\| ([^|]+) \| [^|]+ \| (−?\$[^|]+|[\d.]+ months) \|$/gm)].map(([, name = '', cell = '']) => [
    name,
    numberIn(cell),
  ]);
  const { best, worst, claims } = await reportOf();
  const [breakEven, value] = claims;
  const computed: Record<string, number | null | undefined> = {
    'savings a month': best.savings_usd_per_month,
    'investment, least': best.investment_usd,
    'investment, most': worst.investment_usd,
    'break-even, best': best.break_even_months,
    'break-even, worst': worst.break_even_months,
    'present value of the savings': best.npv_usd + best.investment_usd,
    'net present value, best': best.npv_usd,
    'net present value, worst': worst.npv_usd,
    'savings needed for break-even in 18 months, least investment': breakEven?.savings_needed.low,
    'savings needed for break-even in 6 months, most investment': breakEven?.savings_needed.high,
    'savings needed for a value of 150,000, least investment': value?.savings_needed.low,
    'savings needed for a value of 400,000, most investment': value?.savings_needed.high,
  };
  expect(rows).toEqual(Object.entries(computed).map(([name, number]) => [name, Number(number?.toFixed(2))]));
  expect(claims.map(({ claim, follows }) => [claim, follows])).toEqual([
    ['break_even_months', 'not'],
    ['npv_usd', 'not'],
  ]);
});

test('the sentences of docs/cost.md about hardware that the bill already holds', async () => {
  const { best, worst } = await reportOf('--hardware', '0');
  const figures = [best.break_even_months, worst.break_even_months, best.npv_usd, worst.npv_usd].map((one) => Math.round(one ?? NaN));
  expect(figures).toEqual([21, 43, 19_751, 4_751]);
});

test('a use at a list price takes the place of the bill', async () => {
  const { middle, plan } = await reportOf(
    '--volume',
    '1000000',
    '--input-tokens',
    '500',
    '--output-tokens',
    '100',
    '--price-of',
    'gpt-4.1',
  );
  // 1e6 · (500 · 2 + 100 · 8) / 1e6
  expect(middle.baseline_usd_per_month).toBeCloseTo(1800, 9);
  expect(plan.from.input_usd_per_million).toContain('gpt-4.1');
});

test('tokens come from the answers of a run, each counted once', async () => {
  const { code } = await run(root, ['eval', '--suite', 'local', '--offline', '--out', join(folder, 'reports')]);
  expect(code).toBe(1);
  const { plan } = await reportOf('--run', join(folder, 'reports/latest'), '--volume', '10', '--price-of', 'gpt-4.1-mini');
  const lines = readFileSync(join(root, 'fixtures/recordings/smollm2/local.jsonl'), 'utf8').trim().split('\n');
  const usage = lines.map((line) => (JSON.parse(line) as { usage: { output_tokens: number } }).usage);
  expect(plan.inputs.output_tokens_per_request?.low).toBeCloseTo(usage.reduce((sum, one) => sum + one.output_tokens, 0) / usage.length, 9);
});

test.each([
  ['a use without a price', ['--volume', '5'], 'not known'],
  ['a bill and a use at once', ['--volume', '5', '--baseline-per-month', '10'], 'another'],
  ['an amount that is none', ['--hardware', 'much'], 'no amount'],
  ['a range from high to low', ['--hardware', '9-3'], 'no amount'],
  ['a model without a list price', ['--volume', '5', '--input-tokens', '1', '--output-tokens', '1', '--price-of', 'qwq-32b'], 'list price'],
  ['an ending that no cost report has', ['-o', 'x.pdf'], 'ending'],
  ['a word', ['other.yaml'], 'write --file other.yaml'],
  ['tokens of a use beside the bill of the file', ['--input-tokens', '5'], 'requests per month'],
  ['hardware that lasts no time', ['--hardware-years', '0.0000000001'], 'from 0.25 to 100'],
  ['a horizon beyond all sense', ['--years', '999999999999'], 'from 0.25 to 100'],
])('%s is refused with 2', async (_, args, what) => {
  const { code, err } = await run(root, ['cost', ...args]);
  expect(code).toBe(2);
  expect(err).toContain(what);
});

test('a slip in the file has its place', async () => {
  const project = makeProject("  - { name: a, prompt: 'b', expected_elements: [c] }\n", { today: { a: ['c'] }, tomorrow: { a: ['c'] } });
  writeFileSync(join(project, 'suites/cost.yaml'), 'baseline: { usd_per_month: 10 }\nlocal:\n  hardwear_usd: 4\n  watts: [3, 2]\n');
  const { code, err } = await run(project, ['cost']);
  expect(code).toBe(2);
  expect(err).toContain('suites/cost.yaml:3:3  unknown key "hardwear_usd"');
  expect(err).toContain('did you mean "hardware_usd"?');
  expect(err).toContain('suites/cost.yaml:4:10');
  // and the folder's suites are still found: the file is none of them
  writeFileSync(join(project, 'suites/cost.yaml'), 'baseline: { usd_per_month: 10 }\n');
  expect((await run(project, ['check'])).err).not.toContain('cost.yaml');
});
