import type { CaseResult, RunView, Verdict } from '../record.ts';

const key = ({ suite, candidate }: { suite: string; candidate: string }) => JSON.stringify([suite, candidate]);

/** Each verdict of the run with the cases it was made from, in the order of the record. */
export function casesByVerdict({ record, results }: RunView): [Verdict, CaseResult[]][] {
  const groups = new Map(record.verdicts.map((verdict): [string, CaseResult[]] => [key(verdict), []]));
  for (const result of results) groups.get(key(result))?.push(result);
  return record.verdicts.map((verdict) => [verdict, groups.get(key(verdict)) ?? []]);
}
