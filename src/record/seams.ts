/** Functions that one room hands to another. */
import type { Answer } from './answer.ts';
import type { RunRecord, ScoreIdentity } from './run.ts';
import type { CaseResult, ElementScore, HardFailure, Similarity } from './score.ts';
import type { Case } from './suite.ts';

/** Texts → L2-normalised vectors, same order; `onProgress` gets (done, total) of the texts that had to be computed. */
export interface Embedder {
  identity: NonNullable<ScoreIdentity['encoder']>;
  embed: (texts: readonly string[], onProgress?: (done: number, total: number) => void) => Promise<Float32Array[]>;
  stats: () => NonNullable<RunRecord['embedding']>;
  close: () => Promise<void>;
}

/** A case with the answers that are to be scored. `samples` holds usable baseline samples only, and may be empty. */
export interface ScoringCase {
  case: Case;
  samples: Answer[];
  candidate: Answer;
  /** A/A control: index of the sample that plays the candidate and is left out of comparisons; null otherwise */
  candidate_is_sample: number | null;
}

/** What a scorer says of one case. `baseline` is 1 by definition where the score is relative to the baseline. */
export interface ScorerResult {
  baseline: number | null;
  candidate: number | null;
  why: string;
  /** failures that set the quality score of a side to 0; a baseline failure counts when every sample has it */
  hard: { baseline: HardFailure[]; candidate: HardFailure[] };
  detail: { elements?: ElementScore[]; reading?: CaseResult['reading']; similarity?: Similarity };
}

/** A suite with its answers, for one candidate. Both may be gone through several times; `answered` is read from disk each time. */
export interface AnsweredSuite {
  cases: Iterable<Case>;
  answered: Iterable<ScoringCase>;
}

/**
 * Sees the whole suite first, since similarity is calibrated against it, and gives the function that scores one case; `index`
 * is the case's place among those that the scorer was shown.
 */
export type Scorer = (
  suite: AnsweredSuite,
  tools: { embedder: Embedder; onProgress?: (done: number, total: number) => void },
) => Promise<(scoring: ScoringCase, index: number) => ScorerResult>;
