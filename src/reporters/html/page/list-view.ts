/** The list of cases: only the rows in sight are in the document, so that 10,000 scroll as well as ten. */
import { fixed, oneLine, words } from '../../text.ts';
import { badge } from './case-view.ts';
import { byId, h } from './dom.ts';
import type { Row } from './types.ts';

/** Rows beyond each edge of the window. */
const BEYOND = 8;

export interface List {
  /** Shows these rows; `addressOf` gives the link of one. */
  show: (rows: readonly Row[], addressOf: (row: Row) => string, isReviewed: (row: Row) => boolean) => void;
  /** Brings a row into sight and gives it the focus. */
  focus: (place: number) => void;
  /** Place of the row that has, or last had, the focus; -1 for none. */
  current: () => number;
}

function score(value: number | null, isMeter: boolean, name: string): HTMLElement {
  const cell = h('td', { role: 'cell', class: 'number' }, h('span', { class: 'cell-name' }, name), fixed(value, 2));
  if (!isMeter || value === null) return cell;
  const bar = h('span', { class: 'meter', 'aria-hidden': 'true' });
  bar.style.setProperty('--value', String(value));
  cell.append(bar);
  return cell;
}

function signs(row: Row, isReviewed: boolean): HTMLElement[] {
  const { transition, critical, isQuarantined, tags } = row;
  const change = transition === null || transition === 'same' ? [] : [h('span', { class: `change ${transition}` }, transition)];
  const all = [isReviewed ? 'reviewed' : null, isQuarantined ? 'quarantined' : null, critical ? 'critical' : null, ...tags];
  const shown = all.filter((tag) => tag !== null).slice(0, 6);
  return [...change, ...shown.map((tag) => h('span', { class: 'tag' }, oneLine(tag, 40)))];
}

function rowView(row: Row, place: number, address: string, isReviewed: boolean): HTMLElement {
  const link = h('a', { href: address }, oneLine(row.case, 200));
  const lead = h('span', { class: 'excerpt', dir: 'auto' }, row.lead);
  const name = h('td', { role: 'cell', class: 'name' }, h('span', { class: 'title' }, link, ...signs(row, isReviewed)), lead);
  const models = h('span', { class: 'excerpt' }, `${oneLine(row.baseline, 60)} → ${oneLine(row.candidate, 60)}`);
  const suite = h('span', { class: 'suite' }, oneLine(row.suite, 60));
  return h(
    'tr',
    { role: 'row', 'aria-rowindex': String(place + 2), 'data-place': String(place) },
    h('td', { role: 'cell', class: 'verdict' }, badge(row), row.reason === null ? null : h('span', { class: 'reason' }, words(row.reason))),
    name,
    h('td', { role: 'cell', class: 'comparison' }, suite, models),
    score(row.quality_score.baseline, false, 'baseline'),
    score(row.quality_score.candidate, true, 'candidate'),
  );
}

/** Takes the place of rows that are out of sight. */
const gap = () => h('tr', { role: 'presentation', class: 'gap', 'aria-hidden': 'true' }, h('td', { colspan: '5' }));

export function startList(onExpected: (row: Row) => void): List {
  const body = byId('rows', HTMLElement);
  const table = body.closest('table');
  const [above, below] = [gap(), gap()];
  let rows: readonly Row[] = [];
  let address: (row: Row) => string = () => '';
  let reviewed: (row: Row) => boolean = () => false;
  /** of a row in pixels; all have the same at one width */
  let height = 0;
  let [from, to] = [0, 0];
  let current = -1;

  function draw(first: number, last: number): void {
    const focused = body.contains(document.activeElement) ? current : -1;
    [from, to] = [first, last];
    const drawn = rows.slice(from, to).map((row, index) => rowView(row, from + index, address(row), reviewed(row)));
    above.hidden = from === 0;
    below.hidden = to === rows.length;
    above.style.setProperty('height', `${from * height}px`);
    below.style.setProperty('height', `${(rows.length - to) * height}px`);
    body.replaceChildren(above, ...drawn, below);
    if (focused >= from && focused < to) linkAt(focused)?.focus({ preventScroll: true });
  }
  const linkAt = (place: number) => body.querySelector<HTMLElement>(`[data-place="${place}"] a`);

  function measure(): void {
    const before = height;
    height = body.querySelector('[data-place]')?.getBoundingClientRect().height ?? 0;
    if (height !== before) draw(from, to);
  }

  function update(isNew = false): void {
    if (body.offsetParent === null) return;
    if (isNew) draw(0, Math.min(rows.length, BEYOND));
    measure();
    if (height === 0) return;
    const top = -body.getBoundingClientRect().top;
    const first = Math.min(Math.max(0, rows.length - 1), Math.max(0, Math.floor(top / height)));
    const last = Math.min(rows.length, first + Math.ceil(innerHeight / height) + 1);
    // drawn anew only when an edge comes near
    const isCovered = from <= Math.max(0, first - 2) && to >= Math.min(rows.length, last + 2);
    if (isNew || !isCovered) draw(Math.max(0, first - BEYOND), Math.min(rows.length, last + BEYOND));
  }

  let isDue = false;
  const soon = () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      update();
    });
  };
  addEventListener('scroll', soon, { passive: true });
  addEventListener('resize', soon);
  const placeOf = (target: EventTarget | null) => {
    const place = target instanceof Element ? target.closest<HTMLElement>('[data-place]')?.dataset['place'] : undefined;
    return place === undefined ? -1 : Number(place);
  };
  body.addEventListener('focusin', ({ target }) => {
    if (placeOf(target) >= 0) current = placeOf(target);
    expect(placeOf(target));
  });
  body.addEventListener('pointerover', ({ target }) => expect(placeOf(target)));
  /** A row that is pointed at may be opened next. */
  function expect(place: number): void {
    const row = rows[place];
    if (row !== undefined) onExpected(row);
  }

  return {
    show: (shown, addressOf, isReviewed) => {
      [rows, address, reviewed] = [shown, addressOf, isReviewed];
      current = -1;
      table?.setAttribute('aria-rowcount', String(rows.length + 1));
      update(true);
    },
    focus: (place) => {
      if (place < 0 || place >= rows.length) return;
      const top = body.getBoundingClientRect().top + place * height;
      if (top < 80 || top + height > innerHeight - 20) scrollBy(0, top - innerHeight / 3);
      update();
      linkAt(place)?.focus({ preventScroll: true });
    },
    current: () => current,
  };
}

/** The sign of the order on the head of its column. */
export function showOrder(sort: string): void {
  for (const header of document.querySelectorAll<HTMLElement>('th[data-sort]')) {
    const own = header.dataset['sort'] ?? '';
    if (sort === own) header.setAttribute('aria-sort', 'ascending');
    else if (sort === `-${own}`) header.setAttribute('aria-sort', 'descending');
    else header.removeAttribute('aria-sort');
  }
}
