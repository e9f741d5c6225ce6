import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CaseResult, RunRecord } from '../record.ts';
import { makeProject, type ModelAnswers, run } from './test-project.ts';

const NAMES = Array.from({ length: 16 }, (_, i) => `case-${i}`);
const caseLine = (name: string, more = '') => `  - { name: ${name}, prompt: Say it, expected_elements: [Oslo]${more} }\n`;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A candidate that is right but for what `answers` says. */
function project(answers: Record<string, string> = {}, more: Record<string, string> = {}): string {
  const say = (texts: Record<string, string>) => Object.fromEntries(NAMES.map((name) => [name, [texts[name] ?? 'Oslo']]));
  const all: ModelAnswers = { old: say({}), new: say(answers) };
  return makeProject(NAMES.map((name) => caseLine(name, more[name])).join(''), all, 1, '{ coverage: 1 }');
}

const decision = (name: string, answer: string, change: object = {}) => ({
  ...{ suite: 'small', candidate: 'new', case: name, answer: hashOf(answer), decision: 'accept', reason: 'Christiania is Oslo' },
  ...{ note: '', by: 'Ann', at: '2026-11-25T12:00:00Z' },
  ...change,
});

function review(folder: string, cases: object[], sign_offs: object[] = [], name = 'review.json'): string {
  writeFileSync(join(folder, name), JSON.stringify({ format: 1, run: 'r', reviewer: 'Ann', cases, sign_offs }));
  return name;
}

const read = (folder: string, file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
const recordOf = (folder: string, inside = '') => JSON.parse(read(folder, `${inside}run.json`)) as RunRecord;
const resultsOf = (folder: string, inside = '') =>
  read(folder, `${inside}results.jsonl`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CaseResult);

const WRONG = { 'case-1': 'Christiania', 'case-2': 'Christiania', 'case-3': 'Christiania' };
const accepted = Object.keys(WRONG).map((name) => decision(name, 'Christiania'));

test('report --review judges a run anew, beside it, and tells by whom and why', async () => {
  const folder = project(WRONG);
  expect((await run(folder, ['eval'])).code).toBe(3);
  const before = ['run.json', 'results.jsonl', 'report.csv'].map((file) => read(folder, file));
  const { code, out } = await run(folder, ['report', '--review', review(folder, accepted)]);
  expect(code).toBe(0);
  expect(out).toContain('reviewed by Ann: 3 accepted, 0 rejected');
  expect(out).toContain('3 of 16 cases as a person decided');
  expect(['run.json', 'results.jsonl', 'report.csv'].map((file) => read(folder, file))).toEqual(before);
  expect(recordOf(folder, 'reviewed/')).toMatchObject({ exit_code: 0, verdicts: [{ verdict: 'PASS', parity: 1 }] });
  for (const file of ['report.csv', 'junit.xml', 'summary.md', 'comment.md'])
    expect(read(folder, `reviewed/${file}`)).toMatch(/accepted by Ann on 2026-11-25(:|&#58;) Christiania is Oslo/);
  expect(existsSync(join(folder, 'reports/latest/reviewed/report.html'))).toBe(true);
});

test('a review of a reviewed run takes its place', async () => {
  const folder = project(WRONG);
  await run(folder, ['eval']);
  await run(folder, ['report', '--review', review(folder, accepted)]);
  const again = await run(folder, ['report', 'reports/latest/reviewed', '--review', review(folder, accepted.slice(0, 1))]);
  expect(again.code).toBe(3);
  expect(recordOf(folder, 'reviewed/').review).toMatchObject({ accepted: 1 });
  expect(existsSync(join(folder, 'reports/latest/reviewed/reviewed'))).toBe(false);
});

test('eval folds suites/review.json in, and an answer that changed is judged by its scores again', async () => {
  const folder = project(WRONG);
  review(folder, accepted, [], 'suites/review.json');
  expect((await run(folder, ['eval'])).code).toBe(0);
  expect(resultsOf(folder)[1]).toMatchObject({ verdict: 'PASS', review: { by: 'Ann', scored: { candidate: 0, verdict: 'NEEDS_WORK' } } });
  const answers = join(folder, 'answers/new.jsonl');
  writeFileSync(answers, readFileSync(answers, 'utf8').replaceAll('Christiania', 'Bergen'));
  const { code, out } = await run(folder, ['eval']);
  expect(code).toBe(3);
  expect(out).toContain('3 expired');
  expect(recordOf(folder).review).toMatchObject({ accepted: 0, expired: 3 });
});

test('eval and report come to the same record', async () => {
  const folder = project(WRONG);
  await run(folder, ['eval']);
  const file = review(folder, [...accepted, decision('case-4', 'Oslo', { decision: 'reject', reason: 'rude' })]);
  await run(folder, ['report', '--review', file]);
  const [record, results] = [recordOf(folder, 'reviewed/'), resultsOf(folder, 'reviewed/')];
  // as a first run: an earlier one would tell what changed since
  rmSync(join(folder, 'reports'), { recursive: true });
  await run(folder, ['eval', '--review', file]);
  expect(resultsOf(folder)).toEqual(results);
  expect([recordOf(folder).verdicts, recordOf(folder).review]).toEqual([record.verdicts, record.review]);
});

test('a sign-off that rejects fails the gate, one that approves does not', async () => {
  const folder = project();
  const signOff = { suite: 'small', candidate: 'new', by: 'Ann', reason: 'not in our tone', at: '2026-11-25T12:00:00Z' };
  expect((await run(folder, ['eval', '--review', review(folder, [], [{ ...signOff, decision: 'approve' }])])).code).toBe(0);
  expect(recordOf(folder).review?.sign_offs).toHaveLength(1);
  const { code, out } = await run(folder, ['eval', '--review', review(folder, [], [{ ...signOff, decision: 'reject' }])]);
  expect(code).toBe(1);
  expect(out).toContain('rejected by Ann: not in our tone');
  expect(read(folder, 'junit.xml')).toContain('<failure type="rejected"');
});

test('a bad review file stops the run before it begins, with its place', async () => {
  const folder = project();
  const { code, err } = await run(folder, ['eval', '--review', review(folder, [decision('case-1', 'Oslo', { reason: '' })])]);
  expect(code).toBe(2);
  expect(err).toMatch(/^review\.json:1:\d+ {2}a decision needs a reason/);
  expect(existsSync(join(folder, 'reports'))).toBe(false);
});

test('a quarantined case is asked, judged and shown, and does not count; critical or not', async () => {
  const held = ', critical: true, quarantine: { until: 2999-12-31, why: flaky tool }';
  const folder = project({ 'case-1': '' }, { 'case-1': held });
  const { code, out } = await run(folder, ['eval']);
  expect(code).toBe(0);
  expect(out).toContain('1 case in quarantine, not counted');
  expect(recordOf(folder).verdicts[0]).toMatchObject({ n: 15, counts: { pass: 15, needs_work: 0, quarantined: 1, hard_failures: {} } });
  expect(resultsOf(folder)[1]).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'empty', quarantine: { why: 'flaky tool' } });
  expect(read(folder, 'junit.xml')).toContain('<skipped message="in quarantine until 2999-12-31: flaky tool (NEEDS_WORK');
  for (const file of ['report.csv', 'summary.md', 'comment.md']) expect(read(folder, file)).toMatch(/2999-12-31.*flaky tool/);
  expect((await run(folder, ['check'])).out).toContain('quarantine 1 case of them, which does not count');
});

test('a quarantine that is over is a warning in check and in eval, and the case counts again', async () => {
  const folder = project({ 'case-1': '' }, { 'case-1': ', critical: true, quarantine: { until: 2001-12-31, why: flaky tool }' });
  for (const verb of ['check', 'eval']) {
    const { code, err } = await run(folder, [verb]);
    expect(err).toMatch(/warning: suites\/small\.yaml:\d+:\d+ {2}the quarantine of case "case-1" \(flaky tool\) ended with 2001-12-31/);
    expect(code).toBe(verb === 'eval' ? 1 : 0);
  }
});

test('a suite of which every case is in quarantine is incomplete', async () => {
  const folder = project({}, Object.fromEntries(NAMES.map((name) => [name, ', quarantine: { until: 2999-12-31, why: x }'])));
  expect((await run(folder, ['eval'])).code).toBe(3);
  expect(recordOf(folder).verdicts[0]).toMatchObject({ reason: 'incomplete', why: 'no case counts: 16 in quarantine, no other', n: 0 });
});
