/** Dataset files → rows with their places. A row's values are kept as they stand in the file. */
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { InputError, type Position, type Problem } from '../errors.ts';
import { isMap } from './check-fields.ts';

export interface Row {
  values: Record<string, unknown>;
  at: Position;
}

/** RFC 4180: a header, quoted newlines, any line ends. Every ragged row is a problem; cells are texts.
 * Line ends become \n, inside cells, too, so that a file means the same wherever it was checked out. */
export function readCsv(text: string, file: string): Row[] {
  const records = parseRecords(text, file);
  const [header, ...rows] = records;
  if (!header) throw new InputError({ code: 'suite/empty-file', at: { file, line: 1, column: 1 }, what: `${file} is empty` });
  const columns = header.record;
  const problems = headerProblems(columns, header.at);
  for (const { record, at } of rows) {
    if (record.length === columns.length) continue;
    problems.push({
      code: 'suite/ragged-row',
      at,
      what: `this row has ${record.length} ${record.length === 1 ? 'cell' : 'cells'}; the header has ${columns.length}`,
      fix: record.length > columns.length ? 'put a cell that holds a comma in double quotes' : 'add the missing cells, empty if need be',
    });
  }
  if (problems.length > 0) throw new InputError(problems);
  return rows.map(({ record, at }) => ({ values: Object.fromEntries(columns.map((name, index) => [name, record[index]])), at }));
}

interface CsvRecord {
  record: string[];
  raw: string;
  info: { lines: number };
}

function parseRecords(text: string, file: string): { record: string[]; at: Position }[] {
  try {
    const options = { info: true, raw: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: '\n' };
    const records = parseCsv(text.replace(/\r\n?/g, '\n'), options) as unknown as CsvRecord[];
    return records.map(({ record, raw, info }) => ({
      record,
      at: { file, line: info.lines - (raw.trim().split('\n').length - 1), column: 1 },
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = typeof cause['lines'] === 'number' ? cause['lines'] : 1;
    const open = cause.code === 'CSV_QUOTE_NOT_CLOSED';
    const what = open ? 'a double quote is opened here and never closed' : 'a double quote stands inside a cell';
    throw new InputError(
      {
        code: 'suite/csv-quote',
        at: { file, line, column: 1 },
        what,
        fix: 'put the whole cell in double quotes, and write "" for a quote in it',
      },
      { cause },
    );
  }
}

function headerProblems(columns: string[], at: Position): Problem[] {
  return columns.flatMap((name, index) => {
    if (name.trim() === '') return [{ code: 'suite/csv-header', at, what: `column ${index + 1} has no name in the header` }];
    if (columns.indexOf(name) < index)
      return [{ code: 'suite/csv-header', at, what: `the header names the column "${name}" twice`, fix: 'rename one of the two' }];
    return [];
  });
}

/** One JSON object a line, one at a time. Every malformed line is a problem: they are thrown together, after the last row. */
export function* readJsonl(text: string, file: string): Generator<Row> {
  const problems: Problem[] = [];
  let line = 0;
  for (const raw of linesIn(text)) {
    line++;
    if (raw.trim() === '') continue;
    const values = parseLine(raw);
    const at = { file, line, column: 1 };
    if (!(values instanceof Error) && isMap(values) && !Object.hasOwn(values, '__proto__')) yield { values, at };
    else problems.push(lineProblem(raw, values, at));
  }
  if (problems.length > 0) throw new InputError(problems);
}

function* linesIn(text: string): Generator<string> {
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? undefined : end);
    yield line.endsWith('\r') ? line.slice(0, -1) : line;
    start = end < 0 ? text.length + 1 : end + 1;
  }
}

/** A number that would be written otherwise (3.10, 1e3, 20 digits) becomes the text that stands in the file. */
function parseLine(raw: string): unknown {
  try {
    JSON.parse(raw);
  } catch (cause) {
    return cause;
  }
  const kept = raw.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`,
  );
  return JSON.parse(kept) as unknown;
}

function lineProblem(raw: string, found: unknown, at: Position): Problem {
  if (!(found instanceof Error))
    return { code: 'suite/jsonl-line', at, what: 'this line is not a JSON object', fix: 'write one object a line: {"name": "…", …}' };
  const offset =
    /at position (\d+)/.exec(found.message)?.[1] ?? (/Unexpected end|Unterminated/.test(found.message) ? raw.length : undefined);
  const column = offset === undefined ? 1 : Number(offset) + 1;
  return {
    code: 'suite/jsonl-line',
    at: { ...at, column },
    what: 'this line is not valid JSON',
    fix: 'write one object a line: {"name": "…", …}',
  };
}
