/** The table of guards: what no similarity sees and no score makes good. Each failure sets the quality score to 0. */
import type { HardFailure, ScoringCase } from '../../record.ts';
import { loadDetector } from './detector.ts';
import { echo } from './echo.ts';
import type { Guard, Guarded } from './guard.ts';
import { keywordList } from './keyword-list.ts';
import { language, looksForeign } from './language.ts';
import { refusal } from './refusal.ts';
import { repetition } from './repetition.ts';

export const guards = { refusal, language, echo, repetition, keyword_list: keywordList } as const satisfies Record<string, Guard>;

/** Goes through the answers once, to see whether language detection is needed at all, and gives the function that guards one. */
export async function openGuards(answered: Iterable<ScoringCase>): Promise<(scoring: ScoringCase) => HardFailure[]> {
  const detector = anyForeign(answered) ? await loadDetector() : null;
  return (scoring) =>
    scoring.candidate.state === 'ok' ? Object.values(guards).flatMap((guard) => guard({ ...othersOf(scoring), detector }) ?? []) : [];
}

function anyForeign(answered: Iterable<ScoringCase>): boolean {
  for (const scoring of answered) if (scoring.candidate.state === 'ok' && looksForeign(othersOf(scoring))) return true;
  return false;
}

function othersOf({ case: one, samples, candidate, candidate_is_sample: own }: ScoringCase): Omit<Guarded, 'detector'> {
  return { case: one, samples: samples.filter((_, i) => i !== own), candidate };
}
