import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { findEncoder, missingEncoder, readEncoder } from './encoder-folder.ts';
import { bundledModelsDir } from './folders.ts';

const TINY = join(bundledModelsDir(), 'for-tests', 'tiny-xlmr');
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'models-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function copyTiny(name: string): string {
  cpSync(TINY, join(dir, name), { recursive: true });
  return join(dir, name);
}
const read = (folder: string) => readEncoder(folder, join(dir, 'memo'));

describe('finding an encoder', () => {
  test('by name, by name and revision, and by path', () => {
    const plain = copyTiny('one');
    const pinned = copyTiny('two@0123abc');
    expect(findEncoder('one', [dir])).toBe(plain);
    expect(findEncoder('two', [dir])).toBe(pinned);
    expect(findEncoder('two@0123abc', [dir])).toBe(pinned);
    expect(findEncoder(plain, [])).toBe(plain);
  });

  test('the first models folder that has its weights wins; a folder without weights is not one', () => {
    const empty = join(dir, 'first');
    mkdirSync(join(empty, 'tiny-xlmr', 'onnx'), { recursive: true });
    expect(findEncoder('tiny-xlmr', [empty, join(TINY, '..')])).toBe(TINY);
    expect(findEncoder('tiny-xlmr', [empty, join(dir, 'missing')])).toBeNull();
  });

  test('an unknown name says which was probably meant, and where to put weights', () => {
    const error = missingEncoder('all-minilm', [bundledModelsDir()]);
    expect(error).toBeInstanceOf(InputError);
    expect(error.problems[0]).toMatchObject({ code: 'embed/missing-encoder' });
    expect(error.message).toContain('all-MiniLM-L6-v2');
    expect(error.message).not.toContain('tiny-xlmr');
  });
});

describe('reading an encoder', () => {
  test('the bundled one: mean pooling, windows of the length it was trained with', () => {
    expect(read(join(bundledModelsDir(), 'all-MiniLM-L6-v2'))).toMatchObject({
      name: 'all-MiniLM-L6-v2',
      dtype: 'q8',
      pooling: 'mean',
      dimensions: 384,
      maxTokens: 256,
    });
  });

  test('the shape of BGE-M3: cls pooling, and positions that start behind the padding id', () => {
    expect(read(copyTiny('bge-m3@5617a9f'))).toMatchObject({
      name: 'bge-m3',
      dtype: 'fp32',
      pooling: 'cls',
      dimensions: 32,
      maxTokens: 8192,
    });
  });

  test.each(['onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json'])('another byte in %s is another encoder', (file) => {
    const folder = copyTiny('tiny');
    const before = read(folder).fingerprint;
    expect(read(folder).fingerprint).toBe(before);
    writeFileSync(join(folder, file), ' ', { flag: 'a' });
    expect(read(folder).fingerprint).not.toBe(before);
  });

  test.each(['tokenizer.json', 'sentencepiece.bpe.model', 'README.md'])(
    'a copy of %s in onnx/ is not read, and no other encoder',
    (file) => {
      const folder = copyTiny('tiny');
      const { fingerprint, bytes } = read(folder);
      writeFileSync(join(folder, 'onnx', file), '{}');
      expect(read(folder)).toMatchObject({ fingerprint, bytes });
    },
  );

  test('external data of another name is part of the weights', () => {
    const folder = copyTiny('tiny');
    const before = read(folder).fingerprint;
    writeFileSync(join(folder, 'onnx', 'Constant_7_attr__value'), 'x');
    expect(read(folder).fingerprint).not.toBe(before);
  });

  test('weights that quantise activations are refused: a vector would depend on its neighbours', () => {
    const folder = copyTiny('tiny');
    renameSync(join(folder, 'onnx/model.onnx'), join(folder, 'onnx/model_quantized.onnx'));
    expect(read(folder).dtype).toBe('q8');
    writeFileSync(join(folder, 'onnx/model_quantized.onnx'), 'x DynamicQuantizeLinear x', { flag: 'a' });
    expect(() => read(folder)).toThrow(/depend on the texts beside it[^]*fix: use fp32/);
  });

  test.each([
    ['config.json', '{}', /no hidden_size/],
    ['config.json', '{', /config.json cannot be read/],
    ['1_Pooling/config.json', '{"pooling_mode_max_tokens":true}', /neither cls nor mean/],
  ])('a broken %s (%s) is told', (file, text, message) => {
    const folder = copyTiny('tiny');
    writeFileSync(join(folder, file), text);
    expect(() => read(folder)).toThrow(message);
  });
});
