/** The shipped suites, judged by the built command on their recordings: what a user gets. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseResult, RunRecord, Verdict } from '../../src/record.ts';
import { readLines } from './input.ts';
import type { Population } from './verdict-errors.ts';

export interface ShippedRun {
  verdicts: Verdict[];
  /** open questions only: closed ones are measured on more models (zeroeval.ts) */
  graded: Population[];
}

const OPEN = ['general', 'local'];

/** Runs `onpar eval --offline` in a folder of its own. Needs `npm run build`. */
export function runShippedSuites(root: string): ShippedRun {
  const out = mkdtempSync(join(tmpdir(), 'onpar-validity-'));
  try {
    evaluate(root, out);
    const { verdicts } = JSON.parse(readFileSync(join(out, 'latest/run.json'), 'utf8')) as RunRecord;
    const results = readLines<CaseResult>(join(out, 'latest/results.jsonl'));
    return { verdicts, graded: verdicts.filter(({ suite }) => OPEN.includes(suite)).map((verdict) => populationOf(verdict, results)) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function evaluate(root: string, out: string): void {
  const args = ['dist/bin.js', 'eval', '--offline', '--embedder', 'all-MiniLM-L6-v2', '--out', out];
  try {
    execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    // 1 and 3 are verdicts, not mishaps
    const { status } = error as { status?: number | null };
    if (status !== 1 && status !== 3) throw error;
  }
}

function populationOf({ suite, baseline, candidate }: Verdict, results: readonly CaseResult[]): Population {
  const cases = results
    .filter((result) => result.suite === suite && result.candidate === candidate)
    .flatMap(({ quality_score: q }) =>
      q.baseline === null || q.candidate === null ? [] : [{ baseline: q.baseline, candidate: q.candidate }],
    );
  return { set: `suite ${suite}`, baseline, candidate, cases };
}
