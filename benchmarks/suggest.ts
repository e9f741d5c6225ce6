/**
 * What suggested elements are worth: coverage by them against the length-controlled win rate of models that had no part in them.
 *   node scripts/bench.mjs suggest DATA
 * DATA is a folder with prompts.jsonl {id, prompt}, answers.jsonl {id, model, answer} and leaderboard.csv, as made from the outputs
 * of AlpacaEval 2 (CC-BY-NC, so none of it is here). The samples are the answers of three versions of GPT-4; they and the two
 * prompt variants of one of them are left out of the correlation. Prompts are split by sha256 of their id into two halves: what was
 * changed after looking at a number was looked at in the first half only.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findText } from '../src/scorers/elements/text.ts';
import { keysOf, othersOf, suggestElements, type Suggestion } from '../src/verbs/suggest-elements.ts';

const SAMPLES = ['gpt4_1106_preview', 'gpt-4-0125-preview', 'gpt-4-turbo-2024-04-09'];
const SAME_MODEL = ['gpt4_1106_preview_verbose', 'gpt4_1106_preview_concise'];

const [data, half = 'both'] = process.argv.slice(2);
if (data === undefined) throw new Error('usage: node scripts/bench.mjs suggest DATA [first|second]');
const prompts = new Map(readLines<{ id: string; prompt: string }>('prompts.jsonl').map(({ id, prompt }) => [id, prompt]));
const answers = new Map<string, Map<string, string>>();
for (const { id, model, answer } of readLines<{ id: string; model: string; answer: string }>('answers.jsonl'))
  answers.set(model, (answers.get(model) ?? new Map<string, string>()).set(id, answer));
const board = new Map(
  readFileSync(join(data, 'leaderboard.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((row) => row.split(','))
    .flatMap(([model = '', role, rate = '']): [string, number][] => (role === 'candidate' && rate !== '' ? [[model, Number(rate)]] : [])),
);
const models = [...board.keys()].filter((model) => ![...SAMPLES, ...SAME_MODEL].includes(model));
const isFirst = (id: string) => createHash('sha256').update(id).digest().readUInt8(0) < 128;

const keys = new Map([...prompts.keys()].map((id) => [id, keysOf(answerOf(SAMPLES[0]!, id))]));
const counts = new Map<string, number>();
for (const own of keys.values()) for (const key of own) counts.set(key, (counts.get(key) ?? 0) + 1);

for (const name of half === 'both' ? ['first', 'second'] : [half])
  measure(
    name,
    [...prompts.keys()].filter((id) => isFirst(id) === (name === 'first')),
  );

function measure(name: string, ids: readonly string[]): void {
  const suggested = new Map(ids.map((id) => [id, suggest(id, SAMPLES)]));
  const withAny = ids.filter((id) => suggested.get(id)!.length > 0);
  const elements = withAny.reduce((sum, id) => sum + suggested.get(id)!.length, 0);
  const leftOut = withAny.flatMap((id) =>
    SAMPLES.flatMap((left) => {
      const found = suggest(
        id,
        SAMPLES.filter((sample) => sample !== left),
      );
      return found.length === 0 ? [] : [coverage(found, answerOf(left, id))];
    }),
  );
  console.log(`\n${name} half: ${ids.length} prompts, ${withAny.length} with suggestions, ${(elements / withAny.length).toFixed(1)} each`);
  console.log(`  samples, leave-one-out     ${mean(leftOut).toFixed(3)}`);
  console.log(
    `  samples, by their own      ${mean(withAny.flatMap((id) => SAMPLES.map((s) => coverage(suggested.get(id)!, answerOf(s, id))))).toFixed(3)}`,
  );
  const covered = new Map(
    [...models, ...SAME_MODEL].map((model) => [model, mean(withAny.map((id) => coverage(suggested.get(id)!, answerOf(model, id))))]),
  );
  for (const [model, value] of [...covered].sort((a, b) => b[1] - a[1]))
    console.log(
      `  ${model.padEnd(36)} ${value.toFixed(3)}  ${(board.get(model) ?? NaN).toFixed(1)}${SAME_MODEL.includes(model) ? '  (left out below)' : ''}`,
    );
  const rho = spearman(
    models.map((model) => covered.get(model)!),
    models.map((model) => board.get(model)!),
  );
  const other = mean(withAny.map((id, i) => coverage(suggested.get(id)!, answerOf(SAMPLES[0]!, withAny[(i + 1) % withAny.length]!))));
  const echo = mean(withAny.map((id) => coverage(suggested.get(id)!, prompts.get(id)!)));
  console.log(`  answers to another prompt ${other.toFixed(3)}, the prompt itself ${echo.toFixed(3)}`);
  console.log(`  Spearman with the win rate over ${models.length} models: ${rho.toFixed(3)}`);
}

function suggest(id: string, from: readonly string[]): Suggestion[] {
  const texts = from.map((model) => answerOf(model, id));
  return suggestElements(prompts.get(id)!, texts, othersOf(counts, prompts.size, keys.get(id)!));
}

function answerOf(model: string, id: string): string {
  return answers.get(model)?.get(id) ?? '';
}

function coverage(suggested: readonly Suggestion[], answer: string): number {
  return mean(suggested.map(({ texts }) => (texts.some((text) => findText(text, answer).length > 0) ? 1 : 0)));
}

function readLines<T>(file: string): T[] {
  return readFileSync(join(data!, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** Tied values share their mean rank. */
function spearman(x: readonly number[], y: readonly number[]): number {
  const ranks = (of: readonly number[]) => of.map((v) => of.filter((o) => o < v).length + of.filter((o) => o === v).length / 2);
  const [a, b] = [ranks(x), ranks(y)];
  const [ma, mb] = [mean(a), mean(b)];
  const product = (u: number[], mu: number, v: number[], mv: number) => u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
