/** What a scorecard is made from: runs, probes, and what each case cost in time and money. */
import type { Answer, CaseResult, Probe, RunRecord, Verdict } from '../../record.ts';

/** The newest finished run that judged a suite for a pair of models. */
export interface Measured {
  verdict: Verdict;
  run: string;
  /** its report, or its record, relative to the working folder */
  path: string;
  /** ISO 8601 */
  finishedAt: string;
  /** null when the run is of the suite as it is now, else why it is not */
  stale: string | null;
  work: Work[];
}

/** The newest run in which a model was asked, and not replayed. */
export interface Watched {
  model: string;
  run: string;
  path: string;
  finishedAt: string;
  hosts: string[];
  egress: RunRecord['egress'];
  /** models asked in the same run, this one among them */
  live: string[];
}

export interface Evidence {
  measured: Measured[];
  watched: Watched[];
  /** null where there is no file of probes */
  probes: { path: string; lines: Probe[]; unreadable: number } | null;
}

/** What answering one case took; the mean over a baseline's samples. */
export interface Effort {
  total_ms: number | null;
  tokens_per_second: number | null;
  cost_usd: number | null;
}

/** One case that both sides answered to the end: only there they did the same work. */
export interface Work {
  baseline: Effort;
  candidate: Effort;
}

/** Null for a case that one of the sides did not answer to the end: a broken answer is quick and cheap, and no work. */
export function workOf({ answers }: CaseResult): Work | null {
  const finished = (all: readonly Answer[]) => all.filter(({ state }) => state === 'ok');
  const [baseline, candidate] = [finished(answers.baseline), finished(answers.candidate)];
  return baseline.length === 0 || candidate.length === 0 ? null : { baseline: effortOf(baseline), candidate: effortOf(candidate) };
}

const effortOf = (answers: readonly Answer[]): Effort => ({
  total_ms: meanOf(answers.map(({ timings }) => timings?.total_ms)),
  tokens_per_second: meanOf(answers.map(({ timings }) => timings?.tokens_per_second)),
  cost_usd: meanOf(answers.map(({ call }) => call?.cost_usd)),
});

function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number');
  return known.length < values.length || known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}
