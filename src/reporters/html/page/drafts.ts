/** What the reviewer has decided and not yet handed on, beside the verdicts and in the head of the page. */
import { oneLine } from '../../text.ts';
import { byId } from './dom.ts';
import { isOf } from './review-file.ts';
import type { ReviewStore } from './review-store.ts';
import type { Index } from './types.ts';

export function showDrafts({ comparisons }: Pick<Index, 'comparisons'>, store: ReviewStore): void {
  const { cases, sign_offs } = store.get();
  byId('to-review', HTMLAnchorElement).hidden = false;
  const count = cases.length + sign_offs.length;
  byId('drafts', HTMLElement).textContent = count === 0 ? '' : ` (${count})`;
  for (const line of document.querySelectorAll<HTMLElement>('[data-sign-off]')) {
    const own = comparisons.find(({ suite, candidate }) => `${suite}\n${candidate}` === line.dataset['signOff']);
    const signed = own === undefined ? undefined : sign_offs.find((one) => isOf(one, { suite: own.suite, candidate: own.candidate }));
    line.hidden = signed === undefined;
    if (signed === undefined) continue;
    const { decision, by, reason } = signed;
    line.textContent = oneLine(
      `${decision === 'approve' ? 'Approved' : 'Rejected'} by ${by}: ${reason} (in this browser, not yet exported)`,
    );
  }
}
