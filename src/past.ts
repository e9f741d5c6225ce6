/** What earlier runs say of the suites of this one: the last comparable run, case by case, and the line of those before. */
import { join } from 'node:path';
import { InputError } from './errors.ts';
import type { CaseResult, HistoryLine, RunRecord, ScoreIdentity, Suite, Verdict } from './record.ts';
import { readHistory } from './run/history.ts';
import { historyFile, readRun } from './run/run-folder.ts';
import { differingIn, identityOf, usesSimilarity } from './run/score-identity.ts';
import { since, type Since } from './verdict/transitions.ts';

export interface Past {
  /** of the last run that judged this suite and pair of models against the same target by the same scores; null without one */
  since: (suite: Suite, candidate: string, identity: ScoreIdentity) => Since | null;
  /** lines of earlier runs of these suites and pairs of models by the same scores, oldest first */
  history: (verdicts: readonly Verdict[], identity: ScoreIdentity) => HistoryLine[];
}

/** For a run of some of the cases: its labels and figures are not those of the suite. */
export const NO_PAST: Past = { since: () => null, history: () => [] };

const MOST_LINES = 30;

/** `history.jsonl` is read once, when it is first asked for; `run` is the one that goes on, which may have been judged before. */
export function openPast(out: string, run: string): Past {
  let lines: HistoryLine[] | null = null;
  const all = () => (lines ??= readHistory(historyFile(out)).lines.filter((line) => line.run !== run));
  const comparable = (of: Pair, identity: ScoreIdentity) =>
    all().filter((line) => isSamePair(line, of) && differingIn(line.score_identity, identity).length === 0);
  return {
    since: (suite, candidate, identity) => {
      const of = { suite: suite.name, baseline: suite.baseline, candidate };
      const before = comparable(of, identityOf(identity, wantsSimilarity(suite))).reverse();
      for (const line of before) {
        const found = line.parity_target === suite.parity_target ? sinceRun(out, line, of) : null;
        if (found !== null) return found;
      }
      return null;
    },
    history: (verdicts, identity) =>
      verdicts.flatMap((verdict) => comparable(verdict, identityOf(identity, usesSimilarity(verdict))).slice(-MOST_LINES)),
  };
}

type Pair = Pick<HistoryLine, 'suite' | 'baseline' | 'candidate'>;

const isSamePair = (a: Pair, b: Pair): boolean => a.suite === b.suite && a.baseline === b.baseline && a.candidate === b.candidate;

/** null where the run was taken away, or cannot be read any more: that must not stop the run that goes on. */
function sinceRun(out: string, { run, parity, verdict }: HistoryLine, of: Pair): Since | null {
  try {
    return since({ run, verdict: { parity, verdict }, results: resultsOf(join(out, run), of) });
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function* resultsOf(folder: string, of: Pair): Generator<CaseResult> {
  for (const result of readRun(folder).results) if (isSamePair(result, of)) yield result;
}

function wantsSimilarity({ cases }: Suite): boolean {
  for (const { weights } of cases) if ('similarity' in weights) return true;
  return false;
}

/** The record with what the past says, where it says anything. */
export function withHistory(record: RunRecord, past: Past): RunRecord {
  const history = past.history(record.verdicts, record.score_identity);
  return history.length === 0 ? record : { ...record, history };
}
