/** Sizes against files that are published, the formula worked by hand, and where layers go. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GGUFValueType, serializeGgufMetadata } from '@huggingface/gguf';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { readLmStudioList } from './lmstudio-list.ts';
import { kvCacheBytes, overheadBytes, type Use } from './memory.ts';
import { fitOf, type Machine } from './place.ts';
import { readGguf } from './read-gguf.ts';
import { knownNames, knownShape, type Shape } from './shape.ts';
import { quantizations, weightBytes } from './weights.ts';

const shape = (name: string): Shape => knownShape(name)!;
const use: Use = { context: 8192, slots: 1, kvType: 'f16' };
const GB = 1e9;
const GIB = 2 ** 30;

test.each([
  // what their makers publish
  ['qwen2.5-7b', 7_615_616_512],
  ['qwen2.5-32b', 32_763_876_352],
  ['qwen2.5-72b', 72_706_203_648],
  ['llama-3.3-70b', 70_553_706_496],
])('%s has as many weights as its dimensions make', (name, parameters) => {
  expect(shape(name).parameters).toBe(parameters);
});

test.each([
  // sizes in GB of files that people download: the tensors, and a header of a few MB
  ['qwen2.5-7b', { Q3_K_M: 3.81, Q4_K_M: 4.68, Q5_K_M: 5.44, Q6_K: 6.25, Q8_0: 8.1 }],
  ['qwen2.5-32b', { Q3_K_M: 15.94, Q4_K_M: 19.85, Q5_K_M: 23.26, Q6_K: 26.89, Q8_0: 34.82 }],
  ['qwen2.5-72b', { Q3_K_M: 37.7, Q4_K_M: 47.42, Q5_K_M: 54.45, Q6_K: 64.35, Q8_0: 77.26 }],
  ['llama-3.3-70b', { Q3_K_M: 34.27, Q4_K_M: 42.52, Q5_K_M: 49.95, Q6_K: 57.89, Q8_0: 74.98 }],
])('%s is as large under each quantisation as its published files', (name, files) => {
  for (const [quantization, gb] of Object.entries(files)) {
    const bytes = weightBytes(shape(name), quantization as 'Q6_K')!.all;
    expect(Math.abs(bytes / GB - gb)).toBeLessThanOrEqual(0.005 * gb);
  }
});

test('the figures of the strategy: 42 GB for a 72B do not hold, 40 and 19 do as GiB and without any context', () => {
  const gib = (name: string) => weightBytes(shape(name), 'Q4_K_M')!.all / GIB;
  expect(gib('qwen2.5-72b')).toBeGreaterThan(44);
  expect(Math.round(gib('llama-3.3-70b'))).toBe(40);
  expect(Math.round(gib('qwq-32b') * 2) / 2).toBe(18.5);
});

test.each([
  // what logs of others say, in MiB; the links are in docs/fit.md
  ['qwen2.5-7b', 4168.09, 292.36],
  ['deepseek-r1-distill-qwen-32b', 18_508.35, 417.66],
  ['llama-3.3-70b', 39_979.48, 563.63],
])('the weights of %s in Q4_K_M are those that llama.cpp logs', (name, device, host) => {
  const { all, embedding } = weightBytes(shape(name), 'Q4_K_M')!;
  expect(Math.abs((all - embedding) / 2 ** 20 - device)).toBeLessThan(0.011);
  expect(Math.abs(embedding / 2 ** 20 - host)).toBeLessThan(0.011);
});

test.each([
  ['qwen2.5-7b', 16_384, 'q8_0', 476],
  ['qwen2.5-32b', 32_768, 'q8_0', 4352],
  ['qwen2.5-72b', 32_768, 'q8_0', 5440],
  ['llama-3.3-70b', 4096, 'f16', 1280],
])('the cache of %s with %i tokens in %s is the one that llama.cpp logs', (name, context, kvType, mib) => {
  expect(kvCacheBytes(shape(name), { context, slots: 1, kvType }) / 2 ** 20).toBe(mib);
});

test('a model known by its number of weights alone is taken for a Llama', () => {
  const { parameters, layers, tensors } = shape('llama-3.3-70b');
  for (const one of quantizations) {
    const exact = weightBytes({ parameters, layers, tensors }, one)!.all;
    expect(Math.abs(weightBytes({ parameters, layers, tensors: null }, one)!.all / exact - 1)).toBeLessThan(0.002);
  }
});

test('names are known as people write them', () => {
  expect(shape('Qwen/Qwen2.5-72B-Instruct-GGUF').layers).toBe(80);
  expect(shape('deepseek-r1-distill-qwen-32b@q4_k_m').trainedContext).toBe(131_072);
  expect(shape('AIDC-AI/Marco-o1').kvHeads).toBe(4);
  expect(knownShape('gpt-4.1')).toBeNull();
  expect(knownNames.every((name) => knownShape(name) !== null)).toBe(true);
});

test('the KV cache is 2 · layers · kv heads · head length · context · slots · bytes', () => {
  const llama = shape('llama-3.3-70b');
  // 2 · 80 · 8 · 128 · 8192 · 2
  expect(kvCacheBytes(llama, use)).toBe(2_684_354_560);
  expect(kvCacheBytes(llama, { ...use, slots: 4 })).toBe(4 * 2_684_354_560);
  expect(kvCacheBytes(llama, { ...use, kvType: 'q8_0' })).toBe((2_684_354_560 * 34) / 64);
});

test('layers with a window keep the window and a batch, each slot its own', () => {
  const narrow: Shape = {
    ...shape('llama-3.3-70b'),
    layers: 18,
    kvHeads: 1,
    keyLength: 256,
    valueLength: 256,
    window: { tokens: 512, layers: 15 },
  };
  // logged by llama.cpp for Gemma-3-270M at 8,192 tokens: 24 MiB and 15 MiB
  expect(kvCacheBytes(narrow, use)).toBe((24 + 15) * 2 ** 20);
  // with two slots the window is kept twice
  expect(kvCacheBytes(narrow, { ...use, context: 4096, slots: 2 })).toBe((24 + 30) * 2 ** 20);
  expect(kvCacheBytes(narrow, { ...use, context: 256 })).toBe(18 * 256 * 1024);
});

test.each([
  // logged by llama.cpp: "compute buffer size", MiB
  ['SmolLM2-135M', 8192, 22.64, { embedding: 576, feedForward: 1536, vocabulary: 49_152 }],
  ['Gemma-3-270M', 8192, 27.28, { embedding: 640, feedForward: 2048, vocabulary: 262_144, window: { tokens: 512, layers: 15 } }],
  // on CUDA, by somebody else: docs/fit.md
  ['Qwen2.5-7B', 16_384, 148.09, shape('qwen2.5-7b')],
])('the compute buffer of %s is that of the engine within 2 %%', (_, context, mib, dimensions) => {
  const { device } = overheadBytes({ ...shape('qwq-32b'), ...dimensions }, { ...use, context })!;
  expect(Math.abs(device / 2 ** 20 / mib - 1)).toBeLessThan(0.02);
});

const on = (gpus: number[], ram: number | null = null): Machine => ({
  gpus: gpus.map((gb, i) => ({ name: `gpu ${i}`, bytes: gb * GIB })),
  ramBytes: ram === null ? null : ram * GIB,
  reserveBytes: GIB,
});

test.each([
  ['llama-3.3-70b', on([24]), 'no'],
  ['llama-3.3-70b', on([24], 64), 'offload'],
  ['llama-3.3-70b', on([24], 16), 'no'],
  ['llama-3.3-70b', on([24, 24]), 'fits'],
  ['llama-3.3-70b', on([80]), 'fits'],
  ['qwen2.5-72b', on([24, 24]), 'no'],
  ['qwq-32b', on([24]), 'fits'],
  ['qwq-32b', on([], 32), 'fits'],
  ['qwq-32b', on([], 16), 'no'],
  ['qwq-32b', on([]), 'unknown'],
])('%s, Q4_K_M, on %j: %s', (name, machine, outcome) => {
  expect(fitOf(shape(name), 'Q4_K_M', use, machine).outcome).toBe(outcome);
});

test('the largest context fits, and the next step does not', () => {
  const [model, machine] = [shape('qwq-32b'), on([24])];
  const { largest_context: most } = fitOf(model, 'Q4_K_M', use, machine);
  expect(most).toBeGreaterThan(8192);
  expect(most).toBeLessThan(32_768);
  expect(fitOf(model, 'Q4_K_M', { ...use, context: most! }, machine).outcome).toBe('fits');
  expect(fitOf(model, 'Q4_K_M', { ...use, context: most! + 256 }, machine).outcome).not.toBe('fits');
  expect(fitOf(model, 'Q4_K_M', use, on([80])).largest_context).toBe(32_768);
  expect(fitOf(model, 'F16', use, machine).largest_context).toBeNull();
});

test('what is not known is null, said, and not counted as nothing', () => {
  const numbers: Shape = { ...shape('qwq-32b'), tensors: null, embedding: null };
  const fit = fitOf(numbers, 'Q4_K_M', use, on([24]));
  expect(fit).toMatchObject({ overhead: null, why: expect.stringContaining('overhead not counted') as string });
  expect(fitOf({ ...numbers, parameters: null }, 'Q4_K_M', use, on([24]))).toMatchObject({
    weights: null,
    total: null,
    outcome: 'unknown',
  });
});

/** A header with the given metadata, and no tensors, however many it tells of. */
function ggufFile(metadata: Record<string, string | number>, tensors = 0n): string {
  const typed = Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typeof value === 'string' ? { value, type: GGUFValueType.STRING } : { value, type: GGUFValueType.UINT32 },
    ]),
  );
  const head = { version: { value: 3, type: GGUFValueType.UINT32 }, tensor_count: { value: tensors, type: GGUFValueType.UINT64 } };
  const count = { kv_count: { value: BigInt(Object.keys(metadata).length), type: GGUFValueType.UINT64 } };
  const file = join(mkdtempSync(join(tmpdir(), 'onpar-gguf-')), 'm.gguf');
  writeFileSync(file, serializeGgufMetadata({ ...head, ...count, ...typed } as never));
  return file;
}

test('dimensions are read from the header', async () => {
  const file = ggufFile({
    'general.architecture': 'llama',
    'general.name': 'Tiny',
    'general.file_type': 15,
    'llama.block_count': 4,
    'llama.embedding_length': 256,
    'llama.attention.head_count': 8,
    'llama.attention.head_count_kv': 2,
    'llama.context_length': 2048,
  });
  expect(await readGguf(file)).toMatchObject({
    ...{ name: 'Tiny', layers: 4, kvHeads: 2, keyLength: 32, valueLength: 32, window: null, trainedContext: 2048, feedForward: null },
    stored: { quantization: 'Q4_K_M' },
  });
});

test.each([
  ['no GGUF at all', () => writeTo('hello')],
  ['a file that is not there', () => join(tmpdir(), 'onpar-none.gguf')],
  ['a header whose tensors were not downloaded', () => ggufFile({ 'general.architecture': 'llama' }, 3n)],
  ['an image model', () => ggufFile({ 'general.architecture': 'clip' })],
  ['a compressed cache', () => ggufFile({ 'general.architecture': 'deepseek2', 'deepseek2.attention.kv_lora_rank': 512 })],
])('%s is bad input', async (_, file) => {
  await expect(readGguf(file())).rejects.toThrow(InputError);
});

function writeTo(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'onpar-gguf-')), 'm.gguf');
  writeFileSync(file, text);
  return file;
}

test('the lists of both versions of LM Studio are read', () => {
  const v1 = {
    models: [
      {
        type: 'llm',
        key: 'qwen2.5-72b-instruct',
        quantization: { name: 'Q4_K_M' },
        size_bytes: 47_415_715_104,
        max_context_length: 32_768,
      },
      { type: 'llm', key: 'something-else' },
      { type: 'embedding', key: 'text-embedding-bge-m3' },
    ],
  };
  const [qwen, other, ...more] = readLmStudioList(v1)!;
  expect(qwen?.shape).toMatchObject({ layers: 80, stored: { quantization: 'Q4_K_M', bytes: 47_415_715_104 } });
  expect(other).toEqual({ name: 'something-else', shape: null });
  expect(more).toEqual([]);
  const v0 = { data: [{ id: 'qwq-32b', type: 'llm', quantization: 'Q4_K_M', max_context_length: 4096 }] };
  expect(readLmStudioList(v0)?.[0]?.shape).toMatchObject({ layers: 64, trainedContext: 4096, stored: null });
  expect(readLmStudioList({ error: 'no' })).toBeNull();
});
