/**
 * Does similarity see through answers that are none? Arena-Hard-Auto (lmarena/arena-hard-auto @ 196f6b8, Apache-2.0): gpt-4-0314 and its next
 * version are the baseline's samples, gpt-3.5-turbo-0125 is the candidate whose answers are spoilt.
 */
import { join } from 'node:path';
import type { Embedder } from '../../src/record.ts';
import { degenerate } from './degenerate.ts';
import { folderOf, type Input, readLines } from './input.ts';
import { similarities } from './similarities.ts';
import { mean, quantile } from './statistics.ts';

export const BASELINE = ['gpt-4-0314', 'gpt-4-0613'] as const;
export const CANDIDATE = 'gpt-3.5-turbo-0125';

interface ArenaCase {
  id: string;
  prompt: string;
  /** by model */
  answers: Record<string, string>;
}

export interface ArenaRow {
  name: string;
  /** over the cases where similarity says something, 0..1 */
  mean: number;
  /** the value that one case in twenty is above */
  p95: number;
  /** share of cases where it says nothing, 0..1 */
  silent: number;
}

export interface ArenaResult {
  isShipped: boolean;
  cases: number;
  /** models first, then what was made of the candidate's answers */
  rows: ArenaRow[];
}

/** The 250 prompts of the folder where one is given, else the 130 that are shipped. */
export async function measureArena(input: Input, embedder: Embedder): Promise<ArenaResult> {
  const folder = folderOf(input, 'arena-hard');
  const cases = folder === null ? readShipped(input.root) : readFolder(folder);
  const samples = (one: ArenaCase) => BASELINE.map((model) => one.answers[model] ?? '');
  const rows: ArenaRow[] = [];
  async function add(name: string, textOf: (one: ArenaCase, index: number) => string, isSample: number | null = null): Promise<void> {
    const asked = cases.map((one, i) => ({ id: one.id, prompt: one.prompt, samples: samples(one), text: textOf(one, i), isSample }));
    rows.push(
      rowOf(
        name,
        (await similarities(asked, embedder)).map(({ candidate }) => candidate),
      ),
    );
  }
  for (const [i, model] of BASELINE.entries()) await add(model, (one) => one.answers[model] ?? '', i);
  const own = (one: ArenaCase) => one.answers[CANDIDATE] ?? '';
  await add(CANDIDATE, own);
  for (const [kind, make] of Object.entries(degenerate)) {
    // half the set away: neighbours are about one subject
    const other = (i: number) => own(cases[(i + (cases.length >> 1)) % cases.length] as ArenaCase);
    await add(kind, (one, i) => make({ prompt: one.prompt, own: own(one), other: other(i) }));
  }
  return { isShipped: folder === null, cases: cases.length, rows };
}

function rowOf(name: string, values: readonly (number | null)[]): ArenaRow {
  const known = values.filter((value) => value !== null);
  return { name, mean: mean(known), p95: quantile(known, 0.95), silent: 1 - known.length / values.length };
}

const MODELS = [...BASELINE, CANDIDATE];

function readFolder(folder: string): ArenaCase[] {
  const read = (model: string) => readLines<{ id: string; output: string }>(join(folder, 'answers', `${model}.jsonl`));
  const said = MODELS.map((model) => [model, new Map(read(model).map((line) => [line.id, line.output]))] as const);
  return readLines<{ id: string; prompt: string }>(join(folder, 'prompts.jsonl')).map(({ id, prompt }) => ({
    id,
    prompt,
    answers: Object.fromEntries(said.map(([model, texts]) => [model, texts.get(id) ?? ''])),
  }));
}

interface Recorded {
  case: string;
  messages: { content: string }[];
  answer: string;
}

function readShipped(root: string): ArenaCase[] {
  const said = MODELS.map((model) => [model, readLines<Recorded>(join(root, `fixtures/recordings/${model}/general.jsonl`))] as const);
  const byCase = said.map(([model, lines]) => [model, new Map(lines.map((line) => [line.case, line.answer]))] as const);
  return (said[0]?.[1] ?? []).map((line) => ({
    id: line.case,
    prompt: line.messages.map((message) => message.content).join('\n'),
    answers: Object.fromEntries(byCase.map(([model, texts]) => [model, texts.get(line.case) ?? ''])),
  }));
}
