import type { CaseResult, RunView, Verdict } from '../record.ts';

const key = ({ suite, candidate }: { suite: string; candidate: string }) => JSON.stringify([suite, candidate]);

/** The results that a verdict was made from, in the order of the run. */
export function* casesOf({ results }: RunView, verdict: Verdict): Generator<CaseResult> {
  const wanted = key(verdict);
  for (const result of results) if (key(result) === wanted) yield result;
}

export interface CasesToTell {
  verdict: Verdict;
  /** failed and counted; how many, and some of them: those that passed before come first */
  count: number;
  first: CaseResult[];
  /** reviewed by a person, and in quarantine: some of them */
  reviewed: CaseResult[];
  quarantined: CaseResult[];
}

/** What a short report tells of, at most `most` failed cases over all verdicts. One entry a verdict, same order. */
export function casesToTell({ record, results }: RunView, most: number): CasesToTell[] {
  const groups = record.verdicts.map((verdict) => ({
    ...{ verdict, count: 0 },
    ...{ broken: [] as CaseResult[], others: [] as CaseResult[], reviewed: [] as CaseResult[], quarantined: [] as CaseResult[] },
  }));
  const byKey = new Map(groups.map((group) => [key(group.verdict), group]));
  const keep = (list: CaseResult[], result: CaseResult) => {
    if (list.length < most) list.push(result);
  };
  for (const result of results) {
    const group = byKey.get(key(result));
    if (!group) continue;
    if (result.review) keep(group.reviewed, result);
    if (result.quarantine) keep(group.quarantined, result);
    else if (result.verdict !== 'PASS') {
      group.count++;
      keep(result.transition === 'broken' ? group.broken : group.others, result);
    }
  }
  let left = most;
  return groups.map(({ verdict, count, broken, others, reviewed, quarantined }) => {
    const first = [...broken, ...others].slice(0, left);
    left -= first.length;
    return { verdict, count, first, reviewed, quarantined };
  });
}
