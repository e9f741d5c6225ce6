/** How every report of a comparison words it. */
import type { Comparison, ComparisonOutcome } from '../record.ts';
import { plural } from './text.ts';

export const LABELS: Record<ComparisonOutcome, string> = {
  regressed: '✗ REGRESSED',
  improved: '✓ improved',
  no_worse: '✓ no worse',
  cannot_tell: '? cannot tell',
};

export const points = (value: number | null): string => (value === null ? '–' : `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`);

/** `qwen, RUN → RUN`: what is compared. */
export function sides({ before, after }: Comparison): string {
  const run = before.run === after.run ? `in ${before.run}` : `${before.run} → ${after.run}`;
  return before.candidate === after.candidate ? `${before.candidate}, ${run}` : `${before.candidate} → ${after.candidate}, ${run}`;
}

/** `3 fixed, 1 broken, 40 pass as before, 12 of 56 answers the same` */
export function changes({ transitions, same_answers, n }: Comparison): string {
  const { fixed: mended, broken, still_pass, still_needs_work } = transitions;
  return `${mended} fixed, ${broken} broken, ${still_pass} pass and ${still_needs_work} need work as before; ${same_answers} of ${plural(n, 'answer')} the same`;
}

/** '' when every case was paired */
export function leftOut({ left_out }: Comparison): string {
  const parts = [
    [left_out.only_before, 'only before'],
    [left_out.only_after, 'only after'],
    [left_out.changed, 'with another prompt or other elements'],
    [left_out.unscored, 'without a score'],
  ] as const;
  const told = parts.flatMap(([count, why]) => (count === 0 ? [] : [`${count} ${why}`]));
  return told.length === 0 ? '' : `cases left out: ${told.join(', ')}`;
}
