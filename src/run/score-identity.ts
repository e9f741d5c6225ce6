/** When the scores of two runs may be compared. */
import type { ScoreIdentity, Verdict } from '../record.ts';

/** Whether similarity was asked of any case. */
export const usesSimilarity = ({ similarity }: Pick<Verdict, 'similarity'>): boolean => similarity.not_informative !== null;

/** What the scores of one suite rest on: the encoder of the run only where similarity was asked for. */
export function identityOf(identity: ScoreIdentity, isSimilarityUsed: boolean): ScoreIdentity {
  return isSimilarityUsed ? identity : { ...identity, encoder: null };
}

/** In what two identities differ, as `before / after`; empty when their scores may be compared. */
export function differingIn(before: ScoreIdentity, after: ScoreIdentity): string[] {
  const [was, is] = [tell(before), tell(after)];
  return was.flatMap((fact, i) => (fact === is[i] ? [] : [`${fact} / ${is[i] ?? ''}`]));
}

function tell({ scoring_version, method, encoder: by }: ScoreIdentity): string[] {
  return [`scoring version ${scoring_version}`, `method "${method}"`, `encoder ${by === null ? 'none' : `${by.id} ${by.revision}`}`];
}
