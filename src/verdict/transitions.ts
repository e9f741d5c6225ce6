/** What became of each case since an earlier run of the same suite and candidate. */
import type { CaseResult, Transition, Verdict } from '../record.ts';
import { contentOf } from './content.ts';

/** An earlier run; its results are gone through once. */
export interface Earlier {
  run: string;
  verdict: Pick<Verdict, 'parity' | 'verdict'>;
  results: Iterable<CaseResult>;
}

export interface Since {
  /** writes `transition` into each result as it goes by; one that could not be judged gets none: nothing is known of its case */
  mark: (results: Iterable<CaseResult>) => Iterable<CaseResult>;
  /** what went by, counted */
  previous: () => NonNullable<Verdict['previous']>;
}

interface Label {
  verdict: CaseResult['verdict'];
  content: string;
}

/** Throws what reading the earlier results throws. */
export function since({ run, verdict, results }: Earlier): Since {
  const before = labelsOf(results);
  const counted = { new: 0, fixed: 0, broken: 0, same: 0 };
  return {
    *mark(now) {
      for (const result of now) {
        if (!result.complete) yield result;
        else {
          const transition = transitionOf(before.get(result.case), result);
          // a case in quarantine counts nowhere
          if (result.quarantine === undefined) counted[transition]++;
          yield { ...result, transition };
        }
      }
    },
    previous: () => {
      const { new: fresh, fixed, broken } = counted;
      return { run, parity: verdict.parity, verdict: verdict.verdict, new: fresh, fixed, broken };
    },
  };
}

/** The labels of the cases that could be judged. */
function labelsOf(results: Iterable<CaseResult>): Map<string, Label> {
  const labels = new Map<string, Label>();
  for (const result of results)
    if (result.complete) labels.set(result.case, { verdict: result.verdict, content: contentOf(result).slice(0, 16) });
  return labels;
}

function transitionOf(before: Label | undefined, now: CaseResult): Transition {
  if (before === undefined || before.content !== contentOf(now).slice(0, 16)) return 'new';
  if (before.verdict === now.verdict) return 'same';
  return now.verdict === 'PASS' ? 'fixed' : 'broken';
}
