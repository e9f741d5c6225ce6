/** Which rows are listed, in which order. No DOM here. */
import type { Filters } from './state.ts';
import type { Row } from './types.ts';

type Order = (a: Row, b: Row) => number;
const collator = new Intl.Collator('en', { numeric: true });
const score = (value: number | null) => value ?? -1;
const gap = ({ quality_score: { baseline, candidate } }: Row) => score(candidate) - score(baseline);

/** NEEDS_WORK first, the farthest below the baseline first, critical cases before others that are as far. */
const worst: Order = (a, b) =>
  Number(a.verdict === 'PASS') - Number(b.verdict === 'PASS') || gap(a) - gap(b) || Number(b.critical) - Number(a.critical);

const ORDERS: Record<string, Order> = {
  worst,
  order: () => 0,
  case: (a, b) => collator.compare(a.case, b.case),
  comparison: (a, b) => collator.compare(a.suite, b.suite) || collator.compare(a.candidate, b.candidate),
  verdict: (a, b) => collator.compare(a.verdict, b.verdict) || collator.compare(a.reason ?? '', b.reason ?? ''),
  baseline: (a, b) => score(a.quality_score.baseline) - score(b.quality_score.baseline),
  candidate_score: (a, b) => score(a.quality_score.candidate) - score(b.quality_score.candidate),
};

/** Words of a query; each must occur, in any order. */
export const termsOf = (query: string): string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** Text of each row that is searched at once: name, tags, suite and the beginning of the prompt. */
export function searchable(rows: readonly Row[]): (row: Row) => string {
  const texts = new Map(rows.map((row): [Row, string] => [row, [row.case, row.suite, row.lead, ...row.tags].join('\n').toLowerCase()]));
  return (row) => texts.get(row) ?? '';
}

/** Whether a score lies between two typed numbers; what is no number does not bound. An unknown score is in no range. */
function inRange(value: number | null, { min, max }: Filters): boolean {
  const bound = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text));
  const [least, most] = [bound(min), bound(max)];
  if (least === null && most === null) return true;
  return value !== null && value >= (least ?? -Infinity) && value <= (most ?? Infinity);
}

/** What the list asks of the page around it. */
export interface Sources {
  textOf: (row: Row) => string;
  /** rows whose whole texts hold the query; empty unless it was asked for */
  found: ReadonlySet<Row>;
  isReviewed: (row: Row) => boolean;
}

/** An unknown order is the default one. */
export function chooseRows(rows: readonly Row[], filters: Filters, { textOf, found, isReviewed }: Sources): Row[] {
  const terms = termsOf(filters.q);
  const is = (wanted: string, value: string | null) => wanted === '' || wanted === value;
  const chosen = rows.filter((row) => {
    if (!is(filters.verdict, row.verdict) || !is(filters.suite, row.suite) || !is(filters.candidate, row.candidate)) return false;
    if (!is(filters.reason, row.reason) || !is(filters.capability, row.capability) || !is(filters.change, row.transition)) return false;
    if (filters.tag !== '' && !row.tags.includes(filters.tag)) return false;
    if (filters.review !== '' && isReviewed(row) !== (filters.review === 'any')) return false;
    if (!inRange(row.quality_score.candidate, filters)) return false;
    if (terms.length === 0 || found.has(row)) return true;
    const text = textOf(row);
    return terms.every((term) => text.includes(term));
  });
  const name = filters.sort.replace(/^-/, '');
  const order = (Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined) ?? worst;
  return chosen.sort(filters.sort.startsWith('-') ? (a, b) => order(b, a) : order);
}
