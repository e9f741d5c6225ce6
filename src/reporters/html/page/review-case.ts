/** The reviewer's box of one case: accept or reject with a reason, or a note alone. */
import type { CaseReview } from '../../../record.ts';
import { oneLine } from '../../text.ts';
import { h } from './dom.ts';
import { choice, field, formText } from './fields.ts';
import { isOf, problemOf, withDecision } from './review-file.ts';
import type { ReviewStore } from './review-store.ts';
import type { PackedCase } from './types.ts';
import { sha256 } from './sha256.ts';

const DECISIONS = { accept: 'Accepted', reject: 'Rejected' };

/** `Accepted by Ana, 2026-11-25: as good as the other` */
export function reviewLine({ decision, by, reason, note, at }: CaseReview): string {
  const head = decision === null ? 'Note' : DECISIONS[decision];
  return oneLine(`${head} by ${by}, ${at.slice(0, 10)}: ${[reason, note].filter((text) => text !== '').join('; ')}`);
}

export function reviewBox(result: PackedCase, store: ReviewStore): HTMLElement {
  const { suite, candidate, case: name } = result;
  const known = store.get().cases.find((one) => isOf(one, { suite, candidate, case: name }));
  const message = h('p', { class: 'message-line', role: 'status' });
  const remove = h('button', { type: 'button', class: 'quiet' }, 'Take back');
  remove.hidden = known === undefined;
  const form = h(
    'form',
    { novalidate: '', 'aria-labelledby': 'review-title' },
    choice(
      'decision',
      'Decision',
      { accept: 'Accept: as good as the baseline', reject: 'Reject: worth nothing', '': 'Note only' },
      known?.decision ?? '',
    ),
    field('reason', 'Reason, needed for a decision', known?.reason ?? '', 'textarea'),
    field('note', 'Note', known?.note ?? '', 'textarea'),
    field('by', 'Your name', known?.by ?? store.get().reviewer),
    h('p', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'Save'), remove),
    message,
  );
  const say = (text: string, isKept = true) =>
    (message.textContent = isKept ? text : `${text} This browser keeps nothing: export it before you close the page.`);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = (key: string) => formText(form, key);
    const decided = text('decision');
    const decision: CaseReview['decision'] = decided === 'accept' || decided === 'reject' ? decided : null;
    const entry = { decision, reason: text('reason'), note: text('note'), by: text('by') };
    const problem = problemOf(entry);
    if (problem !== null) {
      say(problem);
      form.querySelector<HTMLElement>(entry.by === '' ? '[name=by]' : '[name=reason]')?.focus();
      return;
    }
    const review = store.get();
    const saved = {
      suite,
      candidate,
      case: name,
      answer: sha256(result.answers.candidate[0]?.answer ?? ''),
      ...entry,
      at: new Date().toISOString(),
    };
    const isKept = store.set({ ...review, reviewer: entry.by, cases: withDecision(review.cases, saved, saved) });
    remove.hidden = false;
    say('Saved. Export it under Review when you are done.', isKept);
  });
  remove.addEventListener('click', () => {
    const review = store.get();
    store.set({ ...review, cases: withDecision(review.cases, { suite, candidate, case: name }, null) });
    const empty = reviewBox(result, store);
    box.replaceWith(empty);
    empty.querySelector<HTMLElement>('h2')?.focus();
  });
  const box = h(
    'section',
    { class: 'review-box' },
    h('h2', { id: 'review-title', tabindex: '-1' }, 'Your review'),
    result.review === undefined ? null : h('p', { class: 'signed' }, `${reviewLine(result.review)} (the run was judged with this)`),
    form,
  );
  return box;
}
