/** `onpar trend` on runs of the small suites, and on histories that are not whole. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { HistoryLine, Trend } from '../record.ts';
import { readHistory } from '../run/history.ts';
import { run } from './test-project.ts';

const root = new URL('../..', import.meta.url).pathname;

const identity = { scoring_version: 1, encoder: null, method: 'm' };
const line = (changes: Partial<HistoryLine> = {}): HistoryLine => ({
  run: '20260101-000000-s',
  finished_at: '2026-01-01T00:00:00.000Z',
  suite: 's',
  baseline: 'old',
  candidate: 'new',
  parity_target: 0.85,
  parity: 0.9,
  lower: 0.8,
  upper: 1,
  verdict: 'NEEDS_WORK',
  reason: 'inconclusive',
  n: 20,
  score_identity: identity,
  ...changes,
});

function withHistory(lines: readonly (HistoryLine | string)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-trend-'));
  mkdirSync(join(folder, 'reports'));
  const text = lines.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');
  writeFileSync(join(folder, 'reports/history.jsonl'), text);
  return folder;
}

const numbered = (i: number, changes: Partial<HistoryLine> = {}) => line({ run: `2026010${i}-000000-s`, ...changes });

async function trendOf(folder: string, ...args: string[]) {
  const said = await run(folder, ['trend', ...args, '-o', 't.json']);
  return { ...said, trends: (JSON.parse(readFileSync(join(folder, 't.json'), 'utf8')) as { trends: Trend[] }).trends };
}

test('each suite and candidate has its own, with the change from run to run', async () => {
  const other = line({ candidate: 'other', parity: 0.5, lower: 0.4, upper: 0.6, reason: 'below_target' });
  const folder = withHistory([numbered(1), other, numbered(2, { parity: 0.95, lower: 0.9, upper: 1, verdict: 'PASS', reason: null })]);
  const { code, out, trends } = await trendOf(folder);
  expect(code).toBe(0);
  expect(trends.map(({ candidate, points }) => [candidate, points.map(({ change }) => change)])).toEqual([
    ['new', [null, expect.closeTo(0.05, 12)]],
    ['other', [null]],
  ]);
  expect(out).toMatch(/✓ 20260102-000000-s +0\.950 +0\.900 to 1\.000 +\+0\.050 {2}/);
  expect(out).toContain('✗ 20260101-000000-s');
});

test('another encoder, version or baseline is a break that no change is told across', async () => {
  const encoder = { id: 'bge-m3', revision: 'r', dimensions: 1024, pooling: 'cls', bundled: false };
  const folder = withHistory([
    numbered(1),
    numbered(2, { score_identity: { ...identity, encoder } }),
    numbered(3, { score_identity: { ...identity, encoder, scoring_version: 2 } }),
    numbered(4, { score_identity: { ...identity, encoder, scoring_version: 2 }, baseline: 'older' }),
    numbered(5, {
      score_identity: { ...identity, encoder, scoring_version: 2 },
      baseline: 'older',
      parity: null,
      lower: null,
      upper: null,
      reason: 'incomplete',
    }),
  ]);
  const { out, trends } = await trendOf(folder);
  expect(trends[0]?.points.map((point) => [point.change, point.break])).toEqual([
    [null, null],
    [null, 'encoder none / encoder bge-m3 r'],
    [null, 'scoring version 1 / scoring version 2'],
    [null, 'baseline old / older'],
    [null, null],
  ]);
  expect(out.match(/scores changed, not compared across/g)).toHaveLength(3);
  expect(out).toMatch(/\? 20260105-000000-s +– +none/);
});

test('the strip has the bounds, the parity and the target where they lie, all runs on one scale', async () => {
  const folder = withHistory([
    numbered(1, { parity_target: 0.9, lower: 0, parity: 0.5, upper: 0.8 }),
    numbered(2, { parity_target: 0.9, lower: 0.8, parity: 0.9, upper: 1.8 }),
  ]);
  const { out } = await trendOf(folder);
  const strips = out.split('\n').flatMap((row) => /^[✓✗?] .{59}(.*)$/u.exec(row)?.[1] ?? []);
  expect(strips).toEqual(['─────●───┊         ', '        ─●─────────']);
});

test('fits 80 columns, whatever the names', async () => {
  const long = 'x'.repeat(200);
  const folder = withHistory([
    numbered(1, { run: long, suite: long, candidate: long }),
    numbered(2, { suite: long, candidate: long, baseline: long }),
  ]);
  const { out } = await trendOf(folder);
  for (const row of out.split('\n')) expect([...row].length).toBeLessThanOrEqual(80);
});

test('--suite, --candidate and --last choose', async () => {
  const folder = withHistory([numbered(1), numbered(2), numbered(3), line({ suite: 'z' }), line({ candidate: 'other' })]);
  const chosen = async (...args: string[]) =>
    (await trendOf(folder, ...args)).trends.map(({ suite, candidate, points }) => [suite, candidate, points.length]);
  expect(await chosen('--suite', 's', '--candidate', 'new', '--last', '2')).toEqual([['s', 'new', 2]]);
  expect(await chosen('--suite', 'z')).toEqual([['z', 'new', 1]]);
});

test('a run that was judged again counts once, as it ended last', async () => {
  const { trends } = await trendOf(withHistory([numbered(1, { parity: 0.1 }), numbered(2), numbered(1, { parity: 0.8 })]));
  expect(trends[0]?.points.map(({ run: name, parity }) => [name, parity])).toEqual([
    ['20260102-000000-s', 0.9],
    ['20260101-000000-s', 0.8],
  ]);
});

test('a line that is none is told with its number, and the others stand', async () => {
  const { code, err, trends } = await trendOf(withHistory([numbered(1), '{"run":"20260', '', '{"run":1}', numbered(2)]));
  expect(code).toBe(0);
  expect(err.match(/reports\/history\.jsonl:(\d+):1 {2}this is not a line of history/g)?.map((text) => /:(\d+):/.exec(text)?.[1])).toEqual([
    '2',
    '4',
  ]);
  expect(trends[0]?.points).toHaveLength(2);
});

test.each([
  ['no history', () => mkdtempSync(join(tmpdir(), 'onpar-trend-')), [], 'tells of no run'],
  ['a suite that no run has', () => withHistory([line({ suite: 'capitals' })]), ['--suite', 'capitls'], 'did you mean "capitals"?'],
  ['a candidate that no run has', () => withHistory([line()]), ['--candidate', 'gone'], 'no run judged candidate "gone"'],
  ['an ending that no trend has', () => withHistory([line()]), ['-o', 'x.html'], 'an ending that no trend has'],
  ['a number that is none', () => withHistory([line()]), ['--last', '0'], '--last 0'],
  ['a word', () => withHistory([line()]), ['s'], 'write --suite s'],
])('%s is refused with 2', async (_, make, args, what) => {
  const { code, err } = await run(make(), ['trend', ...args]);
  expect(code).toBe(2);
  expect(err).toContain(what);
});

test('names cannot break out of CSV or Markdown', async () => {
  const folder = withHistory([line({ suite: '=1+1', candidate: '<img onerror=x>|@all' })]);
  expect((await run(folder, ['trend', '-o', 't.csv', '-o', 't.md'])).code).toBe(0);
  const rows: Record<string, string>[] = parse(readFileSync(join(folder, 't.csv'), 'utf8'), { columns: true, bom: true });
  expect(rows[0]).toMatchObject({ suite: "'=1+1", parity: '0.9', change: '' });
  expect(readFileSync(join(folder, 't.md'), 'utf8')).not.toMatch(/<img|@all/);
});

describe('runs that go on at once', () => {
  test('leave whole lines, one each a suite', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'onpar-at-once-'));
    cpSync(join(root, 'fixtures/cli'), folder, { recursive: true });
    const runs = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, [join(root, 'dist/bin.js'), 'eval'], { cwd: folder, stdio: 'ignore' });
      return new Promise<number | null>((ended) => child.once('exit', ended));
    });
    expect(await Promise.all(runs)).toEqual(Array(6).fill(1));
    const { lines, broken } = readHistory(join(folder, 'reports/history.jsonl'));
    expect(broken).toEqual([]);
    expect(lines).toHaveLength(6 * 4);
    expect(new Set(lines.map(({ run: name }) => name)).size).toBe(6);
  });
});
