/** A run in parts, merged, is the run in one go: same scores, same verdict, same files. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createMockServer } from '../../fixtures/servers/load-server.mjs';
import type { CaseResult, RunRecord } from '../record.ts';
import { makeProject, run } from './test-project.ts';

const TOPICS = ['rent', 'tax', 'bread', 'iron', 'rain', 'wolf', 'lamp', 'salt', 'glass', 'train', 'moss'];
const cases = TOPICS.map(
  (word, i) => `  - { name: ${word}, prompt: "Tell me about ${word}.", expected_elements: [${word}], critical: ${i === 3} }\n`,
);
const told = (word: string, how: string) =>
  `${how} ${word} matters to people. It was known long ago. Nobody ${how.toLowerCase()} forgets ${word}.`;
const answers = {
  old: Object.fromEntries(TOPICS.map((word) => [word, [told(word, 'Surely'), told(word, 'Certainly')]])),
  good: Object.fromEntries(TOPICS.map((word) => [word, [told(word, 'Indeed')]])),
  // one case has no answer at all, so that the suite is incomplete on either way
  odd: Object.fromEntries(TOPICS.slice(1).map((word) => [word, [`I know little of ${word.length % 2 ? word : 'that'}.`]])),
};

const project = () => makeProject(cases.join(''), answers, 2);
const readRecord = (folder: string, run = 'latest') => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')) as RunRecord;

/** All that a run leaves, by file, without its name, command and times. */
function filesOf(out: string): Record<string, string> {
  const folder = join(out, 'latest');
  const { run: name, started_at, finished_at } = readRecord(out);
  const timeless = (text: string) =>
    [name, started_at, finished_at, finished_at.slice(0, 10)].reduce((all, part) => all.replaceAll(part, '…'), text);
  const record = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'), (key, value: unknown) =>
    ['run', 'command', 'started_at', 'finished_at', 'embedding'].includes(key) ? undefined : value,
  ) as unknown;
  const texts = ['results.jsonl', 'report.csv', 'junit.xml', 'summary.md', 'answers.jsonl'];
  return {
    'run.json': JSON.stringify(record),
    ...Object.fromEntries(texts.map((file) => [file, timeless(readFileSync(join(folder, file), 'utf8'))])),
  };
}

describe('three parts of a suite with similarity', () => {
  let folder = '';
  let whole: Awaited<ReturnType<typeof run>>;
  const merged: Awaited<ReturnType<typeof run>>[] = [];
  beforeAll(async () => {
    folder = project();
    whole = await run(folder, ['eval', '--out', 'whole']);
    for (const i of [1, 2, 3]) await run(folder, ['eval', '--shard', `${i}/3`, '--out', `parts/${i}`]);
    // the answers are in the parts: nothing else is needed
    rmSync(join(folder, 'answers'), { recursive: true });
    merged.push(await run(folder, ['merge', 'parts', '--out', 'merged']));
  });

  test('end as the run in one go does', () => {
    expect(merged[0]?.code).toBe(whole.code);
    expect(readRecord(join(folder, 'merged')).verdicts).toEqual(readRecord(join(folder, 'whole')).verdicts);
    expect(filesOf(join(folder, 'merged'))).toEqual(filesOf(join(folder, 'whole')));
  });

  test('were scored on another scale each: merging their scores would not do', () => {
    const similarities = (out: string) =>
      readFileSync(join(folder, out, 'latest/results.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as CaseResult)
        .map(({ case: name, candidate, similarity }) => [`${candidate} ${name}`, similarity?.value] as const);
    const inOne = new Map(similarities('whole'));
    const moved = similarities('parts/1').filter(([key, value]) => inOne.get(key) !== value);
    expect(moved.length).toBeGreaterThan(0);
  });

  test('share the cases evenly, and say that they are no verdict', () => {
    const records = [1, 2, 3].map((i) => readRecord(join(folder, `parts/${i}`)));
    expect(records.map(({ suites }) => suites[0]?.cases).sort()).toEqual([3, 4, 4]);
    for (const [i, { shard, verdicts }] of records.entries()) {
      expect(shard).toEqual({ index: i + 1, of: 3 });
      for (const { verdict, reason, why } of verdicts) {
        expect({ verdict, reason }).toEqual({ verdict: 'NEEDS_WORK', reason: 'incomplete' });
        expect(why).toContain(`part ${i + 1} of 3: the verdict comes after onpar merge`);
      }
    }
    // the part with the case that has no answer could not be judged whole
    expect(records.map(({ exit_code }) => exit_code).sort()).toEqual([0, 0, 3]);
    expect(existsSync(join(folder, 'parts/1/history.jsonl'))).toBe(false);
  });

  test('are incomplete without one of them, and the reason names it', async () => {
    const { code, out, err } = await run(folder, ['merge', 'parts/1', 'parts/3', '--out', 'two']);
    expect(code).toBe(3);
    expect(err).toMatch(/\d cases have no answers: part 2 of 3 is not among those merged/);
    expect(out.replace(/\s+/g, ' ')).toContain('part 2 of 3 is not among those merged');
    const { verdicts } = readRecord(join(folder, 'two'));
    expect(verdicts.map(({ n, reason }) => ({ n, reason }))).toEqual([
      { n: 11, reason: 'incomplete' },
      { n: 11, reason: 'incomplete' },
    ]);
  });

  test('lie in a folder with copies of themselves, as an artifact has them', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'onpar-artifact-'));
    for (const i of [1, 2, 3]) cpSync(join(folder, `parts/${i}`), join(copy, `${i}`), { recursive: true, dereference: true });
    expect((await run(folder, ['merge', copy, '--out', 'copied'])).code).toBe(whole.code);
    expect(filesOf(join(folder, 'copied'))).toEqual(filesOf(join(folder, 'whole')));
  });

  const latest = (i: number) => `parts/${i}/latest`;
  test.each([
    ['the same part twice', () => [latest(1), latest(2), again(1)], /part 1 of 3 is there twice: .*parts\/1\/latest and .*again/],
    ['a part of four', () => [latest(1), changed(2, (r) => ({ ...r, shard: { index: 2, of: 4 } }))], /one of 4 parts, not of 3/],
    [
      'another suite',
      () => [latest(1), changed(2, (r) => ({ ...r, suites: r.suites.map((s) => ({ ...s, hash: 'f00' })) }))],
      /suite "small" is not the same/,
    ],
    [
      'other scores',
      () => [latest(1), changed(2, (r) => ({ ...r, score_identity: { ...r.score_identity, scoring_version: 99 } }))],
      /scoring version \d+ \/ scoring version 99/,
    ],
    [
      'another model',
      () => [latest(1), changed(2, (r) => ({ ...r, models: r.models.map((m) => ({ ...m, model: 'x' })) }))],
      /model "old" is another one/,
    ],
    ['a run of all cases', () => ['whole/latest'], /is a run of all cases, not a part of one/],
    ['no folder', () => ['nowhere'], /there is no folder .*nowhere/],
    ['a folder without parts', () => ['whole'], /there is no finished part/],
    ['no word', () => [], /name the parts to merge/],
    [
      'scores that were made otherwise than here',
      () => [changed(1, (r) => ({ ...r, score_identity: { ...r.score_identity, method: 'x' } }))],
      /than it would be here/,
    ],
  ])('with %s are refused with 2, and nothing is written', async (_, args, what) => {
    const { code, err } = await run(folder, ['merge', ...args(), '--out', 'refused']);
    expect(code).toBe(2);
    expect(err).toMatch(what);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  test('are refused where the suite has changed since', async () => {
    const file = join(folder, 'suites/small.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('about moss', 'about mosses'));
    const { code, err } = await run(folder, ['merge', 'parts', '--out', 'refused']);
    writeFileSync(file, text);
    expect(code).toBe(2);
    expect(err).toMatch(/suite "small" is not as it was in .*small\.yaml has changed/);
  });

  /** A copy of a part with another record. */
  function changed(i: number, change: (record: RunRecord) => RunRecord): string {
    const copy = mkdtempSync(join(folder, 'changed-'));
    cpSync(join(folder, latest(i)), copy, { recursive: true, dereference: true });
    writeFileSync(join(copy, 'run.json'), JSON.stringify(change(readRecord(copy, '.'))));
    return copy;
  }

  function again(i: number): string {
    const name = `again-${i}`;
    cpSync(join(folder, latest(i)), join(folder, name), { recursive: true, dereference: true });
    writeFileSync(join(folder, name, 'run.json'), JSON.stringify({ ...readRecord(folder, name), run: 'again' }));
    return name;
  }
});

test.each(['0/3', '4/3', '1', 'a/b', '1/0', '-1/3'])('--shard %s is refused', async (shard) => {
  const { code, err } = await run(project(), ['eval', `--shard=${shard}`]);
  expect(code).toBe(2);
  expect(err).toContain('write --shard 1/4');
});

test('a part without a case is refused', async () => {
  const folder = project();
  const codes = [];
  for (let i = 1; i <= 12; i++) codes.push((await run(folder, ['eval', '--shard', `${i}/12`])).code);
  expect(codes.filter((code) => code === 2)).toHaveLength(1);
});

test('live answers are taken from the parts: merging asks nobody, and --retry-errors goes on with the merged run', async () => {
  const load = createMockServer({ port: 0 });
  const { port } = await load.listen();
  const folder = mkdtempSync(join(tmpdir(), 'onpar-merge-'));
  mkdirSync(join(folder, 'suites'));
  symlinkSync(new URL('../../fixtures', import.meta.url).pathname, join(folder, 'fixtures'));
  const entry = (model: string) =>
    `{ provider: openai-compatible, base_url: "http://127.0.0.1:${port}/v1", model: ${model}, answers: live }`;
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n  base: ${entry('baseline')}\n  cand: ${entry('candidate')}\n`);
  const words = Array.from(
    { length: 12 },
    (_, i) => `  - { name: c${i}, prompt: Say word${i}, expected_elements: [{ text: [word${i}] }] }\n`,
  );
  const head =
    'name: words\ncapability: general\nbaseline: base\ncandidates: [cand]\nparity_target: 0.85\ndefaults: { weights: { coverage: 1 } }\n';
  writeFileSync(join(folder, 'suites/words.yaml'), `${head}cases:\n${words.join('')}`);

  for (const i of [1, 2]) expect((await run(folder, ['eval', '--shard', `${i}/2`, '--out', `p${i}`])).code).toBe(0);
  const { requests } = load.stats();
  load.server.close();
  load.server.closeAllConnections();
  expect((await run(folder, ['merge', 'p1', 'p2'])).code).toBe(0);
  expect(load.stats().requests).toBe(requests);
  const record = readRecord(join(folder, 'reports'));
  expect(record).toMatchObject({ hosts_contacted: [`127.0.0.1:${port}`], verdicts: [{ n: 12, verdict: 'PASS' }] });
  const [name = ''] = readdirSync(join(folder, 'reports')).filter((file) => file.endsWith('-words'));
  expect((await run(folder, ['eval', '--retry-errors', '--run', `reports/${name}`])).code).toBe(0);
});
