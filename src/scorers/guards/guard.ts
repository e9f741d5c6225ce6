/** The contract of a guard. */
import type { Answer, Case, HardFailure } from '../../record.ts';
import type { Detector } from './detector.ts';

/** What a guard looks at; texts are those of answers that are there. */
export interface Guarded {
  case: Case;
  /** the baseline's usable answers, without the one that plays the candidate in the A/A control */
  samples: readonly Answer[];
  candidate: Answer;
  /** null when nothing in the suite made it worth loading */
  detector: Detector | null;
}

/** Null when the candidate's answer is in order. */
export type Guard = (guarded: Guarded) => HardFailure | null;

/** What was asked: every message but the model's own. */
export function promptOf({ messages }: Case): string {
  return messages
    .filter(({ role }) => role !== 'assistant')
    .map(({ content }) => content)
    .join('\n');
}

/** Lower-case words and numbers. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
