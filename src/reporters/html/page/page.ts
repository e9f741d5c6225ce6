/** The report's script: the address says what to show, this shows it. */
import { oneLine } from '../../text.ts';
import { caseBody } from './case-view.ts';
import { chooseRows, searchable, type Sources } from './choose.ts';
import { byId, h } from './dom.ts';
import { startFilters } from './filter-form.ts';
import { listenToKeys, startHelp } from './keys.ts';
import { showOrder, startList } from './list-view.ts';
import { preparePrint } from './print.ts';
import { showDrafts } from './drafts.ts';
import { isOf } from './review-file.ts';
import { showReview } from './review-page.ts';
import { openReview } from './review-store.ts';
import { startSearch } from './search.ts';
import { LIST, readHash, writeHash, type CaseKey, type Page, type View } from './state.ts';
import { startTheme } from './theme.ts';
import type { Row } from './types.ts';
import { readCase, readIndex } from './unpack.ts';

const section = (id: string) => byId(id, HTMLElement);
const SECTIONS = ['summary', 'list', 'case', 'review'] as const;
const SHOWN: Record<Page['kind'], readonly string[]> = {
  list: ['summary', 'list'],
  verdict: ['summary', 'list'],
  case: ['case'],
  review: ['review'],
};

async function start(): Promise<void> {
  startTheme();
  startHelp();
  const { index, rows } = await readIndex();
  const store = openReview(index.run, () => showDrafts(index, store));
  // opens the chunk ahead of the click; what goes wrong is told when the case is opened
  const list = startList((row) => void readCase(row).catch(() => {}));
  const titleOf = searchable(rows);
  const search = startSearch(rows, titleOf, () => void show());
  let state = readHash(location.hash);
  let chosen: Row[] = [];
  /** the case that was left last, to come back to its row */
  let left: CaseKey | null = null;
  const keyOf = ({ suite, candidate, case: name }: CaseKey): CaseKey => ({ suite, candidate, case: name });
  const addressOf = (page: Page) => writeHash({ ...state, page });
  const go = (page: Page) => (location.hash = addressOf(page));
  const view = (): View => (state.page.kind === 'case' ? state.page.view : 'text');
  const caseAddress = (row: Row) => addressOf({ kind: 'case', key: keyOf(row), view: view() });
  const isReviewed = (row: Row) => row.review !== null || reviewed.has(JSON.stringify(keyOf(row)));
  let reviewed = new Set<string>();
  const sources: Omit<Sources, 'found'> = { textOf: titleOf, isReviewed };

  async function showCase(key: CaseKey): Promise<void> {
    const place = chosen.findIndex((row) => isOf(row, key));
    const row = chosen[place] ?? rows.find((other) => isOf(other, key));
    const nav = h('nav', { 'aria-label': 'Cases' }, h('a', { href: addressOf(LIST), class: 'back' }, '← All cases'));
    const title = h('h1', { tabindex: '-1' }, oneLine(key.case));
    const own = section('case');
    own.setAttribute('aria-label', `Case ${oneLine(key.case)}`);
    if (row === undefined) {
      own.replaceChildren(nav, title, h('p', { class: 'notice' }, 'This report holds no such case.'));
      return;
    }
    const step = (by: number, name: string) => {
      const other = place < 0 ? undefined : chosen[place + by];
      return other === undefined
        ? h('span', { class: 'step off' }, name)
        : h('a', { class: `step ${name.toLowerCase()}`, href: caseAddress(other) }, name);
    };
    nav.append(h('span', { class: 'steps' }, place < 0 ? '' : `${place + 1} of ${chosen.length}`, step(-1, 'Previous'), step(1, 'Next')));
    const result = await readCase(row);
    if (state.page.kind !== 'case' || !isOf(state.page.key, key)) return;
    const viewAddress = (other: View) => addressOf({ kind: 'case', key, view: other });
    own.replaceChildren(nav, title, ...caseBody(result, view(), viewAddress, store));
  }

  function showList(): void {
    list.show(chosen, caseAddress, isReviewed);
    showOrder(state.filters.sort);
    section('nothing').hidden = chosen.length > 0;
    const all = rows.length.toLocaleString('en');
    section('shown').textContent = chosen.length === rows.length ? all : `${chosen.length.toLocaleString('en')} of ${all}`;
  }

  /** for which filters and findings the rows were chosen */
  let chosenFor: unknown[] = [];
  function choose(): void {
    const { filters } = state;
    const found = search.find(filters);
    const now = [...Object.values(filters), found, filters.review === '' ? null : store.get()];
    if (now.every((part, at) => part === chosenFor[at]) && chosenFor.length > 0) return;
    chosenFor = now;
    chosen = chooseRows(rows, filters, { ...sources, found });
  }

  async function show(): Promise<void> {
    const before = state.page;
    state = readHash(location.hash);
    const { page, filters } = state;
    form.write(filters);
    reviewed = new Set(store.get().cases.map((one) => JSON.stringify(keyOf(one))));
    choose();
    for (const id of SECTIONS) section(id).hidden = !SHOWN[page.kind].includes(id);
    if (page.kind === 'case') {
      const isSameCase = before.kind === 'case' && isOf(before.key, page.key) && document.querySelector('#case > h1') !== null;
      await showCase(page.key);
      if (isSameCase) document.querySelector<HTMLElement>('.views [aria-current]')?.focus({ preventScroll: true });
      else focusTitle('case');
    } else if (page.kind === 'review') {
      showReview(section('review'), index, store);
      focusTitle('review');
    } else {
      const wasList = before.kind === 'list' && left === null;
      showList();
      if (page.kind === 'verdict') {
        const card = document.getElementById(`verdict-${page.number}`);
        card?.closest('article')?.scrollIntoView();
        card?.focus({ preventScroll: true });
      } else if (left !== null) {
        const key = left;
        list.focus(chosen.findIndex((row) => isOf(row, key)));
      } else if (wasList && chosen.length < rows.length && !section('list').contains(document.activeElement)) {
        // a link to some of the cases, not a filter that is being set
        section('list').scrollIntoView();
      }
    }
    left = page.kind === 'case' ? page.key : null;
    document.documentElement.dataset['ready'] = writeHash(state);
  }

  function focusTitle(id: 'case' | 'review'): void {
    scrollTo(0, 0);
    section(id).querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }

  const filter = (filters: typeof state.filters) => {
    history.replaceState(null, '', writeHash({ filters, page: LIST }));
    void show();
  };
  const form = startFilters(filter);
  for (const button of document.querySelectorAll<HTMLElement>('th[data-sort] button')) {
    button.addEventListener('click', () => {
      const sort = button.parentElement?.dataset['sort'] ?? '';
      location.hash = writeHash({ filters: { ...state.filters, sort: state.filters.sort === sort ? `-${sort}` : sort }, page: LIST });
    });
  }
  addEventListener('hashchange', () => void show());
  addEventListener('beforeprint', () => preparePrint(rows));
  listenToKeys({
    row: (by) => list.focus(list.current() < 0 ? 0 : list.current() + by),
    back: () => go(LIST),
    review: () => go({ kind: 'review' }),
  });
  showDrafts(index, store);
  await show();
}

start().catch((error: unknown) => {
  byId('shown', HTMLElement).textContent = `The cases could not be shown: ${String(error)}`;
});
