/** report.csv as others read it: Python's csv module, and LibreOffice, where they are on this machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseResult, RunView } from '../record.ts';
import { csv, readTextCell } from './csv.ts';
import { exampleRun, hostileTexts, textOf } from './example-run.ts';

const has = (program: string) => spawnSync(program, ['--version'], { timeout: 60_000 }).status === 0;
const [python, soffice] = [has('python3'), has('soffice')];

/** LibreOffice 7.4 holds so many characters of a cell; Excel 32,767. */
const MOST_OF_A_CELL = 65_535;

/** The example run, and the hostile corpus as names and answers, and as reasons of reviews and quarantines. */
function run(): RunView {
  const { record, results } = exampleRun();
  const hostile = Object.values(hostileTexts).map((text, i): CaseResult => {
    const result = results[i % results.length]!;
    const reason = text.slice(0, 1_000);
    const candidate = result.answers.candidate.map((one) => ({ ...one, answer: text }));
    const review = { decision: 'accept' as const, by: reason, reason, note: '', at: '2026-11-25T12:00:00Z' };
    const answers = { ...result.answers, candidate };
    return { ...result, case: `${i} ${reason}`, answers, review, quarantine: { until: '2026-12-31', why: reason } };
  });
  const review = { by: ['Ann'], accepted: 1, rejected: 0, expired: 0, sign_offs: [] };
  return { record: { ...record, review }, results: [...results, ...hostile] };
}

let folder: string;
let written: string[][];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onpar-csv-'));
  const text = textOf(csv.render(run()));
  writeFileSync(join(folder, 'report.csv'), text);
  written = parse(text, { bom: true, record_delimiter: '\r\n' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every text of the run is in the file, once the quote before a formula is taken off', () => {
  const { results } = run();
  const column = (name: string) => written.slice(1).map((row) => readTextCell(row[(written[0] ?? []).indexOf(name)] ?? 'no such column'));
  const storable = (text: string) => text.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\u0000', '␀');
  const all = [...results];
  expect(column('case')).toEqual(all.map((one) => storable(one.case)));
  expect(column('answer_candidate')).toEqual(all.map(({ answers }) => storable(answers.candidate[0]?.answer ?? '')));
  expect(column('quarantined_why')).toEqual(all.map(({ quarantine }) => storable(quarantine?.why ?? '')));
  expect(column('review')).toEqual(all.map(({ review }) => review?.decision ?? ''));
});

test.skipIf(!python)("Python's csv module reads the same cells (needs python3)", () => {
  const script = [
    'import csv, json, sys',
    'csv.field_size_limit(10 ** 9)',
    'rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))',
    'json.dump(rows, open(sys.argv[2], "w", encoding="utf-8"))',
  ];
  const out = join(folder, 'rows.json');
  const { status, stderr } = spawnSync('python3', ['-c', script.join('\n'), join(folder, 'report.csv'), out], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(written);
});

test.skipIf(!soffice)('LibreOffice reads the same cells, and runs none of them (needs soffice)', () => {
  const read = '44,34,76,1'; // comma, quote, UTF-8, from line 1; what looks like a number becomes one, as when the file is double-clicked
  const convert = (to: string) => {
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
    const args = [
      '--headless',
      profile,
      `--infilter=Text - txt - csv (StarCalc):${read}`,
      '--convert-to',
      to,
      '--outdir',
      join(folder, 'out'),
    ];
    const { status, stderr } = spawnSync('soffice', [...args, join(folder, 'report.csv')], { encoding: 'utf8', timeout: 110_000 });
    expect(status, stderr).toBe(0);
  };
  convert('fods');
  expect(readFileSync(join(folder, 'out/report.fods'), 'utf8')).not.toContain('table:formula');
  convert(`csv:Text - txt - csv (StarCalc):${read},,0,false,false`);
  const rows: string[][] = parse(readFileSync(join(folder, 'out/report.csv')), { bom: true, relax_column_count: true });
  expect(rows).toHaveLength(written.length);
  const strays = written.flatMap((row, i) =>
    row.flatMap((cell, j) => (isSame(cell, rows[i]?.[j] ?? '') ? [] : [[cell.slice(0, 80), rows[i]?.[j]]])),
  );
  expect(strays).toEqual([]);
});

/** A spreadsheet holds numbers to 15 digits, writes TRUE for true, ends lines in \n, and cuts what is too long for a cell. */
function isSame(ours: string, theirs: string): boolean {
  if (ours.toLowerCase() === theirs.toLowerCase()) return true;
  if (ours !== '' && Math.abs(Number(ours) - Number(theirs)) <= 1e-12 * Math.abs(Number(ours))) return true;
  return ours.replace(/\r\n?/g, '\n').slice(0, MOST_OF_A_CELL) === theirs;
}
