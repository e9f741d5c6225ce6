import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from './record.ts';
import { verbs } from './verbs/index.ts';

const root = new URL('..', import.meta.url).pathname;
const bin = join(root, 'dist/bin.js');
const cache = mkdtempSync(join(tmpdir(), 'onpar-cache-'));

/** A copy of the small project, so that a test may change it and write its reports. */
function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-cli-'));
  cpSync(join(root, 'fixtures/cli'), folder, { recursive: true });
  return folder;
}

function onpar(cwd: string, args: string[], node: string[] = []) {
  const env = { ...process.env, ONPAR_CACHE: cache, NO_COLOR: '1', OPENAI_API_KEY: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, bin, ...args], { cwd, env, encoding: 'utf8', timeout: 100_000 });
  return { status, stdout, stderr };
}

const recordOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'reports/latest/run.json'), 'utf8')) as RunRecord;

describe('eval', () => {
  test.each([
    ['capitals', 0, 'PASS', null],
    ['capitals-bad', 1, 'NEEDS_WORK', 'below_target'],
    ['capitals-strict', 3, 'NEEDS_WORK', 'inconclusive'],
    ['capitals-odd', 3, 'NEEDS_WORK', 'incomplete'],
  ])('of %s ends with code %d', (suite, code, verdict, reason) => {
    const folder = project();
    const { status, stdout } = onpar(folder, ['eval', '--suite', suite]);
    expect(status).toBe(code);
    expect(stdout).toContain(verdict);
    expect(recordOf(folder)).toMatchObject({ exit_code: code, verdicts: [{ suite, verdict, reason, n: 12 }] });
    for (const file of ['report.html', 'report.csv', 'junit.xml', 'summary.md', 'results.jsonl'])
      expect(existsSync(join(folder, 'reports/latest', file))).toBe(true);
  });

  test('names answers that are empty, cut, missing or lost in thought, and passes none of them', () => {
    const folder = project();
    onpar(folder, ['eval', '--suite', 'capitals-odd']);
    expect(recordOf(folder).verdicts[0]?.counts).toEqual({
      pass: 8,
      needs_work: 3,
      incomplete: 1,
      hard_failures: { empty: 1, truncated: 2, missing: 1 },
    });
  });

  test('of all suites ends with the worst code', () => {
    expect(onpar(project(), ['eval']).status).toBe(1);
  });

  test('takes a suite by its path, a part of its cases, and writes further reports', () => {
    const folder = project();
    const { status } = onpar(folder, ['eval', '--suite', 'suites/capitals.yaml', '-t', 'a', '-o', 'mine.csv', '--out', 'elsewhere']);
    expect(status).toBe(3);
    expect(readFileSync(join(folder, 'mine.csv'), 'utf8')).toContain('france');
    expect(readFileSync(join(folder, 'mine.csv'), 'utf8')).not.toContain('peru');
    expect(existsSync(join(folder, 'elsewhere/latest/run.json'))).toBe(true);
  });

  test('of one case by its exact name leaves out those that only contain it', () => {
    const folder = project();
    const file = join(folder, 'suites/capitals.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('name: japan', 'name: france-2'));
    onpar(folder, ['eval', '--suite', 'capitals', '-t', 'France']);
    expect(recordOf(folder).verdicts[0]?.n).toBe(1);
  });

  test('tells of a run that was broken off, since its answers are paid for', () => {
    const folder = project();
    const broken = join(folder, 'reports/20260101-000000-capitals');
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'started.json'), '{}');
    writeFileSync(join(broken, 'answers.jsonl'), '{}\n');
    expect(onpar(folder, ['eval', '--suite', 'capitals']).stderr).toMatch(/20260101-000000-capitals was broken off.*--resume goes on/);
  });

  test('fits 80 columns', () => {
    const { stdout } = onpar(project(), ['eval']);
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });
});

describe('bad input ends with code 2, one clear error, and nothing run', () => {
  test.each([
    [['eval', '--suite', 'capitls'], /did you mean "capitals"\?/],
    [['eval', '--suite', 'suites'], /capitals/],
    [['eval', '--suite', 'suites/none.yaml'], /none\.yaml/],
    [['eval', '--sute', 'capitals'], /did you mean "--suite"\?/],
    [['eval', 'capitals'], /--suite capitals/],
    [['evil'], /did you mean "eval"\?/],
    [['eval', '-o', 'report.xlsx'], /xlsx/],
    [['eval', '-t', 'atlantis'], /atlantis/],
    [['eval', '--embedder', 'nope'], /nope/],
    [['report', 'nowhere'], /nowhere/],
    [['import', 'nowhere.jsonl', '--suite', 'capitals', '--model', 'old'], /nowhere/],
  ])('%j', (args, message) => {
    const folder = project();
    const { status, stdout, stderr } = onpar(folder, args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  test('a missing key is one of them, and leaves no run to be resumed', () => {
    const folder = project();
    const models = join(folder, 'suites/models.yaml');
    writeFileSync(models, readFileSync(models, 'utf8').replace(/good: .*/, 'good: { provider: openai, model: gpt-4.1 }'));
    const { status, stderr } = onpar(folder, ['eval', '--suite', 'capitals']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/suites\/models\.yaml:\d+:3 {2}model "good" must be asked, and OPENAI_API_KEY is not set/);
    expect(readdirSync(join(folder, 'reports'))).toEqual([]);
  });

  test('an unknown key is named with its line and column', () => {
    const folder = project();
    const file = join(folder, 'suites/capitals.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('parity_target', 'parity_traget'));
    const { status, stderr } = onpar(folder, ['eval', '--suite', 'suites/capitals.yaml']);
    expect(status).toBe(2);
    expect(stderr).toContain('suites/capitals.yaml:5:1  unknown key "parity_traget"');
    expect(stderr).toContain('did you mean "parity_target"?');
  });
});

describe('the other verbs', () => {
  test('report renders the same bytes again from the run record alone', () => {
    const folder = project();
    onpar(folder, ['eval', '--suite', 'capitals-bad']);
    const files = ['report.html', 'report.csv', 'junit.xml', 'summary.md'].map((f) => join(folder, 'reports/latest', f));
    const before = files.map((f) => readFileSync(f, 'utf8'));
    for (const f of files) writeFileSync(f, '');
    expect(onpar(folder, ['report', 'reports/latest']).status).toBe(1);
    expect(files.map((f) => readFileSync(f, 'utf8'))).toEqual(before);
  });

  test('check judges the files and says when a suite is too small for its target', () => {
    const { status, stdout } = onpar(project(), ['check']);
    expect(status).toBe(0);
    expect(stdout).toContain('TOO SMALL: even a perfect candidate needs 27 cases to prove 0.95, there are 12');
  });

  test('check tells what a run would ask, and about what it takes', () => {
    const folder = project();
    const models = join(folder, 'suites/models.yaml');
    const live =
      'good: { provider: openai-compatible, base_url: "http://127.0.0.1:9/v1", prices: { input_per_million: 1, output_per_million: 1000 } }';
    writeFileSync(models, readFileSync(models, 'utf8').replace(/good: .*/, live));
    const { status, stdout } = onpar(folder, ['check', '--suite', 'capitals']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /answers {4}12 ok, 12 to be asked\n {2}asks {7}good\n {13}12 to ask, about [\d,]+ tokens in, 6,000 out; cost \$6\.\d+/,
    );
  });

  test('import makes recordings that eval replays', () => {
    const folder = project();
    const models = join(folder, 'suites/models.yaml');
    writeFileSync(
      models,
      readFileSync(models, 'utf8').replace(/good: .*/, 'good: { provider: lmstudio, model: good-7b, answers: recorded }'),
    );
    expect(onpar(folder, ['eval', '--suite', 'capitals']).status).toBe(3);
    const imported = onpar(folder, [
      'import',
      'answers/good.jsonl',
      '--suite',
      'capitals',
      '--model',
      'good',
      '--source',
      'a log',
      '--licence',
      'CC0',
    ]);
    expect(imported).toMatchObject({ status: 0, stderr: '' });
    expect(onpar(folder, ['eval', '--suite', 'capitals']).status).toBe(0);
    expect(recordOf(folder).models).toContainEqual(expect.objectContaining({ name: 'good', sources: ['a log (CC0)'] }));
    expect(onpar(folder, ['import', 'answers/good.jsonl', '--suite', 'capitals', '--model', 'good']).stderr).toContain('--replace');
    const refused = (file: string, ...args: string[]) =>
      onpar(folder, ['import', file, '--suite', 'capitals', '--model', 'good', '--replace', ...args]).stderr;
    expect(refused('answers/good.jsonl', '--date', 'banana')).toContain('--date banana is no date');
    writeFileSync(join(folder, 'odd.jsonl'), '{"case":"france","answer":"Paris","sample":-1}\n[]\n');
    expect(refused('odd.jsonl')).toContain('odd.jsonl:1:1  "sample" is -1');
    expect(refused('odd.jsonl')).toContain('write one JSON object a line');
  });

  test('a malformed and a stale recording never pass and never vanish', () => {
    const folder = project();
    const models = join(folder, 'suites/models.yaml');
    writeFileSync(
      models,
      readFileSync(models, 'utf8').replace(/good: .*/, 'good: { provider: lmstudio, model: good-7b, answers: recorded }'),
    );
    onpar(folder, ['import', 'answers/good.jsonl', '--suite', 'capitals', '--model', 'good']);
    const file = join(folder, 'fixtures/recordings/good/capitals.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [(lines[0] ?? '').replace('"answer":"', '"answer":["'), ...lines.slice(1)].join('\n'));
    const suite = join(folder, 'suites/capitals.yaml');
    writeFileSync(suite, readFileSync(suite, 'utf8').replace('capital of Japan', 'capital city of Japan'));
    expect(onpar(folder, ['eval', '--suite', 'capitals']).status).toBe(3);
    expect(recordOf(folder).verdicts[0]?.counts).toMatchObject({ incomplete: 2, hard_failures: { malformed: 1, missing: 1 } });
  });

  test('--version and --help answer', () => {
    expect(onpar(root, ['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const verb of Object.keys(verbs)) {
      const { stdout } = onpar(root, [verb, '--help']);
      expect(stdout).toContain(`usage: onpar ${verb}`);
      expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    }
  });
});

describe('the shipped suites', () => {
  test('are judged without a socket', () => {
    const out = mkdtempSync(join(tmpdir(), 'onpar-out-'));
    const { status, stderr } = onpar(root, ['eval', '-t', '11', '--out', out], ['--import', join(root, 'fixtures/no-sockets.mjs')]);
    expect(stderr).not.toContain('SOCKET OPENED');
    expect([1, 3]).toContain(status);
  });

  test('the guard that this relies on does see a socket', async () => {
    const server = createServer().listen(0);
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const script = `import('node:net').then((net) => net.connect(${port}))`;
    const { stderr, status } = spawnSync(process.execPath, ['--import', join(root, 'fixtures/no-sockets.mjs'), '-e', script], {
      encoding: 'utf8',
    });
    server.close();
    expect(stderr).toContain('SOCKET OPENED by net.connect');
    expect(status).not.toBe(0);
  });
});
