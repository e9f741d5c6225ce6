/**
 * What judging 1,000 and 10,000 recorded cases costs, by coverage and similarity, with cold and warm vectors: the table of
 * docs/benchmarks.md.
 *   npm run build && node scripts/bench.mjs scoring [--rounds N] [--answers FILE]
 * Cold vectors are kept cheap: all answers are put together from 500 short sentences, five at a time, out of FILE's `answer`s
 * (default: answers of GPT-4 that lie in fixtures/recordings). Linux: costs are counted by /usr/bin/time.
 */
import { cpSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { segmentsOf, wordCount } from '../src/scorers/similarity/segments.ts';
import { type Cost, interleaved, least, measured, medianRss } from './running/measured.ts';

const SENTENCES = 500;
const GOAL_CPU = 20;
const GOAL_MEMORY = 1.3;

const { values } = parseArgs({ options: { rounds: { type: 'string' }, answers: { type: 'string' }, keep: { type: 'boolean' } } });
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'onpar-bench-'));
try {
  const bin = openWorkspace();
  const sentences = sentencesOf(values.answers ?? join(root, 'fixtures/recordings/gpt-4-0314/general.jsonl'));
  for (const cases of [1_000, 10_000]) writeSuite(cases, sentences);
  // 3: inconclusive, 1: below target; both are judged
  const judge = (cases: number) =>
    measured({ node: process.execPath, args: [bin, 'eval', '--offline', '--suite', `n${cases}`], cwd: folder, codes: [0, 1, 3] });
  const cold = await interleaved({ cold: () => judge(1_000) }, 1, '1,000 cases');
  const warm = await interleaved({ small: () => judge(1_000), large: () => judge(10_000) }, Number(values.rounds ?? 3), 'warm');
  print(cold.cold, warm.small, warm.large);
} finally {
  if (values.keep) process.stderr.write(`kept: ${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}

/** Its own copy of the built program: a build in the meantime changes nothing. */
function openWorkspace(): string {
  cpSync(join(root, 'dist'), join(folder, 'package/dist'), { recursive: true });
  for (const link of ['node_modules', 'fixtures']) symlinkSync(join(root, link), join(folder, 'package', link));
  copyFileSync(join(root, 'package.json'), join(folder, 'package/package.json'));
  mkdirSync(join(folder, 'suites'));
  return join(folder, 'package/dist/bin.js');
}

/** Distinct, of 6 to 20 words. */
function sentencesOf(file: string): string[] {
  const found = new Set<string>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n'))
    for (const segment of segmentsOf((JSON.parse(line) as { answer: string }).answer))
      if (/^[A-Z].*[.!?]$/.test(segment) && wordCount(segment) >= 6 && wordCount(segment) <= 20) found.add(segment);
  if (found.size < SENTENCES) throw new Error(`${file} has but ${found.size} sentences of 6 to 20 words`);
  return [...found].slice(0, SENTENCES);
}

/** Baseline and candidate share three of their five sentences; the prompt has two others. */
function writeSuite(cases: number, sentences: readonly string[]): void {
  const pick = (i: number, k: number) => sentences[(i * 7 + k * 131 + Math.floor(i / SENTENCES) * (k + 1) * 17) % SENTENCES]!;
  const answer = (i: number, ks: number[]) => ks.map((k) => pick(i, k)).join(' ');
  const rows = Array.from({ length: cases }, (_, i) => ({
    id: `case-${i}`,
    prompt: answer(i, [7, 8]),
    element: pick(i, 0).match(/[A-Za-z]{5,}/)?.[0] ?? pick(i, 0),
  }));
  const write = (name: string, lines: object[]) =>
    writeFileSync(join(folder, 'suites', name), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  write(`n${cases}.jsonl`, rows);
  for (const [name, ks] of [
    ['baseline', [0, 1, 2, 3, 4]],
    ['candidate', [0, 1, 2, 5, 6]],
  ] as const)
    write(
      `${name}-${cases}.jsonl`,
      rows.map(({ id }, i) => ({ case: id, answer: answer(i, [...ks]) })),
    );
  const models = Object.fromEntries(
    ['baseline', 'candidate'].flatMap((name) =>
      [1_000, 10_000].map((n) => [`${name}-${n}`, { provider: 'file', path: `${name}-${n}.jsonl` }]),
    ),
  );
  writeFileSync(join(folder, 'suites/models.yaml'), JSON.stringify({ models }));
  const suite = {
    name: `n${cases}`,
    capability: 'general',
    baseline: `baseline-${cases}`,
    candidates: [`candidate-${cases}`],
    parity_target: 0.85,
    defaults: { weights: { coverage: 0.5, similarity: 0.5 } },
    dataset: {
      path: `n${cases}.jsonl`,
      case: { name: '{{id}}', prompt: '{{prompt}}', expected_elements: ['{{element}}'] },
    },
  };
  writeFileSync(join(folder, `suites/n${cases}.yaml`), JSON.stringify(suite));
}

function print(cold: Cost[], small: Cost[], large: Cost[]): void {
  const row = (what: string, costs: Cost[]) => [
    what,
    `${least(costs, 'cpu')!.toFixed(2)} s`,
    `${least(costs, 'wall')!.toFixed(2)} s`,
    `${medianRss(costs)!.toFixed(0)} MB`,
  ];
  const rows = [row('1,000 cases, cold (500 sentences to embed)', cold), row('1,000 cases, warm', small), row('10,000 cases, warm', large)];
  const [cpu, growth] = [least(large, 'cpu')!, medianRss(large)! / medianRss(small)!];
  const met = (isMet: boolean) => (isMet ? 'yes' : '**no**');
  const goals = [
    ['10,000 warm cases, CPU', `${cpu.toFixed(1)} s`, `≤ ${GOAL_CPU} s`, met(cpu <= GOAL_CPU)],
    ['peak memory, × 1,000 cases', growth.toFixed(2), `≤ ${GOAL_MEMORY}`, met(growth <= GOAL_MEMORY)],
  ];
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)}`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}; Node ${process.version}.\n`);
  console.log(`${table([['', 'CPU', 'wall', 'peak memory'], ...rows])}\n\n${table([['', 'measured', 'goal', 'met'], ...goals])}`);
}

function table([head, ...rows]: string[][]): string {
  return [head!, head!.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
