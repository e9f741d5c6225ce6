import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundledModelsDir } from './folders.ts';
import { defaultFolders, openEmbedder, type EmbedderOptions, type OpenEmbedder } from './index.ts';

const TINY = join(bundledModelsDir(), 'for-tests', 'tiny-xlmr');
const MINILM = join(bundledModelsDir(), 'all-MiniLM-L6-v2');
const readJson = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

const shared = mkdtempSync(join(tmpdir(), 'embed-'));
let dir: string;
const opened: OpenEmbedder[] = [];
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'embed-'))));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));

async function open(options: Partial<EmbedderOptions> = {}): Promise<OpenEmbedder> {
  const embedder = await openEmbedder({ name: TINY, modelsDirs: [bundledModelsDir()], cacheDir: join(dir, 'vectors'), ...options });
  opened.push(embedder);
  return embedder;
}

describe('vectors of the bundled encoder', () => {
  const reference = readJson<{ text: string; tokens: number; vector: number[] }[]>(`${MINILM}-reference.json`);
  const texts = reference.map(({ text }) => text);

  test('agree with a float64 computation of the unquantised weights to 5e-3, in every component and cosine, windows included', async () => {
    const vectors = await (await open({ name: MINILM, cacheDir: shared })).embed(texts);
    expect(Math.max(...reference.map(({ tokens }) => tokens))).toBeGreaterThan(512);
    const pairs = texts.flatMap((_, i) => texts.map((__, j) => [i, j] as const));
    const errors = pairs.map(([i, j]) => Math.abs(dot(vectors[i]!, vectors[j]!) - dot(reference[i]!.vector, reference[j]!.vector)));
    expect(Math.max(...errors)).toBeLessThan(5e-3);
    expect(Math.max(...vectors.map((vector, i) => farthest(vector, reference[i]!.vector)))).toBeLessThan(5e-3);
    expect(Math.min(...vectors.map((vector, i) => dot(vector, reference[i]!.vector)))).toBeGreaterThan(0.9995);
  });

  test('are the same to 1e-6 for a text alone and among others', async () => {
    const together = await (await open({ name: MINILM, cacheDir: shared })).embed(texts);
    const alone = await open({ name: MINILM });
    for (const [i, text] of texts.entries()) {
      const [vector] = await alone.embed([text]);
      expect(farthest(vector!, together[i]!)).toBeLessThanOrEqual(1e-6);
    }
  });

  test('exist, with length 1, for whatever a model may write', async () => {
    const odd = [
      '',
      'a',
      ' ',
      '\0',
      '\ud800 half a pair',
      '日本語の文章です。',
      '🎉',
      '\u200b',
      'x'.repeat(5000),
      'a token '.repeat(10_000),
    ];
    const vectors = await (await open({ name: MINILM })).embed(odd);
    for (const vector of vectors) expect(Math.sqrt(dot(vector, vector))).toBeCloseTo(1, 5);
  });
});

test('vectors in the shape of BGE-M3, with external data, agree with Python to 1e-6', async () => {
  const expected = readJson<{ texts: string[]; vectors: number[][] }>(join(TINY, 'expected.json'));
  const vectors = await (await open()).embed(expected.texts);
  for (const [i, vector] of vectors.entries()) expect(farthest(vector, expected.vectors[i]!)).toBeLessThan(1e-6);
});

describe('the cache', () => {
  test('a run that finds every text starts no worker, and gets the same vectors', async () => {
    const texts = ['one', 'two', 'three', 'one'];
    const first = await open();
    const computed = await first.embed(texts);
    expect(first.stats()).toMatchObject({ texts: 3, cached: 0, computed: 3 });
    expect(first.workers()).toBeGreaterThan(0);
    await first.close();
    const second = await open();
    expect(await second.embed(texts)).toEqual(computed);
    expect(second.stats()).toMatchObject({ texts: 3, cached: 3, computed: 0 });
    expect(second.workers()).toBe(0);
  });

  test('composed and decomposed letters are one text', async () => {
    const embedder = await open();
    const [a, b] = await embedder.embed(['caf\u00e9', 'cafe\u0301']);
    expect(a).toEqual(b);
    expect(embedder.stats().computed).toBe(1);
  });

  test('vectors of other weights are not taken', async () => {
    await (await open()).embed(['one']);
    const other = join(dir, 'other');
    cpSync(TINY, other, { recursive: true });
    writeFileSync(join(other, 'tokenizer.json'), '\n', { flag: 'a' });
    const embedder = await open({ name: other });
    await embedder.embed(['one']);
    expect(embedder.stats()).toMatchObject({ cached: 0, computed: 1 });
  });

  test('a cache folder that cannot be used is told in the note, and the vectors come all the same', async () => {
    writeFileSync(join(dir, 'vectors'), 'a file');
    const embedder = await open();
    const [vector] = await embedder.embed(['one']);
    expect(vector).toHaveLength(32);
    expect(embedder.note).toMatch(/vectors are not cached \(E/);
  });
});

describe('progress', () => {
  test('counts the texts to compute, and ends at all of them', async () => {
    const embedder = await open();
    const seen: [number, number][] = [];
    await embedder.embed(['known'], () => {});
    await embedder.embed(['known', ...Array.from({ length: 600 }, (_, i) => `text ${i}`)], (...at) => seen.push(at));
    expect(seen[0]).toEqual([0, 600]);
    expect(seen.at(-1)).toEqual([600, 600]);
    expect(seen.length).toBeGreaterThan(3);
  });

  test('is silent when nothing is to compute', async () => {
    const embedder = await open();
    await embedder.embed(['known']);
    await embedder.embed(['known'], () => expect.unreachable());
    expect(await embedder.embed([])).toEqual([]);
  });
});

describe('which encoder', () => {
  test('without BGE-M3 the default is the bundled one, and the note says why', async () => {
    const embedder = await open({ name: null });
    expect(embedder.identity).toMatchObject({ id: 'all-MiniLM-L6-v2', dimensions: 384, pooling: 'mean', bundled: true });
    expect(embedder.note).toContain('bge-m3 are not on this machine');
  });

  test('with its weights on the machine the default is BGE-M3', async () => {
    cpSync(TINY, join(dir, 'bge-m3@5617a9f61b028005a4858fdac845db406aefb181'), { recursive: true });
    const embedder = await open({ name: null, modelsDirs: [dir, bundledModelsDir()] });
    expect(embedder.identity).toMatchObject({ id: 'bge-m3', pooling: 'cls', bundled: false });
    expect(await embedder.embed(['it loads from a folder with a revision'])).toHaveLength(1);
  });

  test('BGE-M3 asked for by name is never replaced', async () => {
    await expect(open({ name: 'bge-m3' })).rejects.toThrow(/"bge-m3" has no weights on this machine/);
  });
});

test('weights that do not load fail every waiting call with a clear sentence, and the next call too', async () => {
  const broken = join(dir, 'broken');
  cpSync(TINY, broken, { recursive: true });
  writeFileSync(join(broken, 'onnx', 'model.onnx'), 'not a model');
  const embedder = await open({ name: broken });
  await expect(embedder.embed(['one'])).rejects.toThrow(/embedding failed: /);
  await expect(embedder.embed(['two'])).rejects.toThrow(/embedding failed: /);
});

test('closing fails what is under way instead of leaving it hanging', async () => {
  const embedder = await open();
  const pending = embedder.embed(Array.from({ length: 3000 }, (_, i) => `a text to be left undone ${i}`));
  const outcome = expect(pending).rejects.toThrow('the embedder was closed');
  await embedder.close();
  await outcome;
});

test('ONPAR_CACHE, then XDG_CACHE_HOME, says where vectors and encoders are kept', () => {
  expect(defaultFolders({ ONPAR_CACHE: '/c' })).toEqual({ modelsDirs: ['/c/models', bundledModelsDir()], cacheDir: '/c/vectors' });
  expect(defaultFolders({ XDG_CACHE_HOME: '/x' }).cacheDir).toBe('/x/onpar/vectors');
});
