/** The table of guards: what no similarity sees and no score makes good. Each failure sets the quality score to 0. */
import type { Answer, Case, HardFailure } from '../../record.ts';
import type { Guard } from './guard.ts';
import { language } from './language.ts';
import { refusal } from './refusal.ts';

export const guards = { refusal, language } as const satisfies Record<string, Guard>;

export function guardFailures(one: Case, samples: readonly Answer[], candidate: Answer): HardFailure[] {
  if (candidate.state !== 'ok') return [];
  return Object.values(guards).flatMap((guard) => guard(one, samples, candidate) ?? []);
}
