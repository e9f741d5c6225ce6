/** `onpar scorecard` on the shipped map and recordings: every verdict occurs, and every number is traced to its run by a link. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { KpiRow, RunRecord, Scorecard } from '../record.ts';
import { run } from './test-project.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'onpar-scorecard-'));
const reports = join(folder, 'reports');
const page = join(folder, 'out/card.html');
const scorecard = (...args: string[]) => run(root, ['scorecard', '--runs', reports, '--probes', join(reports, 'probes.jsonl'), ...args]);

let card: Scorecard;
let html = '';
let told = '';

beforeAll(async () => {
  // two of the shipped suites: the one whose answers were timed, and one that holds no pair of the map
  await run(root, ['eval', '--suite', 'local', '--suite', 'summary', '--offline', '--out', reports]);
  writeFileSync(join(reports, 'probes.jsonl'), '');
  const outputs = ['html', 'csv', 'md', 'json'].flatMap((ending) => ['-o', join(folder, `out/card.${ending}`)]);
  const { code, out, err } = await scorecard(...outputs);
  expect([code, err]).toEqual([1, '']);
  told = out;
  card = JSON.parse(readFileSync(join(folder, 'out/card.json'), 'utf8')) as Scorecard;
  html = readFileSync(page, 'utf8');
}, 120_000);

test('PASS, NEEDS_WORK and not measured all occur', () => {
  const of = (agent: string, kpi: string) => card.rows.find((row) => row.agent === agent && row.kpi === kpi && row.role === 'candidate');
  expect(of('rehearsal', 'quality')?.verdict).toBe('PASS');
  expect(of('rehearsal', 'total_time')).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target', n: 20 });
  expect(of('rehearsal', 'uptime')?.verdict).toBe('NOT_MEASURED');
  expect(of('summary', 'quality')?.why).toContain('nobody measured this pair on suite summary; its runs are of gpt-4-family → ');
  expect(of('deep-research', 'quality')).toMatchObject({ verdict: 'NOT_MEASURED', claimed: 0.92 });
  for (const word of ['✓ quality parity, local', '✗ total time', '· not measured: ']) expect(told).toContain(word);
  for (const line of told.split('\nwritten')[0]?.split('\n') ?? []) expect(line.length).toBeLessThanOrEqual(100);
});

test('every number has a link that leads to the run it is in', () => {
  const measured = card.rows.filter(({ value }) => value !== null);
  expect(measured.length).toBeGreaterThan(2);
  for (const row of measured) for (const { path } of row.sources) expect(html).toContain(`href="${hrefTo(path)}"`);
  const links = [...html.matchAll(/<a href="([^"#][^"]*)"/g)].map(([, href = '']) => resolve(dirname(page), decodeURIComponent(href)));
  expect(links.length).toBeGreaterThanOrEqual(measured.length);
  for (const file of links) expect(existsSync(file), file).toBe(true);
  for (const row of measured.filter(({ kpi }) => kpi === 'quality')) expect(numbersIn(row)).toEqual([row.value, row.lower, row.upper]);
});

const hrefTo = (path: string) => `reports/${path.split('/reports/')[1] ?? ''}`.replace(/^/, '../');

/** The same figures in the record of the run that the link leads to. */
function numbersIn(row: KpiRow) {
  const file = join(dirname(resolve(root, row.sources[0]?.path ?? '')), 'run.json');
  const { verdicts } = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  const found = verdicts.find(
    ({ suite, baseline, candidate }) => suite === row.suite && baseline === row.baseline && candidate === row.candidate,
  );
  return [found?.parity, found?.lower, found?.upper];
}

test('the page has no script and asks for nothing', () => {
  expect(html).toContain('default-src &#x27;none&#x27;; style-src &#x27;sha256-');
  expect(html).not.toMatch(/<script|javascript:|https?:|<link(?! rel="icon")/);
});

test('CSV and Markdown have every figure', () => {
  const lines = readFileSync(join(folder, 'out/card.csv'), 'utf8').trim().split('\r\n');
  expect(lines).toHaveLength(card.rows.length + 1);
  expect(lines[1]).toMatch(/^1,0,rehearsal,not_ready,general,smollm2,smollm2-again,candidate,quality,local,PASS,,0\.97\d+,/);
  const markdown = readFileSync(join(folder, 'out/card.md'), 'utf8').split('### Every number')[1] ?? '';
  const [, , ...rows] = markdown.trim().split('\n');
  expect(rows).toHaveLength(card.rows.length);
  expect(rows[0]).toContain('](<../reports/');
});

test('probes are read, a line that a crash cut is left out and said, and a file of other lines is refused', async () => {
  const file = join(reports, 'probes.jsonl');
  const probe = { model: 'smollm2-again', host: '127.0.0.1', ok: true, ms: 3, why: null, every_seconds: 3600 };
  const lines = Array.from({ length: 700 }, (_, i) => JSON.stringify({ ...probe, at: new Date(Date.UTC(2026, 9, 1, i)).toISOString() }));
  writeFileSync(file, `${lines.join('\n')}\n{"at": "20`);
  expect((await scorecard('-o', join(folder, 'out/card.json'))).err).toContain('probes.jsonl: 1 of its lines are no probes');
  const { rows } = JSON.parse(readFileSync(join(folder, 'out/card.json'), 'utf8')) as Scorecard;
  expect(rows.find(({ kpi, agent }) => kpi === 'uptime' && agent === 'rehearsal')).toMatchObject({ verdict: 'PASS', value: 1, n: 700 });
  writeFileSync(file, '{"at": "20"}\n');
  const { code, err } = await scorecard();
  expect(code).toBe(2);
  expect(err).toContain('probes.jsonl:1:1  these are no health probes');
});

test('a run of part of a suite measures nothing', async () => {
  const part = join(folder, 'part');
  await run(root, ['eval', '--suite', 'local', '-t', 'capital', '--offline', '--out', part]);
  await run(root, ['scorecard', '--runs', part, '-o', join(folder, 'out/part.json')]);
  const { rows } = JSON.parse(readFileSync(join(folder, 'out/part.json'), 'utf8')) as Scorecard;
  const row = rows.find(({ agent, kpi }) => agent === 'rehearsal' && kpi === 'quality');
  expect(row).toMatchObject({ verdict: 'NOT_MEASURED', value: null });
  expect(row?.why).toMatch(/but only \d+ of 20 cases were judged/);
});

test('a run that is none is bad input, and no crash', async () => {
  const broken = mkdtempSync(join(folder, 'broken-'));
  mkdirSync(join(broken, 'r'));
  writeFileSync(join(broken, 'r/run.json'), '{"format":1}');
  writeFileSync(join(broken, 'r/results.jsonl'), '');
  const { code, err } = await run(root, ['scorecard', '--runs', broken]);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('run.json:1:1  this is no record of a run') as string });
});

test('without a run nothing is measured, and that is no pass', async () => {
  const { code, out } = await run(root, ['scorecard', '--runs', mkdtempSync(join(folder, 'empty-'))]);
  expect(code).toBe(3);
  expect(out).not.toContain('PASS');
});

test.each([
  ['a map that is not there', ['--map', 'nowhere.yaml'], 'there is no migration map nowhere.yaml'],
  ['an ending that no scorecard has', ['-o', 'x.pdf'], 'ending'],
  ['a word', ['other.yaml'], 'write --map other.yaml'],
  ['a folder of runs that is not there', ['--runs', 'nowhere'], 'there is no nowhere'],
  ['probes that are not there', ['--probes', 'nowhere.jsonl'], 'there is no nowhere.jsonl'],
  ['a folder in the place of probes', ['--probes', 'src'], 'these are no health probes'],
  ['a map that is a suite', ['--map', 'suites/reasoning.yaml'], 'unknown key "name"'],
])('%s is refused with 2', async (_, args, what) => {
  const { code, err } = await scorecard(...args);
  expect(code).toBe(2);
  expect(err).toContain(what);
});
