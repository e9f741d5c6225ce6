import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../cli.ts';
import { sayOslo, serve, type TestServer } from '../models/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await serve(({ body }, response) => {
    if (body) return sayOslo(response, 'good-7b');
    response.end(JSON.stringify({ data: [{ id: 'good-7b' }] }));
  });
});
afterAll(() => server.close());

/** The small project with `good` served by a real server, and `old` replayed. */
async function onpar(args: string[], good = `{ provider: openai-compatible, model: good-7b, base_url: "${server.origin}/v1" }`) {
  const cwd = mkdtempSync(join(tmpdir(), 'onpar-doctor-'));
  cpSync(new URL('../../fixtures/cli', import.meta.url).pathname, cwd, { recursive: true });
  const old = '{ provider: openai, model: gpt-4.1, answers: recorded }';
  const needy = '{ provider: openai-compatible, model: x, base_url: "http://127.0.0.1:9/v1", api_key: "${NOT_SET}" }';
  writeFileSync(
    join(cwd, 'suites/models.yaml'),
    `models:\n  old: ${old}\n  good: ${good}\n  bad: ${good}\n  odd: ${good}\n  needy: ${needy}\n`,
  );
  const said = { out: '', err: '' };
  const out = (text: string) => void (said.out += text);
  const err = (text: string) => void (said.err += text);
  const code = await main(['doctor', ...args], { cwd, env: {}, out, err, width: 80, hasColour: false, isLive: false });
  return { code, ...said };
}

test('nothing blocks: code 0, one block a model, what is replayed is not probed', async () => {
  const { code, out } = await onpar(['--suite', 'capitals']);
  expect(code).toBe(0);
  expect(out).toContain('replayed from recordings, not probed (0 answers recorded)');
  expect(out).toContain('✓ answers      "good-7b"');
  expect(out).toContain('nothing blocks');
  expect(out.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  // eslint-disable-next-line no-control-regex -- no colour is what is being looked for
  expect(out).not.toMatch(/\u001B/);
});

test('something blocks: code 3, and the end says what, for which suites, and how to mend it', async () => {
  const { code, out } = await onpar(['--suite', 'capitals'], '{ provider: lmstudio, model: good-7b, base_url: "http://127.0.0.1:9/v1" }');
  expect(code).toBe(3);
  expect(out).toMatch(/blocks the suites:\n {2}✗ good, server \(capitals\): .*ECONNREFUSED[\s\S]*fix: .*lms server start/);
});

test('a model that is replayed is probed when it is named', async () => {
  const { code, out } = await onpar(['--model', 'old']);
  expect(code).toBe(3);
  expect(out).toContain('OPENAI_API_KEY is not set');
});

test.each([
  [['--model', 'goood'], /did you mean "good"\?/],
  [['--model', 'needy'], /NOT_SET is not set/],
  [['capitals'], /--suite capitals/],
  [['--suite', 'capitls'], /did you mean "capitals"\?/],
])('%j is bad input: code 2', async (args, message) => {
  const { code, out, err } = await onpar(args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});
