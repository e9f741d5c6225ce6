/** Judging, listing and checking with an embedding server, as a user does it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../cli.ts';
import { bodyOf, embeddingServer, type EmbeddingServer, inCompany, MODEL, sendJson } from '../embed/test-embedding-server.ts';
import type { RunRecord } from '../record.ts';

let dir: string;
let server: EmbeddingServer;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'onpar-served-'));
  server = await embeddingServer();
  mkdirSync(join(dir, 'suites'));
  const model = (name: string) => `  ${name}: { provider: file, path: ${name}.jsonl }\n`;
  writeFileSync(join(dir, 'suites/models.yaml'), `models:\n${model('old')}${model('new')}`);
  for (const name of ['old', 'new']) writeAnswers(name, ['The parcel comes on Monday.', 'Oslo is a city in Norway.']);
  writeFileSync(
    join(dir, 'suites/near.yaml'),
    `name: near\ncapability: general\nbaseline: old\ncandidates: [new]\nparity_target: 0.85
defaults: { weights: { coverage: 0.5, similarity: 0.5 } }
cases:
  - { name: a, prompt: When does it come?, expected_elements: [Monday] }
  - { name: b, prompt: What is Oslo?, expected_elements: [city] }\n`,
  );
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function writeAnswers(name: string, [a, b]: [string, string]): void {
  const lines = [JSON.stringify({ case: 'a', answer: a }), JSON.stringify({ case: 'b', answer: b })];
  writeFileSync(join(dir, `suites/${name}.jsonl`), `${lines.join('\n')}\n`);
}

async function onpar(...args: string[]) {
  const said = { out: '', err: '' };
  const code = await main(args, {
    cwd: dir,
    env: { ONPAR_CACHE: join(dir, 'cache') },
    argv: args,
    width: 80,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
  });
  return { code, ...said };
}
const judge = (...args: string[]) => onpar('eval', '--embedder', server.name, ...args);
const record = () => JSON.parse(readFileSync(join(dir, 'reports/latest/run.json'), 'utf8')) as RunRecord;

test('a run says who served, and the same run offline needs nobody', async () => {
  const { out, code } = await judge();
  expect(code).toBe(3);
  expect(record()).toMatchObject({
    hosts_contacted: [server.host],
    score_identity: { encoder: { id: MODEL, server: server.host, dimensions: 8, bundled: false } },
    embedding: { computed: expect.any(Number) as number },
  });
  expect(out).toContain(`computed by ${server.host}`);
  expect(out).toContain(`encoder ${MODEL} (served by ${server.host})`);
  const [{ score_identity, verdicts }, requests] = [record(), server.requests.length];
  expect((await judge('--offline')).code).toBe(3);
  expect(record()).toMatchObject({ hosts_contacted: [], score_identity, verdicts, embedding: { computed: 0 } });
  expect(server.requests).toHaveLength(requests);
});

test('offline, a text without a vector is no verdict: code 3, and a sentence', async () => {
  await judge();
  writeAnswers('new', ['It never comes.', 'Oslo?']);
  const requests = server.requests.length;
  const { code, out, err } = await judge('--offline');
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(/--offline: \d texts have no cached vector, and no socket is opened to 127[^]*fix: run once without --offline/);
  expect(server.requests).toHaveLength(requests);
});

test('a server that is not there: code 3 before anything is asked; an address that is not taken: code 2', async () => {
  await server.close();
  expect(await judge()).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/no server answers there/) as string });
  const { code, err } = await onpar('eval', '--embedder', 'https://8.8.8.8/v1#m');
  expect(code).toBe(2);
  expect(err).toMatch(/every prompt and answer would be sent there[^]*fix: /);
});

test('list knows a server that was asked; verify asks it', async () => {
  expect((await onpar('embedder', 'list')).out).not.toContain('served,');
  const { code, out } = await onpar('embedder', 'verify', server.name);
  expect(code).toBe(0);
  expect(out).toMatch(/✓ vectors: length 1, and the same\s+alone and beside another text/);
  const listed = (await onpar('embedder', 'list')).out;
  expect(listed).toContain(`name      ${server.name}`);
  expect(listed).toMatch(/8 dimensions, identity served-[0-9a-f]{12}/);
});

test('verify says that a server is asked one text at a time where company changes its vectors', async () => {
  server.answer = inCompany;
  const { code, out } = await onpar('embedder', 'verify', server.name);
  expect(code).toBe(0);
  expect(out).toMatch(/one\s+text\s+at\s+a\s+time,\s+since\s+neighbours\s+change\s+its\s+vectors/);
});

test('verify finds a server that does not repeat itself', async () => {
  server.answer = (asked, response) => {
    const shift = server.asked.length > 6 ? server.asked.length : 0;
    const data = bodyOf(asked).data.map((one) => ({ ...one, embedding: one.embedding.map((x, d) => (d === 0 ? x + shift : x)) }));
    sendJson(response, 200, { ...bodyOf(asked), data });
  };
  const { code, out } = await onpar('embedder', 'verify', server.name);
  expect(code).toBe(1);
  expect(out).toMatch(/✗ vectors: a text's vector is not the same alone[^]*not right/);
});

test('verify of a server that is not there: code 3', async () => {
  await server.close();
  expect(await onpar('embedder', 'verify', server.name)).toMatchObject({ code: 3, out: '' });
});
