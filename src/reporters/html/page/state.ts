/** What is shown, as it stands in the address: a link to a page is a link to its filters and its case. */
export const FILTERS = [
  'q',
  'in',
  'verdict',
  'suite',
  'candidate',
  'capability',
  'reason',
  'tag',
  'change',
  'review',
  'min',
  'max',
  'sort',
] as const;
export type Filters = Record<(typeof FILTERS)[number], string>;

export interface CaseKey {
  suite: string;
  candidate: string;
  case: string;
}

/** How answers are shown: as they were scored, as Markdown, or with their differences. */
export const VIEWS = ['text', 'markdown', 'diff'] as const;
export type View = (typeof VIEWS)[number];

export type Page =
  | { kind: 'list' }
  /** the list, with the card of a verdict in sight; 1-based */
  | { kind: 'verdict'; number: number }
  | { kind: 'review' }
  | { kind: 'case'; key: CaseKey; view: View };

export interface State {
  filters: Filters;
  page: Page;
}

export const LIST: Page = { kind: 'list' };
export const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, ''])) as Filters;

const decode = (part: string) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
/** A lone surrogate cannot stand in an address. */
const encode = (part: string) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\uFFFD'));

function pathOf(page: Page): string {
  if (page.kind === 'list') return '';
  if (page.kind === 'review') return 'review';
  if (page.kind === 'verdict') return `verdict/${page.number}`;
  return `case/${encode(page.key.suite)}/${encode(page.key.candidate)}/${encode(page.key.case)}`;
}

/** `#/case/<suite>/<candidate>/<case>?verdict=…&view=diff`, `#/?q=…`, `#/verdict/2` or `#/review` */
export function writeHash({ filters, page }: State): string {
  const query = FILTERS.filter((name) => filters[name] !== '').map((name) => `${name}=${encode(filters[name])}`);
  if (page.kind === 'case' && page.view !== 'text') query.push(`view=${page.view}`);
  return `#/${pathOf(page)}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

function pageOf(path: string, view: string): Page {
  const [kind, first, candidate, name] = path.split('/').map(decode);
  if (kind === 'review') return { kind };
  if (kind === 'verdict' && /^[1-9]\d{0,5}$/.test(first ?? '')) return { kind, number: Number(first) };
  if (kind !== 'case' || first === undefined || candidate === undefined || name === undefined) return LIST;
  return { kind, key: { suite: first, candidate, case: name }, view: VIEWS.find((known) => known === view) ?? 'text' };
}

/** Reads any text: what it does not know it leaves out. */
export function readHash(hash: string): State {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const given = new Map(
    query.split('&').map((pair): [string, string] => [pair.split('=', 1)[0] ?? '', decode(pair.slice(pair.indexOf('=') + 1))]),
  );
  const filters = { ...NO_FILTERS };
  for (const name of FILTERS) filters[name] = given.get(name) ?? '';
  return { filters, page: pageOf(path, given.get('view') ?? '') };
}
