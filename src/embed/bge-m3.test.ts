/** The true weights of BGE-M3, where ONPAR_BGE_M3 names their folder (config.json, tokenizer.json, onnx/model.onnx and so on). Says so when skipped. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { readEncoder } from './encoder-folder.ts';
import { openEmbedder, type OpenEmbedder } from './index.ts';
import { checkFiles, checkVectors } from './verify.ts';

const folder = process.env['ONPAR_BGE_M3'];
if (folder === undefined) console.warn('skipped: the true weights of BGE-M3 are tried where ONPAR_BGE_M3 names their folder');

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe.skipIf(folder === undefined)('the true weights of BGE-M3 (ONPAR_BGE_M3)', { timeout: 1_200_000 }, () => {
  const dir = folder ?? '';
  const cacheDir = mkdtempSync(join(tmpdir(), 'bge-m3-'));
  let embedder: OpenEmbedder;
  beforeAll(async () => void (embedder = await openEmbedder({ name: dir, modelsDirs: [], cacheDir })), 600_000);
  afterAll(async () => {
    await embedder?.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  test('every file is as pinned', async () => {
    const wrong = (await checkFiles(dir, catalogue['bge-m3']!)).filter(({ isRight }) => isRight !== true);
    expect(wrong).toEqual([]);
  });

  test('its folder reads as what it is: cls pooling, 1024 dimensions, windows of 8192 tokens', () => {
    expect(readEncoder(dir, cacheDir)).toMatchObject({ dtype: 'fp32', pooling: 'cls', dimensions: 1024, maxTokens: 8192 });
  });

  test('a vector has length 1 and does not depend on the texts beside it', async () => {
    expect(await checkVectors(readEncoder(dir, cacheDir))).toMatchObject({ isRight: true });
  });

  test('the same thing said otherwise, or in another language, is nearer than something else', async () => {
    const [said, again, french, other] = await embedder.embed([
      'The parcel arrives on Monday.',
      'Your package will be delivered on Monday.',
      'Le colis arrive lundi.',
      'Photosynthesis turns light into sugar.',
    ]);
    const far = dot(said!, other!);
    expect(Math.min(dot(said!, again!), dot(said!, french!))).toBeGreaterThan(far + 0.15);
  });

  // the numbers that BAAI prints in its model card for these four sentences, rounded as there
  test('the similarities of its model card', async () => {
    const [asks, about, defines, bm25] = await embedder.embed([
      'What is BGE M3?',
      'Defination of BM25',
      'BGE M3 is an embedding model supporting dense retrieval, lexical matching and multi-vector interaction.',
      'BM25 is a bag-of-words retrieval function that ranks a set of documents based on the query terms appearing in each document',
    ]);
    const expected = [
      [0.6265, 0.3477],
      [0.3499, 0.678],
    ];
    [asks, about].forEach((question, i) =>
      [defines, bm25].forEach((answer, j) => expect(Math.abs(dot(question!, answer!) - expected[i]![j]!)).toBeLessThan(5e-3)),
    );
  });
});
