/** Cases as inert, compressed text: an index of rows that the list needs, and chunks of whole cases opened one at a time. */
import { gzipSync } from 'node:zlib';
import type { CaseResult, Results } from '../../record.ts';
import { oneLine, promptText } from '../text.ts';
import type { Index, Row } from './page/types.ts';

/** The most cases one report.html shows. */
export const MOST_CASES = 10_000;
const CHUNK_CASES = 50;
const CHUNK_CHARACTERS = 400_000;
/** of a prompt that the list searches */
const PROMPT_CHARACTERS = 4_000;

/** JSON that is pure ASCII where it matters (lone surrogates are escaped), gzipped without a date, in base64. */
const pack = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');

/** Failures first until the page is full; what is kept stays in the order of the run. */
export function* chooseCases(results: Results, most = MOST_CASES): Generator<CaseResult> {
  let failures = 0;
  if (results.length > most) for (const { verdict } of results) if (verdict !== 'PASS') failures++;
  let passes = Math.max(0, most - failures);
  let left = most;
  for (const result of results) {
    if (left === 0) return;
    if (result.verdict === 'PASS' && passes-- <= 0) continue;
    left--;
    yield result;
  }
}

/** The index, the chunks and how many cases they hold. */
export function packCases(results: Results): { index: string; chunks: { id: string; data: string }[]; shown: number } {
  const index: Index = { prompts: [], rows: [] };
  const promptNumbers = new Map<string, number>();
  const chunks: string[] = [];
  let [chunk, size]: [string[], number] = [[], 0];
  const close = () => {
    if (chunk.length > 0) chunks.push(gzipSync(`[${chunk.join(',')}]`).toString('base64'));
    [chunk, size] = [[], 0];
  };
  for (const result of chooseCases(results)) {
    const prompt = promptText(result.messages).slice(0, PROMPT_CHARACTERS);
    const number =
      promptNumbers.get(prompt) ?? index.prompts.push({ text: prompt, lead: oneLine(result.messages.at(-1)?.content ?? '', 200) }) - 1;
    promptNumbers.set(prompt, number);
    const text = JSON.stringify(result);
    if (chunk.length === CHUNK_CASES || (size > 0 && size + text.length > CHUNK_CHARACTERS)) close();
    index.rows.push(rowOf(result, number, chunks.length, chunk.length));
    chunk.push(text);
    size += text.length;
  }
  close();
  return { index: pack(index), chunks: chunks.map((data, number) => ({ id: `chunk-${number}`, data })), shown: index.rows.length };
}

function rowOf(result: CaseResult, prompt: number, chunk: number, place: number): Row {
  const { suite, case: name, baseline, candidate, tags, verdict, reason, why, complete, critical, quality_score } = result;
  return { suite, case: name, baseline, candidate, tags, verdict, reason, why, complete, critical, quality_score, prompt, chunk, place };
}
