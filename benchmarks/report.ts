/**
 * Size and speed of report.html on made-up cases, in headless Chromium: the table of docs/benchmarks.md.
 *   npm run build && node scripts/bench.mjs report [--cases N] [--rounds N] [--vitest DIR]
 * DIR is a folder whose node_modules has Vitest 5 and its html report (npm i vitest @vitest/ui). Linux, with Chromium at
 * /usr/bin/chromium or CHROMIUM; rendering is counted by /usr/bin/time.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { writeRun } from './report/cases.ts';
import { lookAt, use, type Visit, type Visited } from './report/visit.ts';
import { vitestReport } from './report/vitest.ts';
import { measured } from './running/measured.ts';

/** Stands in many titles of the made-up cases. */
const WORD = 'module';
const FLAGS = '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update';

const { values } = parseArgs({ options: { cases: { type: 'string' }, rounds: { type: 'string' }, vitest: { type: 'string' } } });
const n = Number(values.cases ?? 10_000);
const rounds = Number(values.rounds ?? 5);
const root = new URL('../..', import.meta.url).pathname;
const inPage = join(root, 'benchmarks/report/in-page.mjs');
const folder = mkdtempSync(join(tmpdir(), 'onpar-bench-'));
const say = (text: string) => process.stderr.write(`${text}\n`);

const middle = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
const milliseconds = (ms: number) => `${ms.toFixed(0)} ms`;
/** Least and median: other programs only ever add to a time. */
const times = (all: readonly number[]) => `${Math.min(...all).toFixed(0)} / ${middle(all).toFixed(0)} ms`;

/** Minified code of the page: its script and its styles. */
function codeOf(html: string): number {
  const parts = [/<style>([\s\S]*?)<\/style>/, /<script>([\s\S]*?)<\/script>/].map((part) => part.exec(html)?.[1] ?? '');
  return Buffer.byteLength(parts.join(''));
}

try {
  const made = writeRun(root, folder, n);
  say(`${n} cases, answers of ${(made.answers / n / 2).toFixed(0)} characters on average, from ${made.paragraphs} paragraphs`);
  const file = join(folder, 'report.html');
  const render = () =>
    measured({ node: process.execPath, args: [join(root, 'dist/bin.js'), 'report', folder, '-o', file], cwd: folder, codes: [0, 1, 3] });
  const renders = [await render(), await render(), await render()];
  const other = values.vitest === undefined ? null : vitestReport(values.vitest, folder);
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS.split(' ') });
  const own: Visited[] = [];
  const peers: Visit[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await use(browser, { file, row: '#rows a' }, inPage, WORD));
    if (other !== null) peers.push(await lookAt(browser, { file: other, row: '[data-testid="explorer-item"]' }, inPage));
    const usable = [...own.slice(-1), ...peers.slice(-1)].map((visit) => milliseconds(visit.usable));
    say(`  round ${round + 1}: usable after ${usable.join(', Vitest ')}`);
  }
  const version = browser.version();
  await browser.close();

  const text = readFileSync(file, 'utf8');
  const raw = statSync(join(folder, 'results.jsonl')).size;
  const ratio = raw / gzipSync(readFileSync(join(folder, 'results.jsonl'))).length;
  const told = (what: keyof Visited) => times(own.map((visit) => visit[what]));
  const toldOfPeer = (what: keyof Visit) => times(peers.map((visit) => visit[what]));
  const of = (what: keyof Visited) => middle(own.map((visit) => visit[what]));
  const ofPeer = (what: keyof Visit) => middle(peers.map((visit) => visit[what]));
  const isFull = n >= 10_000;
  const size = statSync(file).size;
  const seconds = Math.min(...renders.map(({ wall }) => wall));
  const rows: [string, string, string, boolean | null, string][] = [
    [
      'size of the file',
      megabytes(size),
      isFull ? '≤ 18 MB' : '≤ 2 MB',
      size <= (isFull ? 18e6 : 2e6),
      other === null ? '' : megabytes(statSync(other).size),
    ],
    ['code of the page, minified', `${(codeOf(text) / 1000).toFixed(1)} KB`, '≤ 120 KB', codeOf(text) <= 120_000, ''],
    ['usable after', told('usable'), '≤ 1.5 s', of('usable') <= 1500, other === null ? '' : toldOfPeer('usable')],
    [
      'usable, against Vitest',
      other === null ? 'not measured' : `${(of('usable') / ofPeer('usable')).toFixed(2)} ×`,
      '≤ 0.5 ×',
      other === null ? null : of('usable') / ofPeer('usable') <= 0.5,
      '',
    ],
    ['first paint after', told('firstPaint'), '', null, other === null ? '' : toldOfPeer('firstPaint')],
    ['heap when idle', megabytes(of('heap') * 1e6), '≤ 25 MB', of('heap') <= 25, other === null ? '' : megabytes(ofPeer('heap') * 1e6)],
    ['elements', String(of('elements')), '≤ 2,500', of('elements') <= 2500, other === null ? '' : String(ofPeer('elements'))],
    ['requests', String(of('requests')), '0', of('requests') === 0, other === null ? '' : String(ofPeer('requests'))],
    [`filter by “${WORD}” (${of('filterHits')} cases)`, told('filter'), '≤ 100 ms', of('filter') <= 100, ''],
    ['open a case', told('open'), '≤ 50 ms', of('open') <= 50, ''],
    [`full text, “${WORD}” (${of('fullTextHits')} cases)`, told('fullText'), '≤ 2 s', of('fullText') <= 2000, ''],
    ['rendering, with start-up', `${seconds.toFixed(2)} s`, '≤ 10 s', seconds <= 10, ''],
    ['peak memory of rendering', `${middle(renders.map(({ rss }) => rss)).toFixed(0)} MB`, '', null, ''],
  ];
  const met = (is: boolean | null) => (is === null ? '' : is ? 'yes' : '**no**');
  const head = ['', 'report.html', 'goal', 'met', ...(other === null ? [] : ['Vitest, one file'])];
  const cells = rows.map(([what, value, goal, is, peer]) => [what, value, goal, met(is), ...(other === null ? [] : [peer])]);
  const line = (all: string[]) => `| ${all.join(' | ')} |`;
  console.log([line(head), line(head.map(() => '---')), ...cells.map(line)].join('\n'));
  console.log(
    `\n${n} cases; least / median of ${rounds} rounds, goals held against the median; Chromium ${version}, Node ${process.versions.node}; the results compress ${ratio.toFixed(2)} times.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
