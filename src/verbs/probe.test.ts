/** `onpar probe` against real servers: up, failing, hanging, gone. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { sayOslo, type Seen, serve } from '../models/test-server.ts';
import type { Probe } from '../record.ts';
import { run } from './test-project.ts';

const close: (() => unknown)[] = [];
afterEach(() => close.splice(0).forEach((one) => one()));

async function server(answer: (seen: Seen, response: ServerResponse) => void = (_, response) => sayOslo(response, 'm', 'O')) {
  const one = await serve((seen, response) => {
    if (seen.method === 'GET') response.end(JSON.stringify({ data: [{ id: 'm' }] }));
    else answer(seen, response);
  });
  close.push(one.close);
  return one;
}

function project(origins: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-probe-'));
  mkdirSync(join(folder, 'suites'));
  const entries = Object.entries(origins).map(
    ([name, origin]) => `  ${name}: { provider: openai-compatible, base_url: "${origin}/v1", model: m, answers: live }\n`,
  );
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n${entries.join('')}  kept: { provider: file, path: a.jsonl }\n`);
  return folder;
}

const linesOf = (folder: string, out = 'reports') =>
  readFileSync(join(folder, out, 'probes.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Probe);

test('one probe is one small question, and one line', async () => {
  const up = await server();
  const folder = project({ up: up.origin });
  const { code, out } = await run(folder, ['probe']);
  expect(code).toBe(0);
  expect(out).toContain('✓ up');
  expect(up.seen.find(({ method }) => method === 'POST')?.body).toMatchObject({ model: 'm', max_tokens: 1 });
  const [line, ...more] = linesOf(folder);
  expect(more).toEqual([]);
  expect(line).toEqual({
    at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    model: 'up',
    host: new URL(up.origin).host,
    ok: true,
    ms: expect.any(Number) as number,
    why: null,
    every_seconds: null,
  });
});

test('--shallow asks for the list alone', async () => {
  const up = await server();
  expect((await run(project({ up: up.origin }), ['probe', '--shallow'])).code).toBe(0);
  expect(up.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models']);
});

test('any model that is down makes it 1, each with its reason', async () => {
  const [up, failing, hanging] = [
    await server(),
    await server((_, response) => void response.writeHead(503).end('{"error":"no slot"}')),
    await server(() => undefined),
  ];
  const gone = await serve(() => undefined);
  await gone.close();
  const folder = project({ up: up.origin, failing: failing.origin, hanging: hanging.origin, gone: gone.origin });
  const { code } = await run(folder, ['probe', '--timeout', '0.3', '--out', 'elsewhere']);
  expect(code).toBe(1);
  const found = Object.fromEntries(linesOf(folder, 'elsewhere').map(({ model, ok, ms, why }) => [model, { ok, ms, why }]));
  expect(found['up']).toMatchObject({ ok: true });
  expect(found['failing']).toEqual({ ok: false, ms: null, why: expect.stringContaining('no slot') as string });
  expect(found['hanging']).toEqual({ ok: false, ms: null, why: 'no answer within 0.3 s' });
  expect(found['gone']).toEqual({ ok: false, ms: null, why: expect.stringContaining('ECONNREFUSED') as string });
});

test('a series goes on for its time, sees the server go, and is summed up', async () => {
  let count = 0;
  const up = await server((_, response) => (++count > 2 ? void response.writeHead(500).end('{}') : sayOslo(response, 'm', 'O')));
  const folder = project({ up: up.origin });
  const { code } = await run(folder, ['probe', 'up', '--every', '0.2', '--for', '1s']);
  expect(code).toBe(1);
  const lines = linesOf(folder);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.slice(0, 3).map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(lines.every(({ every_seconds }) => every_seconds === 0.2)).toBe(true);
  const summary = await run(folder, ['probe', '--summary']);
  expect(summary.code).toBe(1);
  expect(summary.out).toContain('not seen up after it');
  for (const line of summary.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('Ctrl-C ends a series cleanly: whole lines, and the exit code of what was seen', async () => {
  const up = await server();
  const folder = project({ up: up.origin });
  const bin = new URL('../../dist/bin.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [bin, 'probe', '--every', '0.2'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const code = await new Promise((done) => child.once('exit', done));
  expect(code).toBe(0);
  expect(linesOf(folder).every(({ ok }) => ok)).toBe(true);
});

test('a line that a crash cut is left out, and said', async () => {
  const folder = project({ up: (await server()).origin });
  await run(folder, ['probe']);
  writeFileSync(join(folder, 'reports/probes.jsonl'), '{"at":"2026-1', { flag: 'a' });
  await run(folder, ['probe']);
  const { code, out, err } = await run(folder, ['probe', '--summary']);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('1 of its lines') as string });
  // and the probe after it is whole
  expect(out).toMatch(/^up +2 +100\.000 %/m);
});

test('--local-only: a model elsewhere is down, for that reason', async () => {
  const folder = project({ far: 'http://192.0.2.1' });
  expect((await run(folder, ['probe', '--local-only'])).code).toBe(1);
  expect(linesOf(folder)[0]?.why).toContain('--allow-host 192.0.2.1');
});

test.each([
  [['probe', 'uo'], 'did you mean "up"'],
  [['probe', 'kept'], 'nothing is served'],
  [['probe', '--every', 'often'], 'number above 0'],
  [['probe', '--for', '10s'], '--for needs --every'],
  [['probe', '--every', '1', '--for', 'ever'], 'no duration'],
  [['probe', '--every', '1', '--timeout', '5'], 'longer than'],
  [['probe', '--summary'], 'nothing was probed yet'],
])('%j is bad input', async (args, says) => {
  const { code, err } = await run(project({ up: 'http://127.0.0.1:9' }), args);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(says) as string });
});
