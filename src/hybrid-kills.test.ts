/** The candidate is killed and started again while requests go on: every one of them is answered once, within its deadline. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createMockServer } from '../fixtures/servers/load-server.mjs';
import { type HybridClient, openHybrid, type Onpar } from './hybrid-client.ts';

const root = new URL('..', import.meta.url).pathname;
const PROBE_MS = 200;
const TOTAL_MS = 60_000;
/** What a machine that is busy with something else may add. */
const SLACK_MS = 30_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Killable {
  port: number;
  start: () => Promise<void>;
  kill: () => Promise<void>;
}

/** A process of its own, so that a kill is a kill. */
function killable(port: number, health: string, command: string, args: string[]): Killable {
  let child: ChildProcess | null = null;
  return {
    port,
    async start() {
      child = spawn(command, args, { stdio: 'ignore' });
      const isUp = () =>
        fetch(`http://127.0.0.1:${port}${health}`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await isUp())) await sleep(20);
    },
    async kill() {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

interface Outcome {
  onpar: Onpar;
  content: string;
  ms: number;
}

/** `asked` requests, so many at a time; `at` is told how many were answered, and may kill something. */
async function load(
  client: HybridClient,
  asked: number,
  atATime: number,
  body: object,
  at: (answered: number) => Promise<void> | void,
): Promise<Map<number, Outcome[]>> {
  const answers = new Map<number, Outcome[]>();
  let [next, answered] = [0, 0];
  let turn: Promise<void> | void;
  const worker = async () => {
    for (let i = next++; i < asked; i = next++) {
      const startedAt = performance.now();
      const messages = [{ role: 'user' as const, content: `[[say: answer ${i}]]` }];
      const { onpar, choices } = await client.chat.completions.create({ model: 'any', messages, ...body });
      const outcome = { onpar, content: choices[0]?.message.content ?? '', ms: performance.now() - startedAt };
      answers.set(i, [...(answers.get(i) ?? []), outcome]);
      // nobody asks while something is killed or started: one event ends before the next
      const count = ++answered;
      turn = Promise.resolve(turn).then(() => at(count));
      await turn;
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return answers;
}

async function killedThreeTimes(server: Killable, { asked, atATime, body }: { asked: number; atATime: number; body: object }) {
  const mock = createMockServer({ port: 0 });
  const { port } = await mock.listen();
  const waiting: (() => void)[] = [];
  const client = await openHybrid({
    candidate: { provider: 'openai-compatible', baseURL: `http://127.0.0.1:${server.port}/v1`, model: 'smollm2-135m-instruct' },
    baseline: { provider: 'openai-compatible', baseURL: `http://127.0.0.1:${port}/v1`, model: 'baseline' },
    totalMs: TOTAL_MS,
    probeIntervalMs: PROBE_MS,
    onCircuit: (state) => (state === 'closed' ? waiting.splice(0).forEach((done) => done()) : undefined),
  });
  const recoveriesMs: number[] = [];
  await server.start();
  const kills = [0.2, 0.45, 0.7].map((share) => Math.round(asked * share));
  const dead = Math.max(4, Math.round(asked * 0.1));
  try {
    const answers = await load(client, asked, atATime, body, async (answered) => {
      if (kills.includes(answered)) await server.kill();
      if (!kills.includes(answered - dead)) return;
      const back = new Promise<void>((done) => void waiting.push(done));
      if (client.state().circuit === 'closed') waiting.splice(0).forEach((done) => done());
      await server.start();
      const upAt = performance.now();
      await back;
      recoveriesMs.push(performance.now() - upAt);
    });
    const last = await load(client, 1, 1, body, () => undefined);
    return { answers, recoveriesMs, last: last.get(0)?.[0]?.onpar, baseline: mock.stats() };
  } finally {
    client.close();
    await server.kill();
    mock.server.close();
    mock.server.closeAllConnections();
  }
}

function expectAnsweredOnce({ answers, recoveriesMs, last, baseline }: Awaited<ReturnType<typeof killedThreeTimes>>, asked: number) {
  expect(answers.size).toBe(asked);
  const all = [...answers.values()];
  expect(all.filter((outcomes) => outcomes.length !== 1)).toEqual([]);
  const outcomes = all.flat();
  expect(outcomes.filter(({ ms }) => ms > TOTAL_MS + SLACK_MS)).toEqual([]);
  const by = (side: string) => outcomes.filter(({ onpar }) => onpar.answered_by === side).length;
  expect(by('candidate')).toBeGreaterThan(0);
  expect(by('baseline')).toBeGreaterThan(0);
  // what the baseline answered is what it was asked: nothing twice
  expect(baseline.chat).toBe(by('baseline'));
  expect(recoveriesMs).toHaveLength(3);
  expect(recoveriesMs.filter((ms) => ms > PROBE_MS + SLACK_MS)).toEqual([]);
  expect(last).toMatchObject({ answered_by: 'candidate' });
}

test('1,000 requests, the candidate killed and restarted three times', { timeout: 180_000 }, async () => {
  const port = await freePort();
  const args = [join(root, 'fixtures/servers/load-server.mjs'), '--quiet', '--port', String(port), '--latency', '2'];
  const got = await killedThreeTimes(killable(port, '/v1/models', process.execPath, args), { asked: 1000, atATime: 8, body: {} });
  expectAnsweredOnce(got, 1000);
  for (const [i, outcomes] of got.answers) expect(outcomes[0]?.content).toBe(`answer ${i}`);
});

const python = join(homedir(), '.cache/onpar/servers/venv/bin/python');
const weights = join(homedir(), '.cache/onpar/servers/gguf/SmolLM2-135M-Instruct.Q4_1.gguf');
const isThere = existsSync(python) && existsSync(weights);
if (!isThere && process.env['ONPAR_REAL_SERVERS'] === '1')
  throw new Error('llama.cpp and its weights are not on this machine (fixtures/servers/start-models.sh fetch)');
if (!isThere) console.warn('skipped: llama.cpp is not on this machine (fixtures/servers/start-models.sh fetch)');

describe.skipIf(!isThere || process.env['ONPAR_REAL_SERVERS'] !== '1')('a real llama.cpp server', () => {
  test('40 requests, killed and restarted three times', { timeout: 600_000 }, async () => {
    const port = await freePort();
    const model = ['--model', weights, '--alias', 'smollm2-135m-instruct', '--port', String(port), '--ctx', '2048'];
    const server = killable(port, '/health', python, [join(root, 'fixtures/servers/serve.py'), ...model]);
    expectAnsweredOnce(await killedThreeTimes(server, { asked: 40, atATime: 2, body: { max_tokens: 4, temperature: 0 } }), 40);
  });
});
