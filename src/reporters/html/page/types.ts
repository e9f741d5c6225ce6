/** What travels in the file: an index that the list needs, column by column, and chunks of whole cases. */
import type { CaseResult, SignOff, Transition } from '../../../record.ts';

/** A whole case as it is packed: scores to five digits, hashes of requests cut, all else as in results.jsonl. */
export type PackedCase = CaseResult;

export interface Comparison {
  suite: string;
  /** '' when the record has no verdict of it */
  capability: string;
  baseline: string;
  candidate: string;
}

/** One array a field, all of the same length, in the order of the run. Small numbers are places in the index' tables; -1 is none. */
export interface Columns {
  name: string[];
  /** place in `comparisons` */
  comparison: number[];
  /** places in `words` */
  tags: number[][];
  /** 1 for PASS */
  passed: number[];
  complete: number[];
  critical: number[];
  /** place in `words` */
  reason: number[];
  /** '' for PASS */
  why: string[];
  baseline: (number | null)[];
  candidate: (number | null)[];
  /** place in `words` */
  transition: number[];
  quarantined: number[];
  /** place in `words`: accept, reject or note */
  review: number[];
  /** place in `leads` */
  lead: number[];
}

export interface Index {
  run: string;
  comparisons: Comparison[];
  words: string[];
  /** last messages of the prompts on one line, cut; each once */
  leads: string[];
  /** place of the first case of each chunk */
  chunks: number[];
  columns: Columns;
  sign_offs: SignOff[];
}

/** What the list knows of a case without opening it. */
export interface Row extends Comparison {
  case: string;
  tags: string[];
  verdict: CaseResult['verdict'];
  reason: string | null;
  why: string;
  complete: boolean;
  critical: boolean;
  quality_score: CaseResult['quality_score'];
  transition: Transition | null;
  isQuarantined: boolean;
  /** decision of a review that the run was judged with: accept, reject or note */
  review: string | null;
  lead: string;
  /** number of the chunk that holds the whole case, and its place in it */
  chunk: number;
  place: number;
}
