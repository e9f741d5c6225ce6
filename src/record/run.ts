/** The verdict of a suite, and the record of a run. */
import type { Prices } from './answer.ts';
import type { CaseResult, CaseVerdict, Rung } from './score.ts';
import type { Decision } from './suite.ts';

export type VerdictReason = 'below_target' | 'inconclusive' | 'incomplete' | 'critical_case' | 'rejected';

export interface Bounds {
  parity: number | null;
  /** one-sided 95 % bounds; null when they do not exist (the baseline's mean cannot be told from 0) */
  lower: number | null;
  upper: number | null;
}

/** Quantiles of a figure over the answers that tell it (Hyndman & Fan 1996, type 7); p95 is null for fewer than 20. */
export interface Quantiles {
  n: number;
  p5: number | null;
  p25: number;
  p50: number;
  p75: number;
  p95: number | null;
}

/** Speed and cost of one side of a suite; a figure that no answer tells is null. Answers that nobody gave do not count. */
export interface Kpis {
  answers: number;
  /** asking to first token, and to the end, in milliseconds */
  first_token_ms: Quantiles | null;
  total_ms: Quantiles | null;
  tokens_per_second: Quantiles | null;
  output_tokens: Quantiles | null;
  /** US dollars of all answers; null when any is unknown */
  cost_usd: number | null;
}

export interface Verdict extends Bounds {
  suite: string;
  capability: string;
  baseline: string;
  candidate: string;
  parity_target: number;
  decision: Decision;
  verdict: CaseVerdict;
  /** null when PASS */
  reason: VerdictReason | null;
  /** one sentence for people */
  why: string;
  n: number;
  /** usable baseline samples a case, the fewest and the most: repeats, which are no cases; absent in older records */
  samples?: { least: number; most: number };
  /**
   * One-sided p of "parity is at most the target", and the same after Holm over all verdicts of the run: which of several suites or candidates
   * passes by luck. null where there is no parity; absent in older records.
   */
  p_value?: number | null;
  p_holm?: number | null;
  /** cases that would probably settle an inconclusive suite at this spread; null when none would or none is needed */
  cases_to_settle: number | null;
  counts: {
    pass: number;
    needs_work: number;
    incomplete: number;
    hard_failures: Record<string, number>;
    /** judged and shown, but not counted in n nor in any figure; absent where there are none */
    quarantined?: number;
    /** counted as a person decided, not as scored; absent where there are none */
    accepted?: number;
    rejected?: number;
  };
  /** the last finished run that judged the same by the same scores, and what became of the cases since; absent without one */
  previous?: { run: string; parity: number | null; verdict: CaseVerdict; new: number; fixed: number; broken: number };
  quality_score: { baseline: number | null; candidate: number | null };
  coverage: { baseline: number | null; candidate: number | null };
  similarity: {
    candidate: number | null;
    raw: number | null;
    floor: number | null;
    ceiling: number | null;
    /** how the ceiling was obtained, a sentence */
    ceiling_from: string;
    /** share of cases whose similarity was not informative, 0..1 */
    not_informative: number | null;
  };
  /** answers read on each rung, by side */
  rungs: { baseline: Partial<Record<Rung, number>>; candidate: Partial<Record<Rung, number>> };
  /** absent in older records */
  kpis?: { baseline: Kpis; candidate: Kpis };
  /** cases by quality score, in ten steps of 0.1 from 0 to 1; absent in older records */
  distribution?: { baseline: number[]; candidate: number[] };
  /** the baseline judged against itself by the same machinery; null with one baseline sample */
  self_parity: (Bounds & { n: number }) | null;
  /** kept-out baseline samples by state (empty, truncated, …), never silently dropped */
  baseline_left_out: Record<string, number>;
}

/** What the answers of one model cost, as far as that is known: src/priced.ts. */
export interface ModelCost {
  /** name in models.yaml */
  model: string;
  /** answers that were asked for, now or when they were recorded: those `missing` and `not_asked` were not */
  answers: number;
  /** of them asked in this run */
  live: number;
  /** of them without a known cost */
  unknown: number;
  /** US dollars; null when any cost is unknown */
  cost_usd: number | null;
  /** US dollars of the answers whose cost is known: the cost is at least this; null when none is known */
  known_usd: number | null;
  /** US dollars of the answers asked in this run; null when any of theirs is unknown, 0 when there are none */
  live_usd: number | null;
  /** sums over the answers that tell; null when none does */
  input_tokens: number | null;
  output_tokens: number | null;
  /** every unit price that was used */
  prices: Prices[];
}

/** What makes two scores comparable. Runs whose identities differ are not compared. */
export interface ScoreIdentity {
  scoring_version: number;
  /** `server`: the host whose vectors they are; absent where they were computed on this machine */
  encoder: { id: string; revision: string; dimensions: number; pooling: string; bundled: boolean; server?: string } | null;
  /** method of the ceiling, of the floor and of the bounds */
  method: string;
}

/** One line of history.jsonl: one suite and candidate of one run. */
export interface HistoryLine {
  run: string;
  /** ISO 8601 */
  finished_at: string;
  suite: string;
  baseline: string;
  candidate: string;
  parity_target: number;
  parity: number | null;
  lower: number | null;
  upper: number | null;
  verdict: CaseVerdict;
  reason: VerdictReason | null;
  n: number;
  score_identity: ScoreIdentity;
}

/** One line of probes.jsonl: whether a model answered when it was asked whether it is there. */
export interface Probe {
  /** ISO 8601, when it was asked */
  at: string;
  /** name in models.yaml */
  model: string;
  /** name and port */
  host: string;
  ok: boolean;
  /** milliseconds to the end of the answer; null when none came */
  ms: number | null;
  /** null when ok */
  why: string | null;
  /** pause between the probes of the series that this one belongs to; null for a single one */
  every_seconds: number | null;
}

/** What a person says of a suite as a whole. */
export interface SignOff {
  suite: string;
  candidate: string;
  decision: 'approve' | 'reject';
  by: string;
  reason: string;
  /** ISO 8601 */
  at: string;
}

/** What went over the connections of a run to one address, for one purpose, counted at the TCP sockets: headers and TLS included, look-ups of names not. */
export interface Egress {
  /** name and port as asked for, such as `api.openai.com:443`; a proxy's where one was used */
  host: string;
  /** IP address that was reached; null where no connection came about */
  address: string | null;
  /** `asking MODEL`, `embedding`, `fetching an encoder`; `unknown` for a socket that onpar did not open itself */
  purpose: string;
  bytes_out: number;
  bytes_in: number;
  /** whether the bytes stayed on this machine; false for a proxy, wherever it is: what it gets it sends on; false for `unknown` */
  loopback: boolean;
}

export interface RunRecord {
  format: 1;
  onpar: string;
  node: string;
  run: string;
  started_at: string;
  finished_at: string;
  command: string[];
  exit_code: number;
  score_identity: ScoreIdentity;
  suites: { name: string; file: string; hash: string; cases: number; parity_target: number }[];
  /** keys are never here */
  models: { name: string; provider: string; model: string; answers: string; reported_models: string[]; sources: string[] }[];
  verdicts: Verdict[];
  /** embedding work of this run: texts asked for, taken from the cache, computed */
  embedding: { texts: number; cached: number; computed: number; seconds: number } | null;
  /** absent in records made before costs were counted */
  cost?: ModelCost[];
  hosts_contacted: string[];
  /** absent in older records; of a run that was resumed only the last part */
  egress?: Egress[];
  warnings: string[];
  /** earlier runs of the same suites and candidates by the same scores, oldest first, at most 30 each; absent without any */
  history?: HistoryLine[];
  /** absent in a run of all cases; the verdict of a part is `incomplete` until the parts are merged */
  shard?: { index: number; of: number };
  /** absent where no review was folded in; `expired` decisions were made of another answer */
  review?: {
    /** who decided or signed off, sorted */
    by: string[];
    accepted: number;
    rejected: number;
    expired: number;
    sign_offs: SignOff[];
    /** every decision that did not count, with why: those that expired, and those of cases that could not be judged */
    left_out?: { suite: string; candidate: string; case: string; decision: 'accept' | 'reject'; by: string; why: string }[];
  };
}

/** The results of a run in order; may be gone through again and again. Those of a run on disk are read anew each time. */
export interface Results extends Iterable<CaseResult> {
  readonly length: number;
}

/** A run as a report sees it. Reports are pure functions of this. */
export interface RunView {
  record: RunRecord;
  results: Results;
}
