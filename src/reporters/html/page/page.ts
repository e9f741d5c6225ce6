/** The report's script: the address says what to show, this shows it. */
import { oneLine } from '../../text.ts';
import { caseBody } from './case-view.ts';
import { chooseRows, searchable } from './choose.ts';
import { byId, h } from './dom.ts';
import { listenToKeys } from './keys.ts';
import { PAGE, showList } from './list-view.ts';
import { preparePrint } from './print.ts';
import { FILTERS, NO_FILTERS, readHash, writeHash, type CaseKey, type State } from './state.ts';
import { startTheme } from './theme.ts';
import type { Row } from './types.ts';
import { readCase, readIndex } from './unpack.ts';

const isSame = (a: CaseKey, b: CaseKey) => a.suite === b.suite && a.candidate === b.candidate && a.case === b.case;
const go = (state: State) => (location.hash = writeHash(state));

async function start(): Promise<void> {
  startTheme();
  const index = await readIndex();
  const textOf = searchable(index);
  const form = byId('filters', HTMLFormElement);
  const sections = { summary: byId('summary', HTMLElement), list: byId('list', HTMLElement), case: byId('case', HTMLElement) };
  let state = readHash(location.hash);
  let chosen: Row[] = [];
  let lastOpen: CaseKey | null = null;

  const fields = () =>
    FILTERS.map((name) => form.elements.namedItem(name)).filter(
      (field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement,
    );

  async function showCase(key: CaseKey): Promise<void> {
    const place = chosen.findIndex((row) => isSame(row, key));
    const row = chosen[place] ?? index.rows.find((other) => isSame(other, key));
    const nav = h('nav', { 'aria-label': 'Cases' }, h('a', { href: writeHash({ ...state, open: null }), class: 'back' }, '← All cases'));
    const title = h('h1', { tabindex: '-1' }, oneLine(key.case));
    sections.case.setAttribute('aria-label', `Case ${oneLine(key.case)}`);
    if (row === undefined) {
      sections.case.replaceChildren(nav, title, h('p', { class: 'notice' }, 'This report holds no such case.'));
      return;
    }
    const step = (by: number, name: string) => {
      const other = place < 0 ? undefined : chosen[place + by];
      return other === undefined
        ? h('span', { class: 'step off' }, name)
        : h('a', { class: 'step', href: writeHash({ ...state, open: other }) }, name);
    };
    nav.append(h('span', { class: 'steps' }, place < 0 ? '' : `${place + 1} of ${chosen.length}`, step(-1, 'Previous'), step(1, 'Next')));
    const result = await readCase(row);
    if (state.open !== null && isSame(state.open, key)) sections.case.replaceChildren(nav, title, ...caseBody(result));
  }

  async function show(): Promise<void> {
    state = readHash(location.hash);
    for (const field of fields())
      if (field !== document.activeElement || field instanceof HTMLSelectElement)
        field.value = state.filters[field.name as keyof typeof state.filters];
    chosen = chooseRows(index.rows, state.filters, textOf);
    const isCase = state.open !== null;
    [sections.summary.hidden, sections.list.hidden, sections.case.hidden] = [isCase, isCase, !isCase];
    if (state.open !== null) {
      await showCase(state.open);
      scrollTo(0, 0);
      sections.case.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    } else {
      showList(index, chosen, state);
      const from = lastOpen;
      const place = from === null ? -1 : chosen.findIndex((row) => isSame(row, from));
      const links = document.querySelectorAll<HTMLElement>('#rows a');
      if (place >= 0) links[place - (state.page - 1) * PAGE]?.focus();
    }
    lastOpen = state.open;
    document.documentElement.dataset['ready'] = writeHash(state);
  }

  const filter = () => {
    const filters = { ...NO_FILTERS };
    for (const field of fields()) filters[field.name as keyof typeof filters] = field.value;
    history.replaceState(null, '', writeHash({ filters, page: 1, open: null }));
    void show();
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(filter));
  const turn = (by: number) => go({ ...state, page: state.page + by });
  byId('previous-page', HTMLButtonElement).addEventListener('click', () => turn(-1));
  byId('next-page', HTMLButtonElement).addEventListener('click', () => turn(1));
  for (const button of document.querySelectorAll<HTMLElement>('th[data-sort] button')) {
    button.addEventListener('click', () => {
      const sort = button.parentElement?.dataset['sort'] ?? '';
      go({ ...state, page: 1, filters: { ...state.filters, sort: state.filters.sort === sort ? `-${sort}` : sort } });
    });
  }
  addEventListener('hashchange', () => void show());
  addEventListener('beforeprint', () => preparePrint(index));
  listenToKeys(() => go({ ...state, open: null }));
  await show();
}

start().catch((error: unknown) => {
  byId('shown', HTMLElement).textContent = `The cases could not be shown: ${String(error)}`;
});
