/** The contract of a guard. */
import type { Answer, Case, HardFailure } from '../../record.ts';

/** Null when the candidate's answer is in order. `samples` are the baseline's usable answers. */
export type Guard = (one: Case, samples: readonly Answer[], candidate: Answer) => HardFailure | null;
