/** `history.jsonl`: what every run came to, one line a suite and candidate, oldest first. Runs that go on at once may all write it. */
import { appendFileSync, existsSync } from 'node:fs';
import * as z from 'zod';
import type { HistoryLine, RunRecord, Verdict } from '../record.ts';
import { endsCut, linesOf } from './lines.ts';
import { withLock } from './lock.ts';
import { identityOf, usesSimilarity } from './score-identity.ts';

const encoder = z.object({ id: z.string(), revision: z.string(), dimensions: z.number(), pooling: z.string(), bundled: z.boolean() });

const schema = z.object({
  run: z.string(),
  finished_at: z.string(),
  suite: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  parity_target: z.number(),
  parity: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  verdict: z.enum(['PASS', 'NEEDS_WORK']),
  reason: z.enum(['below_target', 'inconclusive', 'incomplete', 'critical_case']).nullable(),
  n: z.number(),
  score_identity: z.object({ scoring_version: z.number(), encoder: encoder.nullable(), method: z.string() }),
});

/** Adds a line for each verdict of a run. A line that a crash cut short stays by itself. */
export function appendHistory(file: string, record: RunRecord): void {
  const lines = record.verdicts.map((verdict) => `${JSON.stringify(lineOf(record, verdict))}\n`);
  withLock(file, () => appendFileSync(file, `${existsSync(file) && endsCut(file) ? '\n' : ''}${lines.join('')}`));
}

export interface History {
  /** in the order of the file; of a run that was judged again, such as by --retry-errors, what it came to last */
  lines: HistoryLine[];
  /** numbers of the lines that are none, such as one cut by a crash, from 1 */
  broken: number[];
}

/** Empty where there is no file. */
export function readHistory(file: string): History {
  const lines = new Map<string, HistoryLine>();
  const broken: number[] = [];
  let number = 0;
  for (const { text } of existsSync(file) ? linesOf(file) : []) {
    number++;
    if (text.trim() === '') continue;
    const line = parseLine(text);
    if (line === null) broken.push(number);
    else {
      const key = JSON.stringify([line.run, line.suite, line.baseline, line.candidate]);
      lines.delete(key);
      lines.set(key, line);
    }
  }
  return { lines: [...lines.values()], broken };
}

function parseLine(text: string): HistoryLine | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function lineOf(record: RunRecord, verdict: Verdict): HistoryLine {
  const { suite, baseline, candidate, parity_target, parity, lower, upper, reason, n } = verdict;
  const { run, finished_at } = record;
  const outcome = { parity_target, parity, lower, upper, verdict: verdict.verdict, reason, n };
  return {
    run,
    finished_at,
    suite,
    baseline,
    candidate,
    ...outcome,
    score_identity: identityOf(record.score_identity, usesSimilarity(verdict)),
  };
}
