/** Which rows are listed, in which order. No DOM here. */
import type { Filters } from './state.ts';
import type { Index, Row } from './types.ts';

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

/** Rows with their searchable text, made once. */
export function searchable({ prompts, rows }: Index): (row: Row) => string {
  const lowered = prompts.map(({ text }) => text.toLowerCase());
  const texts = new Map(rows.map((row): [Row, string] => [row, `${row.case}\n${row.tags.join('\n')}\n${row.suite}\n`.toLowerCase()]));
  return (row) => (texts.get(row) ?? '') + (lowered[row.prompt] ?? '');
}

/** Every word of the query must occur, in any order. An unknown order is the default one. */
export function chooseRows(rows: readonly Row[], filters: Filters, textOf: (row: Row) => string): Row[] {
  const terms = filters.q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const is = (wanted: string, value: string | null) => wanted === '' || wanted === value;
  const chosen = rows.filter((row) => {
    if (!is(filters.verdict, row.verdict) || !is(filters.suite, row.suite) || !is(filters.candidate, row.candidate)) return false;
    if (!is(filters.reason, row.reason) || (filters.tag !== '' && !row.tags.includes(filters.tag))) return false;
    const text = terms.length === 0 ? '' : textOf(row);
    return terms.every((term) => text.includes(term));
  });
  const name = filters.sort.replace(/^-/, '');
  const order = (Object.hasOwn(ORDERS, name) ? ORDERS[name] : undefined) ?? worst;
  return chosen.sort(filters.sort.startsWith('-') ? (a, b) => order(b, a) : order);
}
