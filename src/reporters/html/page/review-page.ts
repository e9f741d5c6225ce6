/** The review of the run: a sign-off for every suite and candidate, the decisions so far, and the file that holds them. */
import { oneLine } from '../../text.ts';
import { h } from './dom.ts';
import { choice, field, formText } from './fields.ts';
import { reviewLine } from './review-case.ts';
import { isOf, merged, problemOf, readReview, reviewText, withDecision } from './review-file.ts';
import type { ReviewStore } from './review-store.ts';
import { NO_FILTERS, writeHash } from './state.ts';
import type { Comparison, Index } from './types.ts';

const DECISIONS = { approve: 'Approved', reject: 'Rejected' };

function signOffForm({ suite, candidate, baseline }: Comparison, signed: Index['sign_offs'], store: ReviewStore): HTMLElement {
  const known = store.get().sign_offs.find((one) => isOf(one, { suite, candidate }));
  const message = h('p', { class: 'message-line', role: 'status' });
  const form = h(
    'form',
    { class: 'sign-off', novalidate: '', 'aria-label': `Sign-off of ${oneLine(candidate)} on ${oneLine(suite)}` },
    h('h3', {}, oneLine(suite), ' ', h('span', { class: 'models' }, `${oneLine(baseline)} → ${oneLine(candidate)}`)),
    ...signed
      .filter((one) => isOf(one, { suite, candidate }))
      .map((one) => h('p', { class: 'signed' }, oneLine(`${DECISIONS[one.decision]} by ${one.by}, ${one.at.slice(0, 10)}: ${one.reason}`))),
    choice('decision', 'Decision', { approve: 'Approve', reject: 'Reject', '': 'Open' }, known?.decision ?? ''),
    field('reason', 'Reason, needed for a decision', known?.reason ?? ''),
    h('button', { type: 'submit' }, 'Save'),
    message,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const review = store.get();
    const [decision, reason, by] = [formText(form, 'decision'), formText(form, 'reason'), review.reviewer];
    if (decision !== 'approve' && decision !== 'reject') {
      store.set({ ...review, sign_offs: withDecision(review.sign_offs, { suite, candidate }, null) });
      message.textContent = 'Left open.';
      return;
    }
    const problem = problemOf({ decision: 'accept', reason, note: '', by });
    if (problem !== null) {
      message.textContent = problem;
      (by === ''
        ? document.querySelector<HTMLElement>('#review input[name=by]')
        : form.querySelector<HTMLElement>('[name=reason]')
      )?.focus();
      return;
    }
    const saved = { suite, candidate, decision, reason, by, at: new Date().toISOString() } as const;
    const isKept = store.set({ ...review, sign_offs: withDecision(review.sign_offs, saved, saved) });
    message.textContent = isKept ? 'Saved.' : 'Saved on this page alone: this browser keeps nothing. Export it before you close the page.';
  });
  return form;
}

/** Hands the browser a file to keep. */
function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: address, download: 'review.json' }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function fileButtons(run: string, store: ReviewStore, again: () => void): HTMLElement {
  const message = h('p', { class: 'message-line', role: 'status' });
  const exporting = h('button', { type: 'button', class: 'primary' }, 'Export review.json');
  exporting.addEventListener('click', () => save(reviewText(store.get())));
  const file = h('input', {
    type: 'file',
    accept: '.json,application/json',
    class: 'visually-hidden',
    tabindex: '-1',
    'aria-label': 'A review.json',
  });
  const importing = h('button', { type: 'button' }, 'Import a review.json');
  importing.addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen === undefined) return;
    chosen
      .text()
      .then((text) => {
        const other = readReview(text, run);
        store.set(merged(store.get(), other));
        again();
        const shown = document.querySelector('#review .file .message-line');
        if (shown)
          shown.textContent = `Taken over: ${other.cases.length} of cases, ${other.sign_offs.length} sign-offs. Of two decisions of the same thing the newer holds.`;
      })
      .catch((error: unknown) => (message.textContent = error instanceof Error ? error.message : String(error)));
    file.value = '';
  });
  return h('div', { class: 'file' }, h('p', { class: 'buttons' }, exporting, importing, file), message);
}

function decisions(store: ReviewStore): HTMLElement {
  const { cases } = store.get();
  if (cases.length === 0) return h('p', { class: 'note' }, 'None yet. Open a case and decide at its end.');
  const items = cases.map((one) =>
    h(
      'li',
      {},
      h('a', { href: writeHash({ filters: NO_FILTERS, page: { kind: 'case', key: one, view: 'text' } }) }, oneLine(one.case, 200)),
      ` ${reviewLine(one)}`,
    ),
  );
  return h('ul', { class: 'decided' }, ...items);
}

/** Shows the page in a section, anew when a file was imported. */
export function showReview(section: HTMLElement, index: Pick<Index, 'run' | 'comparisons' | 'sign_offs'>, store: ReviewStore): void {
  const name = field('by', 'Your name, under everything you decide', store.get().reviewer);
  name.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement) store.set({ ...store.get(), reviewer: target.value.trim() });
  });
  section.replaceChildren(
    h('nav', { 'aria-label': 'Back' }, h('a', { href: '#/', class: 'back' }, '← Overview')),
    h('h1', { tabindex: '-1' }, 'Review'),
    h(
      'p',
      { class: 'lead' },
      `Run ${oneLine(index.run)}. Kept in this browser until you export it; give the file to the next run, or keep it beside the report.`,
    ),
    name,
    fileButtons(index.run, store, () => showReview(section, index, store)),
    h('h2', {}, 'Sign-offs'),
    h('div', { class: 'sign-offs' }, ...index.comparisons.map((comparison) => signOffForm(comparison, index.sign_offs, store))),
    h('h2', {}, 'Decisions on cases'),
    decisions(store),
  );
}
