import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../cli.ts';

const root = new URL('../..', import.meta.url).pathname;
const bin = join(root, 'dist/bin.js');
const KEY = 'sk-planted-0123456789';
const CAPITALS: Record<string, string> = { France: 'Paris', Japan: 'Tokyo', Italy: 'Rome', Spain: 'Madrid', Peru: 'Lima', Egypt: 'Cairo' };
const CASES = Object.keys(CAPITALS).length;

type Reply = (prompt: string, response: ServerResponse, request: { model: string }) => void;

/** A real server that answers from the list of capitals, and keeps what it was asked. */
let prompts: string[] = [];
let gets: string[] = [];
let reply: Reply;
let shutdownDate: string | null = null;
let port = 0;
let close: () => Promise<void>;

const say =
  (content: string, ms = 0): Reply =>
  (_, response, { model }) => {
    const body = {
      model,
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    };
    setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)), ms);
  };
const capital = (prompt: string) => CAPITALS[/of (\w+)/.exec(prompt)?.[1] ?? ''] ?? 'Atlantis';
const knows =
  (ms = 0): Reply =>
  (prompt, response, request) =>
    say(capital(prompt), ms)(prompt, response, request);
const fails =
  (status: number, error: object): Reply =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));

beforeEach(async () => {
  [prompts, gets, reply, shutdownDate] = [[], [], knows(), null];
  const server = createServer((request: IncomingMessage, response) => {
    if (request.method === 'GET') {
      gets.push(request.url ?? '');
      return void response.end(JSON.stringify({ object: 'list', data: [{ id: 'gpt-4.1', shutdown_date: shutdownDate }, { odd: true }] }));
    }
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      const body = JSON.parse(text) as { model: string; messages: { content: string }[] };
      const prompt = body.messages.at(-1)?.content ?? '';
      prompts.push(prompt);
      reply(prompt, response, body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
});
afterEach(() => close());

const MODELS = (extra = '') => `models:
  today: { provider: openai, model: gpt-4.1, base_url: "http://127.0.0.1:${port}/v1", api_key: "\${PLANTED_KEY}", prices: { input_per_million: 2, output_per_million: 8 }${extra} }
  tomorrow: { provider: openai-compatible, model: qwen, base_url: "http://127.0.0.1:${port}/v1" }
  gone: { provider: openai, model: o1-preview, answers: recorded }
  logs: { provider: file, path: ../logs.jsonl }
`;

const SUITE = (name = 'capitals', baseline = 'today', samples = '') => `name: ${name}
capability: general
baseline: ${baseline}
candidates: [tomorrow]
parity_target: 0.85
defaults: { weights: { coverage: 1 }${samples} }
cases:
${Object.entries(CAPITALS)
  .map(
    ([country, city]) =>
      `  - { name: ${country.toLowerCase()}, prompt: "What is the capital of ${country}?", expected_elements: [${city}] }`,
  )
  .join('\n')}
`;

function project(suites: Record<string, string> = { capitals: SUITE() }, models = MODELS()): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-record-'));
  mkdirSync(join(folder, 'suites'));
  writeFileSync(join(folder, 'suites/models.yaml'), models);
  for (const [name, text] of Object.entries(suites)) writeFileSync(join(folder, `suites/${name}.yaml`), text);
  return folder;
}

async function onpar(cwd: string, ...argv: string[]) {
  let [stdout, stderr] = ['', ''];
  const console = {
    cwd,
    argv,
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
    env: { PLANTED_KEY: KEY, ONPAR_CACHE: join(cwd, 'cache') },
    width: 80,
    hasColour: false,
    isLive: false,
    now: () => new Date('2026-11-25T12:00:00Z'),
  };
  const status = await main(argv, console);
  return { status, stdout, stderr };
}

/** The built command, for what happens to a process; resolves with its exit code or signal when it ends. */
function start(cwd: string, args: string[], node: string[] = []) {
  const child = spawn(process.execPath, [...node, bin, ...args], {
    cwd,
    env: { PLANTED_KEY: KEY, ...process.env, ONPAR_CACHE: join(cwd, 'cache'), NO_COLOR: '1' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const ended = new Promise<{ status: number | string | null; stdout: string; stderr: string }>((done) =>
    child.on('close', (code, signal) => done({ status: code ?? signal, stdout, stderr })),
  );
  return { child, ended };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; !isSo(); i++) {
    if (i > 2000) throw new Error('it never came to that');
    await new Promise((done) => setTimeout(done, 10));
  }
}

interface Line {
  case: string;
  sample: number;
  answer: string;
}
const fileOf = (folder: string, model = 'today', suite = 'capitals') => join(folder, 'fixtures/recordings', model, `${suite}.jsonl`);
const linesOf = (file: string) =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const withoutTimes = (text: string) => text.replace(/"recorded_at":"[^"]*"/g, '').replace(/"total_ms":\d+/g, '');
const isWide = (text: string) => text.split('\n').some((line) => [...line].length > 80);

describe('record', () => {
  test('asks the baseline three times a case, keeps every answer in order, and nothing of the candidate', async () => {
    const folder = project();
    const { status, stdout } = await onpar(folder, 'record', '-j', '4');
    expect(status).toBe(0);
    expect(prompts).toHaveLength(3 * CASES);
    const lines = linesOf(fileOf(folder));
    expect(lines.map((line) => `${line.case} ${line.sample}`)).toEqual(
      Object.keys(CAPITALS).flatMap((country) => [0, 1, 2].map((sample) => `${country.toLowerCase()} ${sample}`)),
    );
    expect(lines[0]).toMatchObject({
      answer: 'Paris',
      model: 'gpt-4.1',
      reported_model: 'gpt-4.1',
      finish_reason: 'stop',
      cost_usd: 0.00006,
    });
    expect(readdirSync(join(folder, 'fixtures/recordings'))).toEqual(['today']);
    expect(stdout).toMatch(/eval uses 1 of 3 samples.*baseline: 3/s);
    expect(isWide(stdout)).toBe(false);
  });

  test('a second time asks nothing; from the start again it writes the same bytes but for the times', async () => {
    const folder = project();
    await onpar(folder, 'record', '-j', '3');
    const before = readFileSync(fileOf(folder), 'utf8');
    const asked = prompts.length;
    const again = await onpar(folder, 'record');
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(again.stdout).toContain('nothing is to be asked');
    expect(prompts).toHaveLength(asked);
    expect(readFileSync(fileOf(folder), 'utf8')).toBe(before);
    const other = project();
    await onpar(other, 'record');
    expect(withoutTimes(readFileSync(fileOf(other), 'utf8'))).toBe(withoutTimes(before));
  });

  test('says what it will take before it asks; --dry-run stops there', async () => {
    const folder = project({ capitals: SUITE('capitals', 'today', ', params: { max_tokens: 1000 }, samples: { baseline: 2 }') });
    const { status, stdout } = await onpar(folder, 'record', '--dry-run');
    expect(status).toBe(0);
    expect(prompts).toEqual([]);
    expect(existsSync(join(folder, 'fixtures'))).toBe(false);
    expect(stdout).toContain('0 of 12 answers recorded (6 cases, 2 samples each)');
    expect(stdout).toMatch(/12 to ask, about \d+ tokens in, 12,000 out; cost \$0\.0\d+,\s+time unknown/);
  });

  test('a price that is not known is unknown, and a speed is known once something is recorded', async () => {
    const folder = project();
    expect((await onpar(folder, 'record', '--model', 'tomorrow', '--dry-run')).stdout).toMatch(/cost unknown,\s+time unknown/);
    reply = knows(5);
    await onpar(folder, 'record', '--model', 'tomorrow');
    const { stdout } = await onpar(folder, 'record', '--model', 'tomorrow', '--samples', '2', '--dry-run');
    expect(stdout).toMatch(/6 to ask.*cost unknown,\s+time \d/s);
  });

  test('records a candidate that is named, once a case, and all with --all', async () => {
    const folder = project();
    await onpar(folder, 'record', '--model', 'tomorrow');
    expect(linesOf(fileOf(folder, 'tomorrow'))).toHaveLength(CASES);
    expect(existsSync(fileOf(folder))).toBe(false);
    expect((await onpar(folder, 'record', '--all', '--samples', '1')).status).toBe(0);
    expect(linesOf(fileOf(folder))).toHaveLength(CASES);
    expect(prompts).toHaveLength(2 * CASES);
  });

  test('--again replaces what is recorded', async () => {
    const folder = project();
    await onpar(folder, 'record', '--samples', '1');
    reply = say('Paris, as ever.');
    expect((await onpar(folder, 'record', '--samples', '1', '--again')).status).toBe(0);
    expect(linesOf(fileOf(folder)).map((line) => line.answer)).toEqual(Array.from({ length: CASES }, () => 'Paris, as ever.'));
  });

  test('a request that stands in two suites is asked once', async () => {
    const folder = project({ capitals: SUITE(), twin: SUITE('twin') });
    expect((await onpar(folder, 'record', '--samples', '1')).status).toBe(0);
    expect(prompts).toHaveLength(CASES);
    expect((await onpar(folder, 'record', '--samples', '1')).stdout).toContain('nothing is to be asked');
  });

  test('counts failures by state, records none of them, and asks them again the next time', async () => {
    const folder = project();
    reply = (prompt, ...rest) => (prompt.includes('Peru') ? fails(400, { message: 'not this one' }) : knows())(prompt, ...rest);
    const { status, stdout } = await onpar(folder, 'record', '--samples', '1');
    expect(status).toBe(3);
    expect(stdout).toMatch(/missing {2}1 answer: 1 rejected/);
    expect(stdout).toMatch(/rejected, such as case "peru" of today: 400.*not this one/s);
    expect(linesOf(fileOf(folder))).toHaveLength(CASES - 1);
    reply = knows();
    expect((await onpar(folder, 'record', '--samples', '1')).status).toBe(0);
    expect(prompts).toHaveLength(CASES + 1);
    expect(linesOf(fileOf(folder)).map((line) => line.case)).toEqual(Object.keys(CAPITALS).map((c) => c.toLowerCase()));
  });

  test('asks anew where a line is not a recording, and says that such a line goes', async () => {
    const folder = project();
    await onpar(folder, 'record', '--samples', '1');
    const before = readFileSync(fileOf(folder), 'utf8');
    writeFileSync(fileOf(folder), `<<<<<<< HEAD\n${before.replace('"answer":"Tokyo"', '"answer":["Tokyo"]')}`);
    const { status, stderr } = await onpar(folder, 'record', '--samples', '1');
    expect(status).toBe(0);
    expect(stderr).toMatch(/capitals\.jsonl:1: this line is no recording/);
    expect(prompts).toHaveLength(CASES + 1);
    expect(withoutTimes(readFileSync(fileOf(folder), 'utf8'))).toBe(withoutTimes(before));
  });

  test('stops at its budget and says so', async () => {
    const folder = project();
    const { status, stdout } = await onpar(folder, 'record', '--budget-tokens', '30', '-j', '1');
    expect(status).toBe(3);
    expect(linesOf(fileOf(folder))).toHaveLength(2);
    expect(stdout).toMatch(/missing {2}16 answers: 16 not asked/);
    expect(stdout).toContain('the budget of 30 tokens is spent');
  });

  test('keeps no key, not even one that a server repeats', async () => {
    const folder = project();
    reply = say(`You sent ${KEY}, did you not?`);
    await onpar(folder, 'record');
    const text = readFileSync(fileOf(folder), 'utf8');
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(KEY);
    expect(text).not.toMatch(/authorization|bearer/i);
  });

  test.each([
    ['2027-01-14', /"today" is shut down in 50 days, on 2027-01-14/],
    ['2026-10-23', /"today" was to be shut down on 2026-10-23/],
    ['2027-12-31', null],
  ])('warns of a model that is shut down on %s', async (date, warning) => {
    shutdownDate = date;
    const { stdout } = await onpar(project(), 'record', '--dry-run');
    if (warning) expect(stdout).toMatch(warning);
    else expect(stdout).not.toContain('shut down');
    expect(gets).toEqual(['/v1/models']);
  });
});

describe('what cannot be recorded ends with code 2, and nothing asked', () => {
  test.each([
    ['an unknown model', ['--model', 'tomorow'], /did you mean "tomorrow"\?/],
    ['an unknown suite', ['--suite', 'capitls'], /did you mean "capitals"\?/],
    ['a model that is only replayed', ['--suite', 'old'], /"gone" cannot be recorded: it has answers: recorded/],
    ['a model whose answers are in a file', ['--suite', 'filed'], /"logs" cannot be recorded: its answers come from a file/],
    ['a missing key', ['--suite', 'keyless'], /OPENAI_API_KEY is not set/],
    ['no samples', ['--samples', '0'], /--samples 0/],
    ['a word', ['capitals'], /--suite capitals/],
    ['a part of the suites for --prune', ['--prune', '--suite', 'capitals'], /leave out --suite/],
  ])('%s', async (_, args, message) => {
    const models = `${MODELS()}  keyless: { provider: openai, model: gpt-4.1 }\n`;
    const names = { old: 'gone', filed: 'logs', keyless: 'keyless' };
    const suites = Object.fromEntries(Object.entries(names).map(([name, baseline]) => [name, SUITE(name, baseline)]));
    const folder = project({ capitals: SUITE(), ...suites }, models);
    const { status, stdout, stderr } = await onpar(folder, 'record', ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(prompts).toEqual([]);
    expect(existsSync(join(folder, 'fixtures'))).toBe(false);
  });

  test('beside others that can be, it is left out and named', async () => {
    const folder = project({ capitals: SUITE(), old: SUITE('old', 'gone') });
    const { status, stdout } = await onpar(folder, 'record', '--samples', '1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/gone\n {2}is not recorded: it has answers: recorded/);
  });
});

describe('a process that ends early', () => {
  test('killed in the middle loses no answer, and only what was in flight is asked again', async () => {
    const folder = project();
    reply = knows(60);
    const { child, ended } = start(folder, ['record', '-j', '2']);
    await until(() => prompts.length >= 8);
    child.kill('SIGKILL');
    expect((await ended).status).toBe('SIGKILL');
    const asked = prompts.length;
    expect(existsSync(fileOf(folder))).toBe(false);
    reply = knows();
    const dry = await onpar(folder, 'record', '--dry-run');
    expect(dry.stdout).toMatch(/\d+ answers of a run that was broken off will be recorded first/);
    const { status, stdout } = await onpar(folder, 'record');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\d+ answers of a run that was broken off are recorded first/);
    expect(linesOf(fileOf(folder))).toHaveLength(3 * CASES);
    expect(prompts.length).toBeLessThanOrEqual(3 * CASES + 2);
    expect(asked).toBeLessThan(3 * CASES);
    expect(readdirSync(join(folder, 'fixtures/recordings'))).toEqual(['today']);
  });

  test('killed under --again, it goes on where it was under --again', async () => {
    const folder = project();
    await onpar(folder, 'record', '--samples', '2');
    [prompts, reply] = [[], say('anew', 60)];
    const { child, ended } = start(folder, ['record', '--samples', '2', '--again', '-j', '2']);
    await until(() => prompts.length >= 6);
    child.kill('SIGKILL');
    await ended;
    reply = say('anew');
    expect((await onpar(folder, 'record', '--samples', '2', '--again')).status).toBe(0);
    expect(prompts.length).toBeLessThanOrEqual(2 * CASES + 2);
    expect(linesOf(fileOf(folder)).filter((line) => line.answer !== 'anew')).toEqual([]);
  });

  test('Ctrl-C waits for what is in flight, records it, and ends with 130', async () => {
    const folder = project();
    reply = knows(60);
    const { child, ended } = start(folder, ['record', '-j', '2']);
    await until(() => prompts.length >= 6);
    child.kill('SIGINT');
    const { status, stderr } = await ended;
    expect(status).toBe(130);
    expect(stderr).toContain('go on with the same command');
    expect(linesOf(fileOf(folder))).toHaveLength(prompts.length);
    const asked = prompts.length;
    reply = knows();
    expect((await onpar(folder, 'record')).status).toBe(0);
    expect(prompts).toHaveLength(3 * CASES);
    expect(asked).toBeLessThan(3 * CASES);
  });

  test('two at once spoil nothing for each other', async () => {
    const folder = project({ capitals: SUITE(), twin: SUITE('twin').replaceAll('What is', 'Name') });
    reply = knows(20);
    const both = [
      start(folder, ['record', '--suite', 'capitals']),
      start(folder, ['record', '--suite', 'capitals']),
      start(folder, ['record', '--suite', 'twin']),
    ];
    for (const { ended } of both) expect((await ended).status).toBe(0);
    expect(linesOf(fileOf(folder))).toHaveLength(3 * CASES);
    expect(linesOf(fileOf(folder, 'today', 'twin'))).toHaveLength(3 * CASES);
    expect(readdirSync(join(folder, 'fixtures/recordings'))).toEqual(['today']);
  });
});

describe('--prune', () => {
  async function recorded(): Promise<string> {
    const folder = project();
    await onpar(folder, 'record', '--all');
    const file = join(folder, 'suites/capitals.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace('capital of Japan', 'capital city of Japan')
        .replace(/ {2}- \{ name: peru.*\n/, ''),
    );
    return folder;
  }

  test('takes out what no case asks for any more, and lists it', async () => {
    const folder = await recorded();
    const before = readFileSync(fileOf(folder), 'utf8');
    const dry = await onpar(folder, 'record', '--prune', '--dry-run');
    expect(dry.stdout).toContain('8 recordings would be removed');
    expect(readFileSync(fileOf(folder), 'utf8')).toBe(before);
    const { status, stdout } = await onpar(folder, 'record', '--prune');
    expect(status).toBe(0);
    expect(stdout).toContain('fixtures/recordings/today/capitals.jsonl: 6 of 18\n  japan, sample 0\n');
    expect(stdout).toContain('8 recordings removed');
    const kept = before.split('\n').filter((line) => line !== '' && !/"case":"(japan|peru)"/.test(line));
    expect(readFileSync(fileOf(folder), 'utf8')).toBe(`${kept.join('\n')}\n`);
    expect((await onpar(folder, 'record', '--prune')).stdout).toBe('0 recordings removed\n');
  });

  test('names files that belong to no suite, and removes them only with --all', async () => {
    const folder = project();
    await onpar(folder, 'record', '--samples', '1');
    writeFileSync(join(folder, 'suites/capitals.yaml'), SUITE('towns').replace('capital of France', 'capital city of France'));
    const kept = await onpar(folder, 'record', '--prune');
    expect(kept.stdout).toMatch(/today\/capitals\.jsonl: orphan\n.*1 recording/);
    expect(linesOf(fileOf(folder))).toHaveLength(CASES);
    expect((await onpar(folder, 'record', '--prune', '--all')).stdout).toContain('1 recording removed');
    // the others are still asked for, by the suite's new name
    expect(linesOf(fileOf(folder))).toHaveLength(CASES - 1);
    writeFileSync(join(folder, 'suites/capitals.yaml'), SUITE('towns', 'tomorrow').replace('[tomorrow]', '[logs]'));
    await onpar(folder, 'record', '--prune', '--all');
    expect(existsSync(join(folder, 'fixtures/recordings/today'))).toBe(false);
  });
});

describe('eval replays what was recorded', () => {
  test('without a socket', async () => {
    const folder = project();
    await onpar(folder, 'record', '--all');
    const { ended } = start(folder, ['eval', '--offline'], ['--import', join(root, 'fixtures/no-sockets.mjs')]);
    const { status, stderr } = await ended;
    expect(stderr).not.toContain('SOCKET OPENED');
    expect(status).not.toBe(2);
    expect(prompts).toHaveLength(4 * CASES);
  });

  test('and names a recording that is stale', async () => {
    const folder = project();
    await onpar(folder, 'record', '--all');
    const file = join(folder, 'suites/capitals.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('capital of Japan', 'capital city of Japan'));
    expect((await onpar(folder, 'eval', '--offline')).status).toBe(3);
    const results = readFileSync(join(folder, 'reports/latest/results.jsonl'), 'utf8');
    expect(results).toContain('the recording of \\"today\\" is stale');
    expect((await onpar(folder, 'record', '--dry-run')).stdout).toMatch(/1 stale.*japan/s);
  });

  test('and tells of a model that was retired where its recordings are', async () => {
    const folder = project({ capitals: SUITE() }, MODELS(', answers: live'));
    await onpar(folder, 'record', '--all');
    reply = fails(404, { message: 'The model `gpt-4.1` does not exist', type: 'invalid_request_error', code: 'model_not_found' });
    expect((await onpar(folder, 'eval', '-t', 'france')).status).toBe(3);
    const results = readFileSync(join(folder, 'reports/latest/results.jsonl'), 'utf8');
    expect(results).toContain('unknown_model');
    expect(results).toMatch(/if it was retired, 18 of its answers are recorded in [^"]*recordings\/today: set answers: recorded/);
    rmSync(folder, { recursive: true });
  });
});
