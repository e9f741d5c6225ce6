/** What is shown, as it stands in the address: a link to a page is a link to its filters and its case. */
export const FILTERS = ['q', 'verdict', 'suite', 'candidate', 'reason', 'tag', 'sort'] as const;
export type Filters = Record<(typeof FILTERS)[number], string>;

export interface CaseKey {
  suite: string;
  candidate: string;
  case: string;
}
export interface State {
  filters: Filters;
  /** 1-based */
  page: number;
  /** the case that is open; null in the list */
  open: CaseKey | null;
}

export const NO_FILTERS: Filters = { q: '', verdict: '', suite: '', candidate: '', reason: '', tag: '', sort: '' };

const decode = (part: string) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
/** A lone surrogate cannot stand in an address. */
const encode = (part: string) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD'));

/** `#/case/<suite>/<candidate>/<case>?verdict=…` or `#/?q=…&page=2` */
export function writeHash({ filters, page, open }: State): string {
  const query = FILTERS.filter((name) => filters[name] !== '').map((name) => `${name}=${encode(filters[name])}`);
  if (page > 1) query.push(`page=${page}`);
  const path = open === null ? '' : `case/${encode(open.suite)}/${encode(open.candidate)}/${encode(open.case)}`;
  return `#/${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

/** Reads any text: what it does not know it leaves out. */
export function readHash(hash: string): State {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const given = new Map(
    query.split('&').map((pair): [string, string] => [pair.split('=', 1)[0] ?? '', decode(pair.slice(pair.indexOf('=') + 1))]),
  );
  const filters = { ...NO_FILTERS };
  for (const name of FILTERS) filters[name] = given.get(name) ?? '';
  const page = Math.max(1, Math.trunc(Number(given.get('page') ?? 1)) || 1);
  const [kind, suite, candidate, name] = path.split('/').map(decode);
  const open =
    kind === 'case' && suite !== undefined && candidate !== undefined && name !== undefined ? { suite, candidate, case: name } : null;
  return { filters, page, open };
}
