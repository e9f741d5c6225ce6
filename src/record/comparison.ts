/** Two sets of answers held against each other. */
import type { Position } from '../errors.ts';
import type { HistoryLine } from './run.ts';

/** `no_worse`: a loss larger than the margin is excluded. */
export type ComparisonOutcome = 'regressed' | 'improved' | 'no_worse' | 'cannot_tell';

/** A case whose quality score moved. */
export interface Move {
  case: string;
  before: number;
  after: number;
  at: Position;
}

/** Two sets of answers to the same cases of one suite, paired by case: two runs, or two candidates of a run. */
export interface Comparison {
  suite: string;
  before: { run: string; candidate: string };
  after: { run: string; candidate: string };
  outcome: ComparisonOutcome;
  /** one sentence for people */
  why: string;
  /** cases with a quality score on both sides */
  n: number;
  /** cases that could not be paired, by why */
  left_out: { only_before: number; only_after: number; changed: number; unscored: number };
  /** cases in which the very same answer stands on both sides */
  same_answers: number;
  /** mean quality score of the candidate over the paired cases; null without any */
  quality_score: { before: number | null; after: number | null };
  /** mean difference of the quality scores, after − before, −1..1, with one-sided 95 % bounds; null without cases */
  difference: { mean: number | null; lower: number | null; upper: number | null };
  /** a mean loss of this size is to be excluded */
  margin: number;
  /** one-sided p of "it did not get worse", and the same after Holm over all comparisons made together; null without cases */
  p_regressed: number | null;
  p_holm: number | null;
  /** how many cases would probably exclude a loss of `margin` at this spread; null when none are needed or none would do */
  cases_to_tell: number | null;
  /** cases by their label before and after */
  transitions: { fixed: number; broken: number; still_pass: number; still_needs_work: number };
  /** the largest losses and gains, at most ten each */
  losses: Move[];
  gains: Move[];
}

/** One run in a trend. */
export interface TrendPoint extends HistoryLine {
  /** parity − that of the run before, with which it can be compared; null for the first, after a break, and without a parity */
  change: number | null;
  /** why the run before cannot be compared: in what the scores differ; null when it can be, and for the first */
  break: string | null;
}

/** A suite and candidate over the runs, oldest first. */
export interface Trend {
  suite: string;
  candidate: string;
  points: TrendPoint[];
}
