/** How reviews and quarantines are put into words. Plain text: each report escapes it as it must. */
import type { CaseResult, RunRecord, Verdict } from '../record.ts';
import { plural } from './text.ts';

const DONE = { accept: 'accepted', reject: 'rejected' } as const;
const MOST_LEFT_OUT = 10;

/** `accepted by Ann on 2026-11-25: right in other words (scored 0.120: below target)`; '' where nobody reviewed the case. */
export function reviewText({ review }: CaseResult): string {
  if (review === undefined) return '';
  const { decision, by, reason, note, at, scored } = review;
  const done = decision === null ? 'note' : DONE[decision];
  const before = scored === undefined ? '' : ` (scored ${scored.candidate?.toFixed(3) ?? '–'}, ${scored.verdict})`;
  const texts = [reason, note].filter((text) => text !== '').join('; ');
  return `${done} by ${by} on ${at.slice(0, 10)}: ${texts}${before}`;
}

/** `in quarantine until 2026-12-31: flaky tool`; '' where the case counts. */
export function quarantineText({ quarantine }: CaseResult): string {
  return quarantine === undefined ? '' : `in quarantine until ${quarantine.until}: ${quarantine.why}`;
}

/** `2 cases in quarantine, not counted`; '' for none. */
export function quarantinedText({ counts: { quarantined = 0 } }: Verdict): string {
  return quarantined === 0 ? '' : `${plural(quarantined, 'case')} in quarantine, not counted`;
}

/** `12 of 40 cases as a person decided: 11 accepted, 1 rejected`; '' for none. A PASS that people made must look like one. */
export function decidedText({ n, counts: { accepted = 0, rejected = 0 } }: Verdict): string {
  const decided = accepted + rejected;
  return decided === 0 ? '' : `${decided} of ${plural(n, 'case')} as a person decided: ${accepted} accepted, ${rejected} rejected`;
}

/** What was folded into the run, a sentence a line; none where nothing was. */
export function reviewLines({ review }: RunRecord): string[] {
  if (review === undefined) return [];
  const { accepted, rejected, expired, by, sign_offs, left_out = [] } = review;
  const counts = [`${accepted} accepted`, `${rejected} rejected`, ...(expired === 0 ? [] : [`${expired} expired`])].join(', ');
  const more = left_out.length - MOST_LEFT_OUT;
  return [
    `reviewed by ${by.join(', ') || 'nobody whose decision still holds'}: ${counts}`,
    ...sign_offs.map(
      (one) => `${one.suite}, ${one.candidate}: ${one.decision === 'approve' ? 'approved' : 'rejected'} by ${one.by}: ${one.reason}`,
    ),
    ...left_out
      .slice(0, MOST_LEFT_OUT)
      .map((one) => `not counted: ${one.suite}, ${one.candidate}, ${one.case}: ${DONE[one.decision]} by ${one.by}, but ${one.why}`),
    ...(more > 0 ? [`not counted: ${plural(more, 'more decision')}, see run.json`] : []),
  ];
}
