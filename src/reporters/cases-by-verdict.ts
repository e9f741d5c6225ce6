import type { CaseResult, RunView, Verdict } from '../record.ts';

const key = ({ suite, candidate }: { suite: string; candidate: string }) => JSON.stringify([suite, candidate]);

/** The results that a verdict was made from, in the order of the run. */
export function* casesOf({ results }: RunView, verdict: Verdict): Generator<CaseResult> {
  const wanted = key(verdict);
  for (const result of results) if (key(result) === wanted) yield result;
}

/** How many cases of each verdict failed, and the first of them: at most `most` over all verdicts. One entry a verdict, same order. */
export function failingCases({ record, results }: RunView, most: number): { verdict: Verdict; count: number; first: CaseResult[] }[] {
  const groups = record.verdicts.map((verdict) => ({ verdict, count: 0, first: [] as CaseResult[] }));
  const byKey = new Map(groups.map((group) => [key(group.verdict), group]));
  for (const result of results) {
    const group = byKey.get(key(result));
    if (!group || result.verdict === 'PASS') continue;
    group.count++;
    if (group.first.length < most) group.first.push(result);
  }
  let left = most;
  for (const group of groups) {
    group.first.length = Math.min(group.first.length, left);
    left -= group.first.length;
  }
  return groups;
}
