/** What only whole processes show: they end by themselves, share a cache, survive a kill, and open no socket. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEncoder } from './encoder-folder.ts';
import { openEngine } from './engine.ts';
import { bundledModelsDir, workerFile } from './folders.ts';
import { openEmbedder } from './index.ts';

const TINY = join(bundledModelsDir(), 'for-tests', 'tiny-xlmr');
const here = fileURLToPath(new URL('.', import.meta.url));
// beside the built worker, where the packages and the project's root can be found
const program = join(workerFile(), '..', `process-test-${process.pid}.mjs`);
const cacheDir = mkdtempSync(join(tmpdir(), 'embed-'));
const textsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name} says that ${i} is a number like any other`);

const source = `
  import { openEmbedder } from './index.ts';
  const [name, count] = process.argv.slice(2);
  const embedder = await openEmbedder({ name: ${JSON.stringify(TINY)}, modelsDirs: [], cacheDir: ${JSON.stringify(cacheDir)}, workers: 1 });
  const texts = Array.from({ length: Number(count) }, (_, i) => name + ' says that ' + i + ' is a number like any other');
  await embedder.embed(texts, (done, total) => console.log(done, total));
  console.log('done', JSON.stringify(embedder.stats()));
`;

beforeAll(() =>
  build({
    stdin: { contents: source, resolveDir: here, loader: 'ts' },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    outfile: program,
  }),
);
afterAll(() => {
  rmSync(program, { force: true });
  rmSync(cacheDir, { recursive: true, force: true });
});

const start = (name: string, count: number) =>
  spawn(process.execPath, [program, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });

/** How many of the texts the cache knows. */
async function cachedOf(texts: string[]): Promise<number> {
  const embedder = await openEmbedder({ name: TINY, modelsDirs: [], cacheDir });
  await embedder.embed(texts);
  await embedder.close();
  return embedder.stats().cached;
}

test('a process that never closes its embedder ends by itself, with 0', async () => {
  const [code] = (await once(start('Ann', 20), 'exit')) as [number];
  expect(code).toBe(0);
  expect(await cachedOf(textsOf('Ann', 20))).toBe(20);
});

test('two processes at once fill one cache without harm', async () => {
  const codes = await Promise.all([start('Bob', 700), start('Bob', 700), start('Cat', 700)].map((child) => once(child, 'exit')));
  expect(codes.map(([code]) => code as number)).toEqual([0, 0, 0]);
  expect(await cachedOf([...textsOf('Bob', 700), ...textsOf('Cat', 700)])).toBe(1400);
});

test('a killed process keeps what it had computed', async () => {
  const child = start('Dan', 4000);
  let told = '';
  for await (const piece of child.stdout) {
    told += String(piece);
    if (/^[1-9]\d* 4000$/m.test(told)) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  const before = Number([...told.matchAll(/^(\d+) 4000$/gm)].at(-1)![1]);
  expect(before).toBeGreaterThan(0);
  expect(await cachedOf(textsOf('Dan', 4000))).toBeGreaterThanOrEqual(before);
  expect(readdirSync(cacheDir)).toHaveLength(1);
});

test('loading and running an encoder opens no socket', async () => {
  const sockets: unknown[] = [];
  const note = (message: unknown) => sockets.push(message);
  subscribe('net.client.socket', note);
  const engine = await openEngine({ folder: readEncoder(TINY, cacheDir), threads: 1 });
  expect(await engine(['one', 'two'])).toHaveLength(64);
  connect(1, '127.0.0.1')
    .on('error', () => {})
    .destroy();
  unsubscribe('net.client.socket', note);
  // the one made on purpose: the channel does tell
  expect(sockets).toHaveLength(1);
});
