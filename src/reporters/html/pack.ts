/** Cases as inert, compressed text: chunks of whole cases opened one at a time. One chunk is held at once. */
import { gzipSync } from 'node:zlib';
import type { Answer, CaseResult, Results } from '../../record.ts';
import { encode91 } from './page/base91.ts';
import { toChunk } from './page/chunk.ts';
import type { PackedCase } from './page/types.ts';

/** The most cases one report.html shows. */
export const MOST_CASES = 10_000;
const CHUNK_CASES = 50;
const CHUNK_CHARACTERS = 400_000;

/** JSON that is pure ASCII where it matters (lone surrogates are escaped), gzipped without a date, as printable text. */
export const pack = (value: unknown): string => encode91(gzipSync(JSON.stringify(value), { level: 9, memLevel: 9 }));

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

/** Digits of a request's hash that travel: enough to find its line in a recording. */
const HASH_DIGITS = 16;

/** Scores are shown with three digits; results.jsonl has them all. */
const rounded = (score: number | null) => (score === null ? null : Math.round(score * 1e5) / 1e5);
const roundedAll = <T extends object>(scores: T) =>
  Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, rounded(score as number | null)])) as T;

function packedAnswer(answer: Answer): Answer {
  const { call } = answer;
  return call === null ? answer : { ...answer, call: { ...call, request: `${call.request.slice(0, HASH_DIGITS)}…` } };
}

function packedCase(result: CaseResult): PackedCase {
  const { quality_score, coverage, similarity } = result;
  return {
    ...result,
    quality_score: roundedAll(quality_score),
    coverage: roundedAll(coverage),
    similarity:
      similarity === null
        ? null
        : { ...similarity, value: rounded(similarity.value), m: roundedAll(similarity.m), f: roundedAll(similarity.f) },
    answers: { baseline: result.answers.baseline.map(packedAnswer), candidate: result.answers.candidate.map(packedAnswer) },
  };
}

/** The chunks in order. `beginsChunk` must say the same as when the index was made. */
export function* packChunks(cases: Iterable<CaseResult>): Generator<string> {
  const beginsChunk = chunkCounter();
  let chunk: PackedCase[] = [];
  for (const result of cases) {
    if (beginsChunk(result) && chunk.length > 0) {
      yield pack(toChunk(chunk));
      chunk = [];
    }
    chunk.push(packedCase(result));
  }
  if (chunk.length > 0) yield pack(toChunk(chunk));
}
