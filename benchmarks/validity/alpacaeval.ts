/**
 * Does parity rank real models as people's judges do? AlpacaEval 2 outputs (CC-BY-NC-4.0: read from a folder, measured, never shown):
 * prompts.jsonl, answers.jsonl, elements.jsonl, leaderboard.csv. Both GPT-4 answers are baseline samples.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Embedder } from '../../src/record.ts';
import type { Pair } from '../../src/verdict/bounds.ts';
import { degenerate, type Degenerate } from './degenerate.ts';
import { readLines, readRows } from './input.ts';
import { similarities } from './similarities.ts';
import { mean, spearman } from './statistics.ts';

export const SAMPLES = ['gpt4_1106_preview', 'gpt-4-0125-preview'] as const;
/** Answers made to cheat a judge. */
export const GAMED = ['gpt4_gamed', 'NullModel'];
const CASES = 60;
const FEWEST_STEMS = 4;

interface Item {
  id: string;
  prompt: string;
  stems: string[];
}
type AnswerTable = Map<string, Map<string, string>>;

export interface AlpacaData {
  /** in the order of sha256(id) */
  items: Item[];
  answers: AnswerTable;
  /** length-controlled win rate of each candidate, per cent */
  board: Map<string, number>;
}

export interface AlpacaRow {
  /** a model, or in parentheses a kind of degenerate answer, made from the second sample's */
  name: string;
  parity: number;
  /** mean of the informative cases */
  similarity: number;
  coverage: number;
  /** per cent; null for what is not on the leaderboard */
  winRate: number | null;
  cases: Pair[];
}

export interface AlpacaResult {
  cases: number;
  rows: AlpacaRow[];
  /** between parity and win rate, over the candidates that have one */
  spearman: number;
}

export function readAlpacaEval(folder: string): AlpacaData {
  const prompts = new Map(readLines<{ id: string; prompt: string }>(join(folder, 'prompts.jsonl')).map(({ id, prompt }) => [id, prompt]));
  const order = (id: string) => createHash('sha256').update(id).digest('hex');
  const items = readLines<{ id: string; stems: string[] }>(join(folder, 'elements.jsonl'))
    .filter(({ stems }) => stems.length >= FEWEST_STEMS)
    .sort((a, b) => (order(a.id) < order(b.id) ? -1 : 1))
    .map(({ id, stems }) => ({ id, stems, prompt: prompts.get(id)! }));
  const answers: AnswerTable = new Map();
  for (const { id, model, answer } of readLines<{ id: string; model: string; answer: string }>(join(folder, 'answers.jsonl'))) {
    if (!answers.has(model)) answers.set(model, new Map());
    answers.get(model)!.set(id, answer);
  }
  const rated = readRows(join(folder, 'leaderboard.csv')).filter(([, role, rate]) => role === 'candidate' && rate !== '');
  return { items, answers, board: new Map(rated.map(([model, , rate]) => [model!, Number(rate)])) };
}

/** The models of the table, and every kind of degenerate answer; `set` 0 is the first 60 cases, 1 the next 60. */
export async function measureAlpacaEval(data: AlpacaData, set: number, embedder: Embedder): Promise<AlpacaResult> {
  const items = data.items.slice(set * CASES, (set + 1) * CASES);
  const models = [...data.answers.keys()].filter((model) => model !== SAMPLES[0]);
  const rows: AlpacaRow[] = [];
  for (const name of [...models, ...Object.keys(degenerate).map((kind) => `(${kind})`)]) {
    const judged = await judge(name, items, data.answers, embedder);
    rows.push({ name, ...judged, winRate: data.board.get(name) ?? null });
  }
  rows.sort((a, b) => b.parity - a.parity);
  const ranked = rows.filter((row) => row.winRate !== null);
  const sides = [ranked.map((row) => row.parity), ranked.map((row) => row.winRate!)] as const;
  return { cases: items.length, rows, spearman: spearman(...sides) };
}

async function judge(name: string, items: Item[], answers: AnswerTable, embedder: Embedder) {
  const isSample = (SAMPLES as readonly string[]).indexOf(name);
  const asked = items.map((item, i) => ({
    id: item.id,
    prompt: item.prompt,
    samples: SAMPLES.map((sample) => answers.get(sample)!.get(item.id)!),
    text: textOf(name, item, items[(i + 1) % items.length]!, answers),
    isSample: isSample < 0 ? null : isSample,
  }));
  const found = await similarities(asked, embedder);
  const hits = asked.map(({ text }, i) => coverage(items[i]!, text));
  const quality = (k: number, s: number | null) => (s === null ? k : 0.5 * k + 0.5 * s);
  const cases = asked.map(({ samples, text }, i): Pair => {
    const baseline = quality(mean(samples.map((sample) => coverage(items[i]!, sample))), found[i]!.baseline);
    return { baseline, candidate: text === '' ? 0 : quality(hits[i]!, found[i]!.candidate) };
  });
  return {
    parity: mean(cases.map((one) => one.candidate)) / mean(cases.map((one) => one.baseline)),
    similarity: mean(found.flatMap(({ candidate }) => (candidate === null ? [] : [candidate]))),
    coverage: mean(hits),
    cases,
  };
}

function textOf(name: string, item: Item, next: Item, answers: AnswerTable): string {
  if (!name.startsWith('(')) return answers.get(name)!.get(item.id)!;
  const second = answers.get(SAMPLES[1])!;
  return degenerate[name.slice(1, -1) as Degenerate]({ prompt: item.prompt, own: second.get(item.id)!, other: second.get(next.id)! });
}

/** Share of the stems that start a word of the answer, 0..1. */
function coverage({ stems }: Item, answer: string): number {
  return mean(
    stems.map((stem) => (new RegExp(`\\b${stem.replaceAll("'", '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'i').test(answer) ? 1 : 0)),
  );
}
