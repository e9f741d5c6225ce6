/**
 * Does parity rank real models as people's judges do, and give the same numbers as when the formulas were measured?
 * AlpacaEval 2 outputs (CC-BY-NC-4.0: read from a folder of yours, never committed): prompts.jsonl, answers.jsonl,
 * elements.jsonl, leaderboard.csv. 60 cases, both GPT-4 answers as baseline samples.
 *
 *     node scripts/bench.mjs alpacaeval --data DIR        (or ONPAR_ALPACAEVAL=DIR)
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultFolders, openEmbedder } from '../src/embed/index.ts';
import type { Answer, Case, Embedder, ScoringCase } from '../src/record.ts';
import { similarity } from '../src/scorers/similarity.ts';

const SAMPLES = ['gpt4_1106_preview', 'gpt-4-0125-preview'];
const CASES = 60;
/** Parity, mean similarity and mean coverage as first measured; another implementation may differ by 0.05 at most. */
const REFERENCE: Record<string, [parity: number, similarity: number, coverage: number]> = {
  'gpt-4-0125-preview': [0.959, 0.919, 0.995],
  'gpt-4-turbo-2024-04-09': [0.953, 0.905, 0.997],
  gpt4_1106_preview_verbose: [0.893, 0.923, 0.857],
  '(first 50 %)': [0.839, 0.946, 0.729],
  gpt4_1106_preview_concise: [0.78, 0.846, 0.711],
  'Qwen2-72B-Instruct': [0.688, 0.753, 0.619],
  gpt4_0613: [0.664, 0.739, 0.586],
  'Meta-Llama-3.1-70B-Instruct-Turbo': [0.66, 0.713, 0.604],
  'Mixtral-8x7B-Instruct-v0.1': [0.641, 0.688, 0.59],
  '(first 25 %)': [0.607, 0.765, 0.446],
  'Meta-Llama-3-8B-Instruct': [0.532, 0.582, 0.479],
  'vicuna-13b': [0.424, 0.51, 0.336],
  'gemma-2b-it': [0.303, 0.328, 0.276],
  '(first 10 %)': [0.262, 0.347, 0.176],
  'falcon-7b-instruct': [0.257, 0.314, 0.199],
  'alpaca-7b': [0.233, 0.291, 0.174],
  gpt4_gamed: [0.09, 0.09, 0.091],
  '(the prompt itself)': [0.017, 0, 0.034],
  '(answers to other prompts)': [0.009, 0, 0.019],
  NullModel: [0.006, 0, 0.013],
  '(empty answers)': [0, 0, 0],
};
const TOLERANCE = 0.05;

interface Item {
  id: string;
  prompt: string;
  stems: string[];
}
type AnswerTable = Map<string, Map<string, string>>;

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const data = values.data ?? process.env['ONPAR_ALPACAEVAL'];
if (data === undefined) throw new Error('say where the AlpacaEval data is: --data DIR or ONPAR_ALPACAEVAL=DIR');
const items = readItems(data);
const answers = readAnswers(data);
const embedder = await openEmbedder({ name: 'all-MiniLM-L6-v2', ...defaultFolders(process.env) });
console.log(`${items.length} cases, ${embedder.note}\n`);
console.log(`${'model'.padEnd(36)}      P   (ref)      S   (ref)      K   (ref)   P-ref`);
const parities = new Map<string, number>();
let worst = 0;
for (const [model, reference] of Object.entries(REFERENCE)) {
  const judged = await judge(model, embedder);
  parities.set(model, judged[0]);
  worst = Math.max(worst, Math.abs(judged[0] - reference[0]));
  const cells = judged.map((value, i) => `${value.toFixed(3).padStart(7)} (${reference[i]!.toFixed(3)})`);
  console.log([model.padEnd(36), ...cells, (judged[0] - reference[0]).toFixed(3).padStart(7)].join(''));
}
await embedder.close();
const board = readLeaderboard(data);
const ranked = [...board.keys()].filter((model) => parities.has(model));
const rho = spearman(
  ranked.map((model) => parities.get(model)!),
  ranked.map((model) => board.get(model)!),
);
console.log(`\nSpearman with the length-controlled win rate over ${ranked.length} candidates: ${rho.toFixed(3)} (reference 0.972)`);
console.log(`largest difference of a parity: ${worst.toFixed(3)} (at most ${TOLERANCE})`);
process.exitCode = worst <= TOLERANCE ? 0 : 1;

/** Parity, mean similarity and mean coverage of one model, or of one made-up kind of answer in parentheses. */
async function judge(model: string, embedder: Embedder): Promise<[number, number, number]> {
  const cases = items.map((item, i) => scoringCase(model, item, i));
  const results = cases.map(await similarity({ cases: cases.map((entry) => entry.case), answered: cases }, { embedder }));
  const similarities = results.map((result) => result.candidate);
  const hits = cases.map((entry, i) => coverage(items[i]!, entry.candidate.answer));
  const baselineHits = cases.map((entry, i) => mean(entry.samples.map(({ answer }) => coverage(items[i]!, answer))));
  const quality = (k: number, s: number | null) => (s === null ? k : 0.5 * k + 0.5 * s);
  const candidate = hits.map((k, i) => (cases[i]!.candidate.answer === '' ? 0 : quality(k, similarities[i]!)));
  const baseline = baselineHits.map((k, i) => quality(k, results[i]!.baseline));
  return [mean(candidate) / mean(baseline), mean(similarities.filter((value) => value !== null)), mean(hits)];
}

function scoringCase(model: string, item: Item, index: number): ScoringCase {
  const samples = SAMPLES.map((name, sample) => answerOf(name, item, sample, answers.get(name)!.get(item.id)!));
  const text = candidateText(model, item, index);
  const at = { file: 'alpacaeval', line: 1, column: 1 };
  const common: Omit<Case, 'name' | 'messages'> = {
    elements: [],
    read: null,
    weights: {},
    params: {},
    tags: [],
    critical: false,
    language: null,
    at,
  };
  return {
    case: { ...common, name: item.id, messages: [{ role: 'user', content: item.prompt }] },
    samples,
    candidate: answerOf(model, item, 0, text),
    candidate_is_sample: SAMPLES.includes(model) ? SAMPLES.indexOf(model) : null,
  };
}

function candidateText(model: string, item: Item, index: number): string {
  const second = (id: string) => answers.get(SAMPLES[1]!)!.get(id)!;
  const share = /^\(first (\d+) %\)$/.exec(model)?.[1];
  if (share !== undefined) return second(item.id).slice(0, Math.floor((second(item.id).length * Number(share)) / 100));
  if (model === '(the prompt itself)') return item.prompt;
  if (model === '(answers to other prompts)') return second(items[(index + 1) % items.length]!.id);
  if (model === '(empty answers)') return '';
  return answers.get(model)!.get(item.id)!;
}

function answerOf(model: string, item: Item, sample: number, answer: string): Answer {
  const unknown = {
    why: null,
    reasoning: null,
    finish_reason: null,
    usage: null,
    timings: null,
    reported_model: null,
    source: null,
    licence: null,
    call: null,
  };
  return { model, case: item.id, sample, state: answer === '' ? 'empty' : 'ok', answer, origin: 'file', ...unknown };
}

/** Share of the stems that start a word of the answer, 0..1. */
function coverage({ stems }: Item, answer: string): number {
  return mean(
    stems.map((stem) => (new RegExp(`\\b${stem.replaceAll("'", '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'i').test(answer) ? 1 : 0)),
  );
}

/** The cases with four stems or more that come first in the order of sha256(id). */
function readItems(dir: string): Item[] {
  const prompts = new Map(readLines<{ id: string; prompt: string }>(dir, 'prompts.jsonl').map(({ id, prompt }) => [id, prompt]));
  const order = (id: string) => createHash('sha256').update(id).digest('hex');
  return readLines<{ id: string; stems: string[] }>(dir, 'elements.jsonl')
    .filter(({ stems }) => stems.length >= 4)
    .sort((a, b) => (order(a.id) < order(b.id) ? -1 : 1))
    .slice(0, CASES)
    .map(({ id, stems }) => ({ id, stems, prompt: prompts.get(id)! }));
}

function readAnswers(dir: string): AnswerTable {
  const table: AnswerTable = new Map();
  for (const { id, model, answer } of readLines<{ id: string; model: string; answer: string }>(dir, 'answers.jsonl')) {
    if (!table.has(model)) table.set(model, new Map());
    table.get(model)!.set(id, answer);
  }
  return table;
}

/** Length-controlled win rate of each candidate. */
function readLeaderboard(dir: string): Map<string, number> {
  const rows = readFileSync(join(dir, 'leaderboard.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  const cells = rows.map((row) => row.split(',')).filter(([, role, rate]) => role === 'candidate' && rate !== '');
  return new Map(cells.map(([model, , rate]) => [model!, Number(rate)]));
}

function readLines<T>(dir: string, file: string): T[] {
  return readFileSync(join(dir, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function spearman(x: number[], y: number[]): number {
  const [a, b] = [ranks(x), ranks(y)];
  const [ma, mb] = [mean(a), mean(b)];
  const product = (u: number[], mu: number, v: number[], mv: number) => u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}

/** Tied values share their mean rank. */
function ranks(values: number[]): number[] {
  return values.map((value) => values.filter((other) => other < value).length + values.filter((other) => other === value).length / 2);
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
