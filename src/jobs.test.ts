/** A background job that a run has started is paid for: whatever ends the run, the next one takes it up and starts no second. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BackgroundStandIn, backgroundStandIn } from './test-background-server.ts';

const bin = new URL('../dist/bin.js', import.meta.url).pathname;
const WORDS = ['alpha', 'beta', 'gamma'];

let server: BackgroundStandIn;
beforeEach(async () => {
  server = await backgroundStandIn((prompt) => `You said ${prompt.split(' ')[1] ?? ''}.`);
});
afterEach(() => server.close());

function project(options = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-jobs-'));
  mkdirSync(join(folder, 'suites'));
  const deep = `{ provider: openai, model: o9-deep, api: responses, background: true, base_url: "${server.url}"${options} }`;
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n  base: { provider: file, path: ../base.jsonl }\n  deep: ${deep}\n`);
  writeFileSync(join(folder, 'base.jsonl'), WORDS.map((word) => `{ "case": "${word}", "answer": "${word}" }\n`).join(''));
  const cases = WORDS.map(
    (word) => `  - { name: ${word}, prompt: "Say ${word}", expected_elements: [{ text: [${word}], required: true }] }\n`,
  );
  writeFileSync(
    join(folder, 'suites/words.yaml'),
    `name: words\ncapability: general\nbaseline: base\ncandidates: [deep]\nparity_target: 0.85
defaults: { samples: { baseline: 1 }, weights: { coverage: 1 } }\ncases:\n${cases.join('')}`,
  );
  return folder;
}

function start(cwd: string, args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const ended = new Promise<{ code: number | null; said: string }>((done) => child.once('close', (code) => done({ code, said })));
  return { child, ended };
}
const onpar = (cwd: string, args: string[]) => start(cwd, args).ended;

/** Ends it with a signal when it has looked for an answer once a case. */
async function broken(cwd: string, args: string[], signal: 'SIGKILL' | 'SIGINT') {
  const { child, ended } = start(cwd, args);
  while (server.polls() < WORDS.length && child.exitCode === null) await sleep(10);
  child.kill(signal);
  return ended;
}

interface Line {
  case: string;
  answer: string;
  state: string;
  why: string | null;
  attempts: number;
  provenance: Record<string, string>;
}
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const latest = (folder: string, file: string) => join(folder, 'reports/latest', file);
const answered = (lines: Line[]) => lines.map((one) => [one.case, one.answer, one.attempts]).sort();
const EXPECTED = WORDS.map((word) => [word, `You said ${word}.`, 1]);
const prompts = () => server.jobs.map(({ prompt }) => prompt).sort();
const ONCE = WORDS.map((word) => `Say ${word}`);

test('eval: kill -9 while jobs run, and --resume waits for the same ones', { timeout: 60_000 }, async () => {
  const folder = project();
  await broken(folder, ['eval'], 'SIGKILL');
  const [run = ''] = readdirSync(join(folder, 'reports'));
  const kept = JSON.parse(readFileSync(join(folder, 'reports', run, 'jobs.json'), 'utf8')) as Record<string, string>;
  expect(Object.values(kept).sort()).toEqual(['resp_1', 'resp_2', 'resp_3']);
  server.end('completed');
  await onpar(folder, ['eval', '--resume']);
  expect(prompts()).toEqual(ONCE);
  expect(answered(linesOf(latest(folder, 'answers.jsonl')))).toEqual(EXPECTED);
  expect(existsSync(latest(folder, 'jobs.json'))).toBe(false);
});

test('eval: Ctrl-C does not wait for jobs, and --resume does', { timeout: 60_000 }, async () => {
  const folder = project();
  const { code, said } = await broken(folder, ['eval'], 'SIGINT');
  expect(code).toBe(130);
  expect(said).toContain('onpar eval --resume');
  server.end('completed');
  await onpar(folder, ['eval', '--resume']);
  expect(prompts()).toEqual(ONCE);
  expect(answered(linesOf(latest(folder, 'answers.jsonl')))).toEqual(EXPECTED);
});

test('eval: jobs that outlast their time are named, and --retry-errors takes them up', { timeout: 60_000 }, async () => {
  const folder = project(', timeout_s: 1');
  const { code } = await onpar(folder, ['eval']);
  expect(code).toBe(3);
  const late = linesOf(latest(folder, 'answers.jsonl'));
  expect(late.map((one) => [one.state, one.why?.includes(`the job ${one.provenance['job'] ?? ''} runs on`)])).toEqual(
    WORDS.map(() => ['timed_out', true]),
  );
  server.end('completed');
  await onpar(folder, ['eval', '--retry-errors']);
  expect(prompts()).toEqual(ONCE);
  const all = linesOf(latest(folder, 'answers.jsonl'));
  expect(answered(all.slice(late.length))).toEqual(EXPECTED);
});

test('eval: where the server knows them no more, others are started', { timeout: 60_000 }, async () => {
  const folder = project();
  await broken(folder, ['eval'], 'SIGKILL');
  server.forget();
  server.end('completed');
  await onpar(folder, ['eval', '--resume']);
  expect(prompts()).toEqual([...ONCE, ...ONCE].sort());
  expect(linesOf(latest(folder, 'answers.jsonl')).map(({ state }) => state)).toEqual(WORDS.map(() => 'ok'));
});

test.each(['SIGKILL', 'SIGINT'] as const)(
  'record: after %s the same command waits for the same jobs, and leaves no trace of them',
  { timeout: 60_000 },
  async (signal) => {
    const folder = project();
    const args = ['record', '--model', 'deep'];
    await broken(folder, args, signal);
    const recordings = join(folder, 'fixtures/recordings');
    expect(readdirSync(join(recordings, '.journal')).sort()).toEqual(['.gitignore', 'jobs.json']);
    server.end('completed');
    const { code, said } = await onpar(folder, args);
    expect(said).toContain('recorded 3 answers');
    expect(code).toBe(0);
    expect(prompts()).toEqual(ONCE);
    expect(answered(linesOf(join(recordings, 'deep/words.jsonl')))).toEqual(EXPECTED);
    expect(readdirSync(recordings)).toEqual(['deep']);
  },
);
