/** `onpar compare` on runs of the small suites in fixtures/cli. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { main } from '../cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'onpar-compare-'));
let [out, err] = ['', ''];

async function onpar(...args: string[]): Promise<number> {
  [out, err] = ['', ''];
  return main(args, {
    cwd: folder,
    env: {},
    width: 80,
    hasColour: false,
    isLive: false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  });
}

beforeAll(async () => {
  cpSync(new URL('../../fixtures/cli', import.meta.url).pathname, folder, { recursive: true });
  // two runs that differ in one candidate's answers only
  await onpar('eval', '--suite', 'capitals', '--out', 'reports');
  const answers = join(folder, 'answers/good.jsonl');
  const lines = readFileSync(answers, 'utf8').trim().split('\n');
  const wrong = lines.map((line, i) =>
    i % 2 === 0 ? line : JSON.stringify({ ...(JSON.parse(line) as object), answer: 'I do not know.' }),
  );
  writeFileSync(answers, `${wrong.join('\n')}\n`);
  await onpar('eval', '--suite', 'capitals', '--out', 'reports');
});

test('without a word it compares the two newest runs, and a fall ends with 1', async () => {
  expect(await onpar('compare', '-o', 'c.json', '-o', 'c.md', '-o', 'c.html')).toBe(1);
  expect(out).toContain('✗ REGRESSED');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const { comparisons } = JSON.parse(readFileSync(join(folder, 'c.json'), 'utf8')) as {
    comparisons: { transitions: { broken: number } }[];
  };
  expect(comparisons[0]?.transitions.broken).toBe(6);
  for (const file of ['c.md', 'c.html']) expect(readFileSync(join(folder, file), 'utf8')).toContain('REGRESSED');
});

test('parts of a run are passed over where no run is named', async () => {
  const part = join(folder, 'reports/99990101-000000-part');
  cpSync(join(folder, 'reports/latest'), part, { recursive: true, dereference: true });
  const record = JSON.parse(readFileSync(join(part, 'run.json'), 'utf8')) as object;
  writeFileSync(join(part, 'run.json'), JSON.stringify({ ...record, shard: { index: 1, of: 2 } }));
  expect(await onpar('compare')).toBe(1);
  expect(out).not.toContain('99990101');
});

test('a run against itself is no worse', async () => {
  expect(await onpar('compare', 'reports/latest', 'reports/latest')).toBe(0);
  expect(out).toContain('nothing changed');
});

test.each([
  ['a run that is not there', ['nowhere', 'reports/latest'], 'neither a finished run nor a candidate'],
  ['a suite that no run has', ['--suite', 'nothing'], 'nothing to compare'],
  ['a margin that is none', ['--margin', '5'], 'not a share'],
  ['an ending that no comparison has', ['-o', 'x.pdf'], 'ending'],
])('%s is refused with 2', async (_, args, what) => {
  expect(await onpar('compare', ...args)).toBe(2);
  expect(err).toContain(what);
});

test('runs scored in another way are refused, and it says in what they differ', async () => {
  const other = join(folder, 'reports/20000101-000000-other');
  cpSync(join(folder, 'reports/latest'), other, { recursive: true, dereference: true });
  const record = JSON.parse(readFileSync(join(other, 'run.json'), 'utf8')) as { score_identity: { scoring_version: number } };
  record.score_identity.scoring_version = 99;
  writeFileSync(join(other, 'run.json'), JSON.stringify(record));
  expect(await onpar('compare', other, 'reports/latest')).toBe(2);
  expect(err).toMatch(/not comparable: scoring version 99 \/ scoring version \d+/);
});
