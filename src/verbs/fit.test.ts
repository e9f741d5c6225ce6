import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../models/test-server.ts';
import type { FitResult } from './fit.ts';
import { run } from './test-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'onpar-fit-'));
const CARD = ['--gpu', 'RTX 4090:24'];

test('0 where a quantisation fits, 1 where none does; the table is 80 columns wide', async () => {
  const fits = await run(folder, ['fit', 'qwen2.5-32b', ...CARD]);
  expect(fits.code).toBe(0);
  expect(fits.out).toMatch(/Q4_K_M +19\.8 GB +2\.1 GB +\d+ MB +22\.\d GB +✓ fits/);
  const none = await run(folder, ['fit', 'qwen2.5-72b', ...CARD, '--ram', '64']);
  expect(none.code).toBe(1);
  expect(none.out).toContain('~ offload');
  for (const line of `${fits.out}${none.out}`.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('-o writes the same as JSON and Markdown', async () => {
  await run(folder, [
    'fit',
    'llama-3.3-70b',
    '--gpu',
    'A100:80',
    '--context',
    '16384',
    '--slots',
    '2',
    '-o',
    'fit.json',
    '-o',
    'new/fit.md',
  ]);
  const [result] = JSON.parse(readFileSync(join(folder, 'fit.json'), 'utf8')) as FitResult[];
  const found = result?.fits.find(({ quantization }) => quantization === 'Q4_K_M');
  expect(found).toMatchObject({ kv_cache: 2 * 80 * 8 * 128 * 16_384 * 2 * 2, outcome: 'fits', gpu_layers: 80 });
  expect(found?.total).toBe((found?.weights ?? 0) + (found?.kv_cache ?? 0) + (found?.overhead ?? 0));
  expect(readFileSync(join(folder, 'new/fit.md'), 'utf8')).toContain('| Q4&#95;K&#95;M | 42.5 GB | 10.7 GB |');
});

test('a model by its numbers; what they do not tell is not known', async () => {
  const numbers = ['--params', '72B', '--layers', '80', '--kv-heads', '8', '--head-dim', '128'];
  const { code, out } = await run(folder, ['fit', ...numbers, '--quant', 'q4_k_m', '--gpu', 'H100:80']);
  expect(code).toBe(0);
  expect(out).toMatch(/Q4_K_M +43\.4 GB +2\.7 GB +not known +≥ 46\.1 GB/);
});

test('--lmstudio reads the list of a server, and says which models it does not know', async () => {
  const lmstudio = await serve(({ path }, response) => {
    const models = [
      {
        type: 'llm',
        key: 'qwen2.5-72b-instruct',
        quantization: { name: 'MLX-4bit' },
        size_bytes: 40_900_000_000,
        max_context_length: 32_768,
      },
      { type: 'llm', key: 'unheard-of-9b' },
    ];
    if (path === '/api/v1/models') response.end(JSON.stringify({ models }));
    else response.writeHead(404).end();
  });
  const { code, out, err } = await run(folder, ['fit', '--lmstudio', lmstudio.origin, '--gpu', 'M2 Ultra:192', '--quant', 'MLX-4bit']);
  await lmstudio.close();
  expect(code).toBe(0);
  expect(out).toContain('40.9 GB');
  expect(err).toContain('unheard-of-9b');
});

test.each([
  [[], 'which model?'],
  [['qwen2.5-8b'], 'did you mean "qwen2.5-7b"'],
  [['none.gguf'], 'there is no such file'],
  [['part-00001-of-00002.gguf'], 'there is no such file'],
  [['qwq-32b', '--gpu', 'RTX 4090'], 'how much memory'],
  [['qwq-32b', '--gpu', 'A:-3'], 'how much memory'],
  [['qwq-32b', '--gpu', 'A:1e3'], 'how much memory'],
  [['qwq-32b', '--context', '1e99'], 'not a whole number'],
  [['qwq-32b', '--layers', '3'], 'add --params'],
  [['qwq-32b', '--quant', 'Q9'], 'use one of'],
  [['qwq-32b', '--kv', 'f12'], 'f16, q8_0'],
  [['--params', 'many'], 'no number of weights'],
  [['--params', '72B'], '--kv-heads'],
  [['qwq-32b', '-o', 'fit.html'], '.json and .md'],
  [['--lmstudio', 'http://127.0.0.1:9'], 'ECONNREFUSED'],
  [['--lmstudio', 'http://192.0.2.1:1234', '--local-only'], '--allow-host'],
])('%j is bad input', async (args, says) => {
  const { code, err } = await run(folder, ['fit', ...args]);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(says) as string });
});
