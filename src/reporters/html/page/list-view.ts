import { fixed, oneLine, words } from '../../text.ts';
import { badge } from './case-view.ts';
import { byId, h } from './dom.ts';
import { writeHash, type State } from './state.ts';
import type { Index, Row } from './types.ts';

export const PAGE = 50;

function score(value: number | null, isMeter: boolean, name: string): HTMLElement {
  const cell = h('td', { role: 'cell', class: 'number' }, h('span', { class: 'cell-name' }, name), fixed(value, 2));
  if (!isMeter || value === null) return cell;
  const bar = h('span', { class: 'meter', 'aria-hidden': 'true' });
  bar.style.setProperty('--value', String(value));
  cell.append(bar);
  return cell;
}

function rowView(row: Row, state: State, prompts: Index['prompts']): HTMLElement {
  const link = h('a', { href: writeHash({ ...state, open: row }) }, oneLine(row.case, 200));
  const tags = [row.critical ? 'critical' : null, ...row.tags].filter((tag) => tag !== null).slice(0, 6);
  const prompt = h('span', { class: 'excerpt', dir: 'auto' }, prompts[row.prompt]?.lead ?? '');
  const name = h('td', { role: 'cell', class: 'name' }, link, ...tags.map((tag) => h('span', { class: 'tag' }, oneLine(tag, 40))), prompt);
  const models = h('span', { class: 'excerpt' }, `${oneLine(row.baseline, 60)} → ${oneLine(row.candidate, 60)}`);
  return h(
    'tr',
    { role: 'row' },
    h('td', { role: 'cell', class: 'verdict' }, badge(row), row.reason === null ? null : h('span', { class: 'reason' }, words(row.reason))),
    name,
    h('td', { role: 'cell', class: 'comparison' }, oneLine(row.suite, 60), models),
    score(row.quality_score.baseline, false, 'baseline'),
    score(row.quality_score.candidate, true, 'candidate'),
  );
}

/** One page of the rows, the counts beside it, and the sign of the order on its column. */
export function showList(index: Index, chosen: readonly Row[], state: State): void {
  const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
  const page = Math.min(state.page, pages);
  const from = (page - 1) * PAGE;
  const rows = chosen.slice(from, from + PAGE);
  byId('rows', HTMLElement).replaceChildren(...rows.map((row) => rowView(row, state, index.prompts)));
  const all = index.rows.length === chosen.length ? '' : ` (of ${index.rows.length.toLocaleString('en')})`;
  byId('shown', HTMLElement).textContent =
    chosen.length === 0 ? `None${all}` : `${from + 1}–${from + rows.length} of ${chosen.length.toLocaleString('en')}${all}`;
  byId('nothing', HTMLElement).hidden = chosen.length > 0;
  byId('pages', HTMLElement).hidden = pages === 1;
  byId('page', HTMLElement).textContent = `Page ${page} of ${pages}`;
  byId('previous-page', HTMLButtonElement).disabled = page === 1;
  byId('next-page', HTMLButtonElement).disabled = page === pages;
  for (const header of document.querySelectorAll<HTMLElement>('th[data-sort]')) {
    const sort = header.dataset['sort'] ?? '';
    if (state.filters.sort === sort) header.setAttribute('aria-sort', 'ascending');
    else if (state.filters.sort === `-${sort}`) header.setAttribute('aria-sort', 'descending');
    else header.removeAttribute('aria-sort');
  }
}
