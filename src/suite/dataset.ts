/** `dataset:` of a suite → its cases. */
import { dirname, extname, resolve } from 'node:path';
import { InputError, type Problem } from '../errors.ts';
import type { Case, Cases } from '../record.ts';
import { buildRow, type CaseTools } from './build-case.ts';
import { checkVars } from './fill-case.ts';
import { checkFields, isMap, type Place, within } from './check-fields.ts';
import { readCsv, readJsonl, type Row } from './read-rows.ts';
import { fileName, readText } from './read-text.ts';

export interface SuiteFolder {
  cwd: string;
  /** absolute path of the suite file; dataset paths are relative to it */
  path: string;
}

const LONG_CHARACTERS = 1_000_000;

export async function buildDataset(value: unknown, place: Place, folder: SuiteFolder, tools: CaseTools): Promise<Cases> {
  const fields = checkFields(tools.schemas.dataset, value, place, 'dataset');
  const template = isMap(fields.case) ? fields.case : null;
  const rows = fields.path === undefined ? null : await readRows(fields.path, fields.format, place, folder);
  if (!template || !checkTemplate(template, within(place, 'case'), tools)) return [];
  if (rows === null) return [];
  try {
    const cases = buildRows(template, firstOf(rows.all, fields.limit, place, fields.path ?? ''), within(place, 'case'), tools);
    return tools.hold(cases, rows.characters > LONG_CHARACTERS);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    place.problems.push(...error.problems);
    return [];
  }
}

/** The first `limit` rows. All are gone through, so that every malformed one is told of; none at all is a problem, too. */
function* firstOf(rows: Iterable<Row>, limit: number | undefined, { problems, source, path }: Place, name: string): Generator<Row> {
  let count = 0;
  for (const row of rows) if (++count <= (limit ?? Infinity)) yield row;
  if (count === 0) problems.push({ code: 'suite/empty-file', at: source.at([...path, 'path']), what: `the dataset ${name} has no rows` });
}

/** What is wrong with the template whatever the row, said once. */
function checkTemplate(template: Record<string, unknown>, place: Place, { schemas }: CaseTools): boolean {
  const before = place.problems.length;
  checkFields(schemas.row, template, place, 'the case of the dataset');
  checkVars(template['vars'], within(place, 'vars'));
  return place.problems.length === before;
}

/** A problem that many rows share is said once, at its place in the suite, with the first of the rows. */
function* buildRows(template: Record<string, unknown>, rows: Iterable<Row>, place: Place, tools: CaseTools): Generator<Case> {
  const shared = new Map<string, { problem: Problem; first: Row; rows: number }>();
  for (const row of rows) {
    const problems: Problem[] = [];
    const built = buildRow(template, row.values, { ...place, problems }, row.at, tools);
    for (const problem of problems) {
      const key = `${problem.code} ${JSON.stringify(problem.at)}`;
      const known = shared.get(key);
      if (known) known.rows += 1;
      else shared.set(key, { problem, first: row, rows: 1 });
    }
    if (built) yield built;
  }
  for (const { problem, first, rows: count } of shared.values()) {
    const others = count > 1 ? ` and ${count - 1} more` : '';
    place.problems.push({ ...problem, what: `${problem.what} (row at ${first.at.file}:${first.at.line}${others})` });
  }
}

async function readRows(
  path: string,
  format: 'csv' | 'jsonl' | undefined,
  place: Place,
  { cwd, path: suite }: SuiteFolder,
): Promise<{ all: Iterable<Row>; characters: number } | null> {
  const absolute = resolve(dirname(suite), path);
  const file = fileName(cwd, absolute);
  const at = place.source.at([...place.path, 'path']);
  const kind = format ?? { '.csv': 'csv' as const, '.jsonl': 'jsonl' as const, '.ndjson': 'jsonl' as const }[extname(path).toLowerCase()];
  try {
    const text = await readText({ path: absolute, file, what: 'dataset', at });
    if (kind) return { all: kind === 'csv' ? readCsv(text, file) : readJsonl(text, file), characters: text.length };
    place.problems.push({
      code: 'suite/dataset-format',
      at,
      what: `${path} is neither .csv nor .jsonl`,
      fix: 'add format: csv, or format: jsonl',
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    place.problems.push(...error.problems);
  }
  return null;
}
