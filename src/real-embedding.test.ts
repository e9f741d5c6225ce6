/**
 * Vectors of a real llama.cpp server. Its weights are a small chat model's, so that nothing is said of how well it embeds. Needs
 * fixtures/servers (see CONTRIBUTING.md); says so when skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedder, type OpenEmbedder } from './embed/index.ts';
import { needServer } from './real-servers.ts';

const server = await needServer('SmolLM2 behind llama.cpp, as an encoder', 'http://127.0.0.1:18204');
const [embeds, chats] = ['smollm2-135m-embed', 'smollm2-135m-instruct'];

let dir: string;
const opened: OpenEmbedder[] = [];
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'onpar-llama-'))));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
  rmSync(dir, { recursive: true, force: true });
});

async function open(model = embeds, base = server.url, isOffline = false): Promise<OpenEmbedder> {
  const served = { env: {}, isOffline, contacted: () => undefined };
  const embedder = await openEmbedder({ name: `${base}/v1#${model}`, modelsDirs: [], cacheDir: dir, served });
  opened.push(embedder);
  return embedder;
}

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
const TEXTS = [
  '',
  'a',
  'The parcel comes on Monday.',
  '日本語の文章です。',
  '🎉',
  '\ud800',
  'digits 0123456789',
  'x'.repeat(1_200),
  'a word '.repeat(300),
];

describe.skipIf(!server.isUp)('a real llama.cpp server', { timeout: 300_000 }, () => {
  test('gives vectors of length 1 for whatever a model may write, the same alone and among others, since it is asked one text at a time', async () => {
    const embedder = await open();
    expect(embedder.identity).toMatchObject({ id: embeds, dimensions: 576, server: new URL(server.url).host });
    const together = await embedder.embed(TEXTS);
    for (const vector of together) expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    rmSync(dir, { recursive: true });
    const alone = await open();
    for (const [i, text] of TEXTS.entries()) expect(cosine((await alone.embed([text]))[0]!, together[i]!)).toBeGreaterThan(1 - 1e-4);
    expect(alone.stats().cached).toBe(0);
    expect(alone.note).toContain('one text at a time');
  });

  test('is known again, and served from the cache offline', async () => {
    const first = await open();
    const vectors = await first.embed(TEXTS);
    expect((await open()).identity).toEqual(first.identity);
    const offline = await open(embeds, server.url, true);
    expect(await offline.embed(TEXTS)).toEqual(vectors);
  });

  test('a model that it does not have is told by the names that it has', async () => {
    await expect(open('text-embedding-bge-m3')).rejects.toMatchObject({
      problem: { code: 'embed/no-such-model', fix: `use one of: ${embeds}` },
    });
  });
});

const chat = await needServer('SmolLM2 behind llama.cpp', 'http://127.0.0.1:18202');

describe.skipIf(!chat.isUp)('a real llama.cpp server that was started for chats', () => {
  test('says that it does not embed', async () => {
    await expect(open(chats, chat.url)).rejects.toMatchObject({ problem: { code: 'embed/refused' } });
  });
});
