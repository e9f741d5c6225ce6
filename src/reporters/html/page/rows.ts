import type { Transition } from '../../../record.ts';
import type { Index, Row } from './types.ts';

/** The rows of the list from the columns of the index; texts are shared. */
export function rowsOf({ columns, comparisons, words, leads, chunks }: Index): Row[] {
  let chunk = -1;
  return columns.name.map((name, at): Row => {
    if (chunks[chunk + 1] === at) chunk++;
    const comparison = comparisons[columns.comparison[at] ?? -1];
    if (comparison === undefined) throw new Error('the index of the report is damaged');
    return {
      ...comparison,
      case: name,
      tags: (columns.tags[at] ?? []).flatMap((tag) => words[tag] ?? []),
      verdict: columns.passed[at] === 1 ? 'PASS' : 'NEEDS_WORK',
      reason: words[columns.reason[at] ?? -1] ?? null,
      why: columns.why[at] ?? '',
      complete: columns.complete[at] === 1,
      critical: columns.critical[at] === 1,
      quality_score: { baseline: columns.baseline[at] ?? null, candidate: columns.candidate[at] ?? null },
      transition: (words[columns.transition[at] ?? -1] ?? null) as Transition | null,
      isQuarantined: columns.quarantined[at] === 1,
      review: words[columns.review[at] ?? -1] ?? null,
      lead: leads[columns.lead[at] ?? -1] ?? '',
      chunk,
      place: at - (chunks[chunk] ?? 0),
    };
  });
}
