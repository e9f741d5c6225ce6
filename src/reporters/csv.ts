/** One row a case and candidate, for spreadsheets: RFC 4180 with BOM, every text cell safe from being taken for a formula. */
import { stringify } from 'csv-stringify/sync';
import type { Answer, CaseResult, RunView } from '../record.ts';
import { reviewText } from './reviews.ts';
import { missingElements, promptText, wellFormed } from './text.ts';

type Cell = string | number | boolean | null;
type Side = 'baseline' | 'candidate';

/** What a spreadsheet would take for a formula, also behind blanks and quotes that it skips. */
// eslint-disable-next-line no-control-regex -- NUL and tab are among what it skips
const FORMULA = /^['\s\u0000␀]*[=+\-@＝＋－＠]|^['␀ ]*[\t\r]/;

/** `'` goes before a formula. NUL and lone surrogates, which no spreadsheet can hold, become ␀ and U+FFFD. */
export function textCell(text: string): string {
  const storable = wellFormed(text).replaceAll('\u0000', '␀');
  return FORMULA.test(storable) ? `'${storable}` : storable;
}

/** The value that `textCell` was given: takes the quote off again. */
export function readTextCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

type Column = (result: CaseResult) => Cell;
const list = (items: readonly string[]) => items.join('; ');

/** Columns `<name>_baseline` and `<name>_candidate`. */
const both = (name: string, read: (result: CaseResult, side: Side) => Cell): Record<string, Column> => ({
  [`${name}_baseline`]: (result) => read(result, 'baseline'),
  [`${name}_candidate`]: (result) => read(result, 'candidate'),
});

/** The same, read from the first answer of each side; empty where a side has none. */
const ofAnswers = (name: string, read: (answer: Answer) => Cell): Record<string, Column> =>
  both(name, ({ answers }, side) => {
    const [first] = answers[side];
    return first === undefined ? null : read(first);
  });

const ofSimilarity = (part: 'm' | 'f'): Record<string, Column> => ({
  [`similarity_${part}`]: ({ similarity }) => similarity?.[part].value ?? null,
  [`similarity_${part}_raw`]: ({ similarity }) => similarity?.[part].raw ?? null,
  [`similarity_${part}_floor`]: ({ similarity }) => similarity?.[part].floor ?? null,
  [`similarity_${part}_ceiling`]: ({ similarity }) => similarity?.[part].ceiling ?? null,
});

/** Column name → how its cell is read, in the order of the file. */
const COLUMNS: Record<string, Column> = {
  suite: ({ suite }) => suite,
  baseline: ({ baseline }) => baseline,
  candidate: ({ candidate }) => candidate,
  case: (result) => result.case,
  verdict: ({ verdict }) => verdict,
  reason: ({ reason }) => reason,
  why: ({ why }) => why,
  complete: ({ complete }) => complete,
  critical: ({ critical }) => critical,
  tags: ({ tags }) => list(tags),
  ...both('quality_score', ({ quality_score }, side) => quality_score[side]),
  ...both('coverage', ({ coverage }, side) => coverage[side]),
  similarity: ({ similarity }) => similarity?.value ?? null,
  similarity_why: ({ similarity }) => similarity?.why ?? null,
  ...ofSimilarity('m'),
  ...ofSimilarity('f'),
  missing_elements: (result) => list(missingElements(result)),
  ...both('hard_failures', ({ hard_failures }, side) => list(hard_failures[side].map(({ kind }) => kind))),
  ...both('reading', ({ reading }, side) => reading[side]),
  ...both('samples', ({ answers }, side) => answers[side].length),
  ...ofAnswers('state', ({ state }) => state),
  ...ofAnswers('finish_reason', ({ finish_reason }) => finish_reason),
  ...ofAnswers('latency_ms', ({ timings }) => timings?.total_ms ?? null),
  ...ofAnswers('first_token_ms', ({ timings }) => timings?.first_token_ms ?? null),
  ...ofAnswers('tokens_per_second', ({ timings }) => timings?.tokens_per_second ?? null),
  ...ofAnswers('input_tokens', ({ usage }) => usage?.input_tokens ?? null),
  ...ofAnswers('output_tokens', ({ usage }) => usage?.output_tokens ?? null),
  ...ofAnswers('reasoning_tokens', ({ usage }) => usage?.reasoning_tokens ?? null),
  ...ofAnswers('cost_usd', ({ call }) => call?.cost_usd ?? null),
  ...ofAnswers('reported_model', ({ reported_model }) => reported_model),
  ...ofAnswers('source', ({ source }) => source),
  ...ofAnswers('licence', ({ licence }) => licence),
  quarantined_until: ({ quarantine }) => quarantine?.until ?? null,
  quarantined_why: ({ quarantine }) => quarantine?.why ?? null,
  review: ({ review }) => (review === undefined ? null : (review.decision ?? 'note')),
  review_text: (result) => reviewText(result),
  quality_score_before_review: ({ review }) => review?.scored?.candidate ?? null,
  suite_file: ({ at }) => at.file,
  suite_line: ({ at }) => at.line,
  prompt: ({ messages }) => promptText(messages),
  ...ofAnswers('answer', ({ answer }) => answer),
};

/** Where there is an earlier run: `new`, `fixed`, `broken` or `same`, after what the case is. */
const SINCE: Record<string, Column> = { transition: ({ transition }) => transition ?? null };

function columnsOf({ record: { verdicts } }: RunView): Record<string, Column> {
  if (verdicts.every(({ previous }) => previous === undefined)) return COLUMNS;
  const entries = Object.entries(COLUMNS).flatMap((entry) => (entry[0] === 'critical' ? [...Object.entries(SINCE), entry] : [entry]));
  return Object.fromEntries(entries);
}

const row = (result: CaseResult, columns: Record<string, Column>): Cell[] =>
  Object.values(columns).map((read) => {
    const cell = read(result);
    return typeof cell === 'string' ? textCell(cell) : cell;
  });

/** The writer takes longer to be made than to write a row. */
const ROWS_AT_ONCE = 100;
/** A line break of any kind is quoted: the writer by itself only quotes the one that ends a row, and others than its reader end a row at `\n`, too. */
const FORMAT = { record_delimiter: 'windows', quoted_match: /[\r\n]/, escape_formulas: true, cast: { boolean: String } } as const;

export const csv = {
  file: 'report.csv',
  extensions: ['.csv'],
  *render(view: RunView): Generator<string> {
    const columns = columnsOf(view);
    yield stringify([], { ...FORMAT, header: true, columns: Object.keys(columns), bom: true });
    let rows: Cell[][] = [];
    for (const result of view.results) {
      if (rows.push(row(result, columns)) < ROWS_AT_ONCE) continue;
      yield stringify(rows, FORMAT);
      rows = [];
    }
    yield stringify(rows, FORMAT);
  },
};
