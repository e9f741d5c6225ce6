/** What a run says of the runs before it: case by case, and in its history. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { CaseResult, RunRecord } from './record.ts';
import { makeProject, run } from './verbs/test-project.ts';

const NAMES = Array.from({ length: 12 }, (_, i) => `c${i}`);
const cases = (names = NAMES) => names.map((name) => `  - { name: ${name}, prompt: Say ${name}, expected_elements: [${name}] }\n`).join('');
const saying = (broken: string[]) => Object.fromEntries(NAMES.map((name) => [name, [broken.includes(name) ? 'no' : name]]));

let folder = '';
/** Who answers wrongly in the next run. */
function answer(broken: string[], left_out: string[] = []): void {
  const lines = Object.entries(saying(broken)).filter(([name]) => !left_out.includes(name));
  writeFileSync(
    join(folder, 'answers/new.jsonl'),
    lines.map(([name, [text]]) => `${JSON.stringify({ case: name, answer: text })}\n`).join(''),
  );
}
const suite = () => join(folder, 'suites/small.yaml');
const edit = (from: string, to: string) => writeFileSync(suite(), readFileSync(suite(), 'utf8').replace(from, to));

async function judged(...args: string[]) {
  const { out } = await run(folder, ['eval', ...args]);
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  const results = read('results.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CaseResult);
  const record = JSON.parse(read('run.json')) as RunRecord;
  const transitions = Object.fromEntries(results.map(({ case: name, transition }) => [name, transition]));
  return { out, read, record, verdict: record.verdicts[0], transitions };
}

beforeEach(() => {
  folder = makeProject(cases(), { old: saying([]), new: saying(['c0', 'c1']) }, 1, '{ coverage: 1 }');
});

test('the first run knows of none', async () => {
  const { record, verdict, transitions, read } = await judged();
  expect(verdict?.previous).toBeUndefined();
  expect(record.history).toBeUndefined();
  expect(transitions['c0']).toBeUndefined();
  expect(read('report.csv').split('\r\n')[0]).not.toContain('transition');
});

test('the next tells what was fixed, what broke and what is new, in every report', async () => {
  const first = await judged();
  answer(['c1', 'c2', 'c3', 'c4']);
  edit('Say c4', 'Say c4 aloud');
  edit('expected_elements: [c5]', 'expected_elements: [c5, { not: never }]');
  const { verdict, transitions, record, read, out } = await judged();
  expect(transitions).toEqual({
    ...Object.fromEntries(NAMES.map((name) => [name, 'same'])),
    c0: 'fixed',
    c2: 'broken',
    c3: 'broken',
    c4: 'new',
    c5: 'new',
  });
  const was = first.record;
  expect(verdict?.previous).toEqual({ run: was.run, parity: was.verdicts[0]?.parity, verdict: 'NEEDS_WORK', new: 2, fixed: 1, broken: 2 });
  expect(record.history?.map((line) => line.run)).toEqual([was.run]);
  expect(out).toContain(`2 broken, 1 fixed, 2 new since ${was.run}`);
  expect(read('summary.md')).toContain('2 broken, 1 fixed, 2 new since');
  expect(read('summary.md').match(/\(passed before\)|&#40;passed before&#41;/g)).toHaveLength(2);
  expect(read('junit.xml')).toContain('<property name="broken" value="2"/>');
  const [head = '', ...rows] = read('report.csv').split('\r\n');
  const column = head.split(',').indexOf('transition');
  expect(rows.slice(0, 5).map((row) => row.split(',')[3])).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  expect(column).toBeGreaterThan(3);
  expect(rows.filter((row) => row.includes(',broken,'))).toHaveLength(2);
});

test('nothing changed is said, too', async () => {
  await judged();
  expect((await judged()).out).toContain('no label changed since');
});

test('a case that could not be judged is neither broken nor fixed, and new once it is', async () => {
  await judged();
  answer([], ['c5']);
  const second = await judged();
  expect(second.transitions).toMatchObject({ c0: 'fixed', c6: 'same' });
  expect(second.transitions['c5']).toBeUndefined();
  expect(second.verdict?.previous).toMatchObject({ fixed: 2, broken: 0, new: 0 });
  answer([]);
  expect((await judged()).transitions).toMatchObject({ c5: 'new', c6: 'same' });
});

test('another target, other scores or another baseline is no earlier run, and a part of the cases is none either', async () => {
  const { record } = await judged();
  edit('parity_target: 0.85', 'parity_target: 0.8');
  const other = await judged();
  expect(other.verdict?.previous).toBeUndefined();
  expect(other.record.history).toHaveLength(1);
  edit('parity_target: 0.8', 'parity_target: 0.85');
  await judged('-t', 'c1');
  expect((await judged()).verdict?.previous?.run).toBe(record.run);

  const file = join(folder, 'reports/history.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"scoring_version":', '"scoring_version":9'));
  const anew = await judged();
  expect(anew.verdict?.previous).toBeUndefined();
  expect(anew.record.history).toBeUndefined();
});

test('a run that was taken away, or is broken, is passed over, and so is a line that is none', async () => {
  const first = await judged();
  const second = await judged();
  const third = await judged();
  rmSync(join(folder, 'reports', third.record.run, 'run.json'));
  writeFileSync(join(folder, 'reports', second.record.run, 'results.jsonl'), '{ cut');
  appendFileSync(join(folder, 'reports/history.jsonl'), '{"run":"cut');
  const { verdict, record } = await judged();
  expect(verdict?.previous?.run).toBe(first.record.run);
  expect(record.history).toHaveLength(3);
  // the cut line stays by itself
  expect((await judged()).record.history).toHaveLength(4);
});

test('a report made again says the same', async () => {
  await judged();
  answer(['c7']);
  const { read } = await judged();
  const files = ['report.csv', 'junit.xml', 'summary.md', 'report.html'];
  const before = files.map(read);
  await run(folder, ['report']);
  expect(files.map(read)).toEqual(before);
});

test('the history holds the last thirty', async () => {
  const { record } = await judged();
  const file = join(folder, 'reports/history.jsonl');
  const line = readFileSync(file, 'utf8').trim();
  writeFileSync(file, Array.from({ length: 40 }, (_, i) => `${line.replace(record.run, `run-${i}`)}\n`).join(''));
  const { history } = (await judged()).record;
  expect(history?.map(({ run: name }) => name)).toEqual(Array.from({ length: 30 }, (_, i) => `run-${i + 10}`));
});
