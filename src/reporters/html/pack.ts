/** Cases as inert, compressed text: chunks of whole cases opened one at a time. One chunk is held at once. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CaseResult, Results } from '../../record.ts';
import type { PackedCase } from './page/types.ts';

/** The most cases one report.html shows. */
export const MOST_CASES = 10_000;
const CHUNK_CASES = 50;
const CHUNK_CHARACTERS = 400_000;

/** JSON that is pure ASCII where it matters (lone surrogates are escaped), gzipped without a date, in base64. */
export const pack = (value: unknown): string => gzipSync(JSON.stringify(value)).toString('base64');

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

/** About how long a case is: its texts alone, which are nearly all of it. */
function sizeOf({ messages, answers }: CaseResult): number {
  let size = 0;
  for (const { content } of messages) size += content.length;
  for (const { answer, reasoning } of [...answers.baseline, ...answers.candidate]) size += answer.length + (reasoning?.length ?? 0);
  return size;
}

/** Tells for each case in turn whether it begins a chunk. */
export function chunkCounter(): (result: CaseResult) => boolean {
  let [cases, characters] = [CHUNK_CASES, 0];
  return (result) => {
    const size = sizeOf(result);
    const isNext = cases === CHUNK_CASES || characters + size > CHUNK_CHARACTERS;
    [cases, characters] = isNext ? [1, size] : [cases + 1, characters + size];
    return isNext;
  };
}

function packed(result: CaseResult): PackedCase {
  const answer = result.answers.candidate[0]?.answer;
  return { ...result, answer_sha256: answer === undefined ? '' : createHash('sha256').update(answer, 'utf8').digest('hex') };
}

/** The chunks in order. `beginsChunk` must say the same as when the index was made. */
export function* packChunks(cases: Iterable<CaseResult>): Generator<string> {
  const beginsChunk = chunkCounter();
  let chunk: string[] = [];
  const close = () => {
    const data = gzipSync(`[${chunk.join(',')}]`).toString('base64');
    chunk = [];
    return data;
  };
  for (const result of cases) {
    if (beginsChunk(result) && chunk.length > 0) yield close();
    chunk.push(JSON.stringify(packed(result)));
  }
  if (chunk.length > 0) yield close();
}
