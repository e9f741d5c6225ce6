/** The search in whole texts as the list sees it: starts when asked for, shows how far it is, and forgets what is no longer wanted. */
import { byId } from './dom.ts';
import { searchTexts } from './full-text.ts';
import type { Filters } from './state.ts';
import type { Row } from './types.ts';

/** Milliseconds without a further key before texts are opened. */
const PAUSE = 120;

/** `find` gives what is known so far; `onFound` is called when there is more. */
export function startSearch(
  rows: readonly Row[],
  titleOf: (row: Row) => string,
  onFound: () => void,
): { find: (filters: Filters) => ReadonlySet<Row> } {
  const line = byId('searching', HTMLElement);
  const bar = line.querySelector('progress');
  const words = line.querySelector('span');
  let query = '';
  let found: ReadonlySet<Row> = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    const mine = query;
    const isWanted = () => query === mine;
    const trouble = (error: unknown) => words && (words.textContent = `Not everything could be searched: ${String(error)}`);
    searchTexts(rows, titleOf, mine, isWanted, (progress) => {
      const isMore = progress.found.size !== found.size;
      found = new Set(progress.found);
      if (bar) bar.value = progress.done / progress.total;
      const share = Math.floor((progress.done / progress.total) * 100);
      const isDone = progress.done === progress.total;
      if (words) words.textContent = isDone ? `Searched everything: in ${found.size} of ${rows.length} cases.` : `${share} % searched`;
      if (bar) bar.hidden = isDone;
      if (isMore) onFound();
    }).catch(trouble);
  }

  return {
    find: ({ q, in: scope }) => {
      const wanted = scope === 'text' ? q.trim() : '';
      if (wanted === query) return found;
      [query, found] = [wanted, new Set()];
      clearTimeout(timer);
      line.hidden = wanted === '';
      if (bar) [bar.hidden, bar.value] = [false, 0];
      if (words) words.textContent = 'Searching prompts and answers …';
      if (wanted !== '') timer = setTimeout(begin, PAUSE);
      return found;
    },
  };
}
