/**
 * What `onpar fit` computes against the memory of real llama.cpp servers on this machine. Needs Linux and fixtures/servers (see
 * CONTRIBUTING.md), and starts its own servers; says so when skipped. Counted is the resident memory of the serving process, files that are
 * mapped into it included, after a prompt was read, less that of bare Python with the library loaded.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kvCacheBytes, overheadBytes } from './fit/memory.ts';
import { readGguf } from './fit/read-gguf.ts';

const base =
  process.env['DIR'] ??
  join(process.env['ONPAR_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'onpar'), 'servers');
const python = join(base, 'venv/bin/python');
const serveFile = new URL('../fixtures/servers/serve.py', import.meta.url).pathname;
const isWanted = process.env['ONPAR_REAL_SERVERS'] === '1';
if (!isWanted) console.warn('skipped: real memory is measured where ONPAR_REAL_SERVERS=1');
else if (!existsSync(python)) throw new Error(`no servers in ${base} (fixtures/servers/start-all.sh fetches them)`);

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

function start(args: string[]): ChildProcess {
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

const residentBytes = ({ pid }: ChildProcess): number =>
  1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function measured(model: string, context: number, slots: number): Promise<number> {
  const bare = start(['-c', 'import xllamacpp as x; p = x.CommonParams(); print("ready", flush=True); import time; time.sleep(60)']);
  await new Promise((done) => bare.stdout?.once('data', done));
  const without = residentBytes(bare);
  bare.kill('SIGKILL');
  const port = await freePort();
  // llama.cpp divides its context among the slots
  const args = [
    serveFile,
    '--port',
    String(port),
    '--model',
    model,
    '--alias',
    'm',
    '--ctx',
    String(context * slots),
    '--np',
    String(slots),
  ];
  const child = start(args);
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('the server did not start');
    await new Promise((done) => setTimeout(done, 250));
  }
  const prompt = 'The sea is wide and blue. '.repeat(90);
  const answer = await fetch(`${url}/v1/completions`, { method: 'POST', body: JSON.stringify({ prompt, max_tokens: 4 }) });
  expect(answer.status).toBe(200);
  const bytes = residentBytes(child) - without;
  child.kill('SIGKILL');
  return bytes;
}

const MODELS = ['SmolLM2-135M-Instruct.Q4_1.gguf', 'gemma-3-270m-q4_k_m.gguf'];
// the overhead was worked out at 1,024 tokens and one slot: these are others
const USES = [
  { context: 2048, slots: 1 },
  { context: 3072, slots: 3 },
];

describe.skipIf(!isWanted)('memory as computed is within 10 % of what a server takes', () => {
  test.each(MODELS.flatMap((model) => USES.map((use) => ({ model, ...use }))))(
    '$model, $context tokens × $slots',
    async ({ model, context, slots }) => {
      const file = join(base, 'gguf', model);
      const shape = await readGguf(file);
      const use = { context, slots, kvType: 'f16' };
      const { device, host } = overheadBytes(shape, use)!;
      const computed = shape.stored!.bytes + kvCacheBytes(shape, use) + device + host;
      const real = await measured(file, context, slots);
      console.info(`${model} ${context}×${slots}: computed ${computed}, measured ${real}, ${((100 * computed) / real - 100).toFixed(1)} %`);
      expect(Math.abs(computed / real - 1)).toBeLessThan(0.1);
    },
    180_000,
  );
});
