/** What a suite is once it is read. */
import type { Position } from '../errors.ts';
import type { Quarantine } from './score.ts';

export type Role = 'system' | 'developer' | 'user' | 'assistant';
export interface Message {
  role: Role;
  content: string;
}

/** Request parameters sent to a model, as written in the suite or in models.yaml (`temperature`, `max_tokens`, …). */
export type Params = Record<string, unknown>;

/** One thing an answer must contain. `kind` names an entry of the table `src/scorers/elements/index.ts`. */
export interface Element {
  kind: string;
  /** the kind's own options, already checked by the kind's schema */
  options: unknown;
  /** short text for people: `scalability`, `UX | user experience`, `equals -15`, `not "as an AI"` */
  label: string;
  weight: number;
  /** a required element that is missing is a hard failure (quality score 0) */
  required: boolean;
  at: Position;
}

/** Which part of the answer coverage is judged on; `null` is the whole answer. */
export type Read = { json: string } | { after: string } | null;

/** Weight of each scorer in the quality score, by scorer name; they need not sum to 1. A scorer of weight 0 is shown for information, one that is not named is not run. */
export type Weights = Record<string, number>;

export interface Case {
  name: string;
  messages: Message[];
  elements: Element[];
  read: Read;
  weights: Weights;
  params: Params;
  tags: string[];
  /** a hard failure here fails the suite whatever its parity */
  critical: boolean;
  /** BCP 47 language the answer must be in, or null when none is declared */
  language: string | null;
  /** absent where the case counts: none was written, or its day has passed */
  quarantine?: Quarantine;
  at: Position;
}

/** The cases of a suite in order; may be gone through again and again. Those of a large dataset are not held in memory. */
export interface Cases extends Iterable<Case> {
  readonly length: number;
}

export type Decision = 'bounds' | 'point';

export interface Suite {
  name: string;
  description: string | null;
  capability: string;
  /** names in models.yaml */
  baseline: string;
  candidates: string[];
  /** a sibling version of the baseline whose answers serve as its further samples */
  self_parity: string | null;
  parity_target: number;
  decision: Decision;
  /** baseline samples asked for */
  baseline_samples: number;
  cases: Cases;
  file: string;
  /** sha256 of the suite's meaning (cases, weights, target), hex */
  hash: string;
}
