/** What scorers say of a case, and what a case comes to. */
import type { Position } from '../errors.ts';
import type { Answer } from './answer.ts';
import type { Message } from './suite.ts';

/** The part of an answer that was judged, and the rung of the ladder on which it was read (docs/scoring.md). */
export type Rung = 'whole' | 'strict' | 'fenced' | 'extracted' | 'repaired' | 'none';
export interface Reading {
  text: string;
  rung: Rung;
}

/** value 0..1, or null when it could not be had; `why` is a sentence for people. */
export interface Score {
  value: number | null;
  why: string;
}

/** How far one element is met, for each side; the baseline's is the mean over its samples. */
export interface ElementScore {
  label: string;
  kind: string;
  weight: number;
  required: boolean;
  baseline: number | null;
  candidate: number | null;
  why: string;
  /** where it was found: [start, end) offsets in UTF-16 units into the first baseline answer / the candidate's answer */
  spans: { baseline: [number, number][]; candidate: [number, number][] };
}

/** One of the two raw similarities of a case: m (mean segment vectors) or F (greedy segment matching). */
export interface SimilarityPart {
  /** 0..1, or null when not informative */
  value: number | null;
  raw: number | null;
  floor: number | null;
  ceiling: number | null;
}

export interface Similarity extends Score {
  m: SimilarityPart;
  f: SimilarityPart;
}

/** A named reason why a case's quality score is 0. */
export interface HardFailure {
  kind: string;
  why: string;
}

export type CaseVerdict = 'PASS' | 'NEEDS_WORK';

/** How a case did against the last finished run that judged the same case of the same candidate by the same scores. */
export type Transition = 'new' | 'fixed' | 'broken' | 'same';

/** What a person decided of a case. It holds as long as the candidate's answer is the one that was looked at. */
export interface CaseReview {
  /** `accept`: as good as the baseline's; `reject`: worth nothing, whatever its scores; null is a note alone */
  decision: 'accept' | 'reject' | null;
  by: string;
  /** a decision needs one */
  reason: string;
  note: string;
  /** ISO 8601 */
  at: string;
  /** what the scores alone had said; absent where the decision changed nothing */
  scored?: { candidate: number | null } & Pick<CaseResult, 'verdict' | 'reason' | 'why'>;
}

/** A case that is judged and shown, and does not count until a day. */
export interface Quarantine {
  /** ISO date, in UTC; from the next day on the case counts again */
  until: string;
  why: string;
}

/** One line of results.jsonl: one case, one candidate. Reports print it and compute nothing. */
export interface CaseResult {
  suite: string;
  case: string;
  baseline: string;
  candidate: string;
  tags: string[];
  critical: boolean;
  at: Position;
  verdict: CaseVerdict;
  /** null when PASS, else one of: hard failure kinds, `below_target`, `no_baseline_evidence`, `unscored`, `rejected` */
  reason: string | null;
  why: string;
  /** false when the case has no usable baseline sample or no score: the suite is then incomplete */
  complete: boolean;
  quality_score: { baseline: number | null; candidate: number | null };
  coverage: { baseline: number | null; candidate: number | null };
  similarity: Similarity | null;
  elements: ElementScore[];
  reading: { baseline: Rung | null; candidate: Rung | null };
  hard_failures: { baseline: HardFailure[]; candidate: HardFailure[] };
  messages: Message[];
  answers: { baseline: Answer[]; candidate: Answer[] };
  /** absent without an earlier run, and where the case could not be judged */
  transition?: Transition;
  /** absent where nobody reviewed the case */
  review?: CaseReview;
  /** absent where the case counts */
  quarantine?: Quarantine;
}
