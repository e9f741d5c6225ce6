/** A key that a server echoes, wherever it echoes it, is in nothing that onpar hands over, writes or prints. */
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askOnce, modelFor, type Seen, serve, type TestServer } from './test-server.ts';

const KEY = 'sk-planted-0123456789-"secret"';
const PASSWORD = 'planted:pass-word/0123456789';
const BASIC = Buffer.from(`me:${PASSWORD}`).toString('base64');

/** No secret, and no piece of one that somebody could go on guessing from. */
function expectNoSecret(text: string): void {
  for (const secret of [KEY, PASSWORD, BASIC, encodeURIComponent(PASSWORD)]) {
    const at = text.indexOf(secret.slice(0, 12));
    expect(at === -1 ? '' : text.slice(Math.max(0, at - 80), at + 40)).toBe('');
  }
}

const stream = (response: ServerResponse, chunks: object[], headers: Record<string, string> = {}) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.end(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''));
};
const chunk = (delta: object, more: object = {}) => ({ model: 'm', choices: [{ index: 0, delta, finish_reason: 'stop' }], ...more });
const json = (response: ServerResponse, status: number, body: unknown) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** What the server was sent: the header as it is, and the secret in it. */
function echoOf({ headers }: Seen): string {
  const header = headers.authorization ?? '';
  const [scheme, value = ''] = [header.slice(0, header.indexOf(' ')), header.slice(header.indexOf(' ') + 1)];
  return scheme === 'Basic' ? `${header} = ${Buffer.from(value, 'base64').toString()} = ${PASSWORD}` : header;
}

const ECHOES: Record<string, (echo: string, response: ServerResponse) => void> = {
  'in the answer': (echo, response) => stream(response, [chunk({ content: `Oslo ${echo}` })]),
  'across the pieces of an answer': (echo, response) =>
    stream(
      response,
      [...`Oslo ${echo}`].map((content) => chunk({ content })),
    ),
  'in the reasoning': (echo, response) => stream(response, [chunk({ reasoning_content: echo, content: 'Oslo' })]),
  'in a refusal longer than its sentence': (echo, response) => stream(response, [chunk({ refusal: `${'no '.repeat(93)}${echo}` })]),
  'in a function call': (echo, response) =>
    stream(response, [chunk({ tool_calls: [{ index: 0, function: { name: 'f', arguments: JSON.stringify({ echo }) } }] })]),
  'as the name of the model': (echo, response) => stream(response, [chunk({ content: 'Oslo' }, { model: echo })]),
  'as the fingerprint': (echo, response) => stream(response, [chunk({ content: 'Oslo' }, { system_fingerprint: echo })]),
  'in headers': (echo, response) => stream(response, [chunk({ content: 'Oslo' })], { server: echo, 'x-litellm-model-name': echo }),
  'in a body that is no JSON': (echo, response) => void response.end(`${'x'.repeat(50)}${echo}`),
  'in a page': (echo, response) => void response.end(`<html>${'x'.repeat(250)}${echo}`),
  'in an error': (echo, response) => json(response, 401, { error: { message: `wrong key ${echo}`, type: echo, code: echo } }),
  'at the place where an error is cut': (echo, response) => json(response, 400, { error: `${'x'.repeat(280)}${echo}` }),
  'in an error without its key': (echo, response) => json(response, 422, { detail: [{ msg: echo }] }),
  'in an error of plain text': (echo, response) => void response.writeHead(500).end(`boom ${echo}`),
  'in an error inside a 200': (echo, response) => json(response, 200, { error: { message: echo } }),
  'in an error inside a stream': (echo, response) => stream(response, [chunk({ content: 'Oslo' }), { error: `boom ${echo}` }]),
};

function echoServer(how: (echo: string, response: ServerResponse) => void): Promise<TestServer> {
  return serve((seen, response) => {
    const echo = echoOf(seen);
    if (seen.method === 'POST') return how(echo, response);
    if (seen.path === '/props') return json(response, 200, { build_info: echo, default_generation_settings: { n_ctx: 4096 } });
    return json(response, 200, { data: [{ id: 'm', meta: { ftype: echo } }], models: [{ key: 'm', format: echo }] });
  });
}

const withPassword = (origin: string) => `${origin.replace('//', `//me:${encodeURIComponent(PASSWORD)}@`)}/v1`;

test.each(Object.entries(ECHOES))('a secret echoed %s is in no attempt', async (_, how) => {
  const server = await echoServer(how);
  for (const provider of ['openai', 'lmstudio', 'litellm', 'openai-compatible']) {
    const withKey = modelFor(provider, 'm', { base_url: `${server.origin}/v1`, api_key: KEY });
    const attempts = [await askOnce(withKey), await askOnce(modelFor(provider, 'm', { base_url: withPassword(server.origin) }))];
    expectNoSecret(JSON.stringify(attempts));
  }
  expect(server.seen.length).toBeGreaterThan(7);
  await server.close();
});

const bin = new URL('../../dist/bin.js', import.meta.url).pathname;

/** A run of the command line in a process of its own, since the server lives in this one. */
function onpar(cwd: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; printed: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (printed += piece.toString()));
    child.on('close', (code) => done({ code, printed }));
  });
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

test('a secret is in no file of a run and in nothing that is printed', async () => {
  let turn = 0;
  const hows = Object.values(ECHOES);
  const server = await echoServer((echo, response) => hows[turn++ % hows.length]?.(echo, response));
  const folder = mkdtempSync(join(tmpdir(), 'onpar-secrets-'));
  mkdirSync(join(folder, 'suites'));
  writeFileSync(
    join(folder, 'suites/models.yaml'),
    `models:
  old: { provider: openai, model: m, base_url: "${server.origin}/v1", api_key: "\${PLANTED_KEY}", answers: live }
  new: { provider: openai-compatible, model: m, base_url: "\${PLANTED_URL}", answers: auto }
`,
  );
  const cases = hows.map((_, i) => `  - { name: c${i}, prompt: "Which city? ${i}", expected_elements: [Oslo] }`).join('\n');
  writeFileSync(
    join(folder, 'suites/echo.yaml'),
    `name: echo\ncapability: general\nbaseline: old\ncandidates: [new]\nparity_target: 0.9\ndefaults:\n  weights: { coverage: 1, similarity: 0 }\ncases:\n${cases}\n`,
  );
  const env = {
    PLANTED_KEY: KEY,
    PLANTED_URL: withPassword(server.origin),
    ONPAR_CACHE: join(folder, 'cache'),
    ONPAR_DEBUG: '1',
    NO_COLOR: '1',
  };
  const { code, printed } = await onpar(folder, ['eval', '--suite', 'echo', '--out', 'reports'], env);
  await server.close();
  expect(printed).toContain('NEEDS_WORK');
  expect([1, 3]).toContain(code);
  expect(server.seen.length).toBeGreaterThan(2 * hows.length);
  expectNoSecret(printed);
  const written = filesIn(folder);
  expect(written.length).toBeGreaterThan(8);
  for (const file of written) expectNoSecret(readFileSync(file, 'latin1'));
});
