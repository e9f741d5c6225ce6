/** The candidate is killed and started again while requests go on: every one of them is answered once, within its deadline. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createMockServer } from '../fixtures/servers/load-server.mjs';
import { type HybridClient, openHybrid } from './hybrid-client.ts';
import { ANNOUNCED, type Announced } from './sockets.ts';

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
  /** null: nobody answered */
  by: 'candidate' | 'baseline' | null;
  /** code of the error where nobody answered */
  reason: string;
  content: string;
  ms: number;
}

async function askOnce(client: HybridClient, content: string, body: object): Promise<Outcome> {
  const startedAt = performance.now();
  const ms = () => performance.now() - startedAt;
  try {
    const { onpar, choices } = await client.chat.completions.create({ model: 'any', messages: [{ role: 'user', content }], ...body });
    return { by: onpar.answered_by, reason: onpar.reason, content: choices[0]?.message.content ?? '', ms: ms() };
  } catch (error) {
    return { by: null, reason: String((error as { code?: unknown }).code), content: '', ms: ms() };
  }
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
      const outcome = await askOnce(client, `[[say: answer ${i}]]`, body);
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

interface Load {
  asked: number;
  atATime: number;
  body: object;
  localOnly?: boolean;
}

async function killedThreeTimes(server: Killable, { asked, atATime, body, localOnly = false }: Load) {
  const mock = createMockServer({ port: 0 });
  const { port } = await mock.listen();
  const waiting: (() => void)[] = [];
  const hosts = new Set<string>();
  const note = (message: unknown) => void hosts.add((message as Announced).host);
  subscribe(ANNOUNCED, note);
  const client = await openHybrid({
    candidate: { provider: 'openai-compatible', baseURL: `http://127.0.0.1:${server.port}/v1`, model: 'smollm2-135m-instruct' },
    baseline: { provider: 'openai-compatible', baseURL: `http://127.0.0.1:${port}/v1`, model: 'baseline' },
    totalMs: TOTAL_MS,
    localOnly,
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
    const baseline = { ...mock.stats() };
    // a busy machine may have made the candidate too slow by now
    while (client.state().circuit !== 'closed') await sleep(20);
    const last = await load(client, 1, 1, body, () => undefined);
    const got = { answers, recoveriesMs, last: last.get(0)?.[0]?.by, baseline, hosts: [...hosts] };
    if (process.env['ONPAR_KILLED_REQUESTS'] !== undefined) console.info(summary(got));
    return got;
  } finally {
    unsubscribe(ANNOUNCED, note);
    client.close();
    await server.kill();
    mock.server.close();
    mock.server.closeAllConnections();
  }
}

type Got = Awaited<ReturnType<typeof killedThreeTimes>>;

function summary({ answers, recoveriesMs, baseline }: Pick<Got, 'answers' | 'recoveriesMs' | 'baseline'>): string {
  const counts: Record<string, number> = {};
  const outcomes = [...answers.values()].flat();
  for (const { by, reason } of outcomes) counts[`${by ?? 'nobody'} ${reason}`] = (counts[`${by ?? 'nobody'} ${reason}`] ?? 0) + 1;
  const slowest = Math.max(...outcomes.map(({ ms }) => ms));
  return JSON.stringify({ asked: answers.size, counts, slowest_ms: slowest, recoveries_ms: recoveriesMs, baseline }, null, 1);
}

function expectAnsweredOnce({ answers, recoveriesMs, last, baseline }: Got, asked: number) {
  expect(answers.size).toBe(asked);
  const all = [...answers.values()];
  expect(all.filter((outcomes) => outcomes.length !== 1)).toEqual([]);
  const outcomes = all.flat();
  expect(outcomes.filter(({ ms }) => ms > TOTAL_MS + SLACK_MS)).toEqual([]);
  const by = (side: string) => outcomes.filter((one) => one.by === side).length;
  expect(by('candidate') + by('baseline')).toBe(asked);
  expect(by('candidate')).toBeGreaterThan(0);
  expect(by('baseline')).toBeGreaterThan(0);
  // what the baseline answered is what it was asked: nothing twice
  expect(baseline.chat).toBe(by('baseline'));
  expect(recoveriesMs).toHaveLength(3);
  expect(recoveriesMs.filter((ms) => ms > PROBE_MS + SLACK_MS)).toEqual([]);
  expect(last).toBe('candidate');
}

/** `localOnly`: what the candidate cannot answer is an error, and no socket is made to anybody else. */
function expectNobodyElse({ answers, last, baseline, hosts }: Got, server: Killable, asked: number) {
  expect(answers.size).toBe(asked);
  const outcomes = [...answers.values()].flat();
  expect(outcomes).toHaveLength(asked);
  expect(outcomes.filter(({ ms }) => ms > TOTAL_MS + SLACK_MS)).toEqual([]);
  const failed = outcomes.filter(({ by }) => by === null);
  expect(failed.length).toBeGreaterThan(0);
  // a server that loads its model says 503
  expect(failed.filter(({ reason }) => reason !== 'unreachable' && reason !== 'server_error')).toEqual([]);
  expect(outcomes.filter(({ by }) => by === 'baseline')).toEqual([]);
  expect(baseline.connections).toBe(0);
  expect(hosts).toEqual([`127.0.0.1:${server.port}`]);
  expect(last).toBe('candidate');
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

/** CI is content with fewer; the full length is in docs/hybrid.md. */
const ASKED = Number(process.env['ONPAR_KILLED_REQUESTS'] ?? 40);
const LOAD = { asked: ASKED, atATime: ASKED < 100 ? 2 : 4, body: { max_tokens: 4, temperature: 0 } };

describe.skipIf(!isThere || process.env['ONPAR_REAL_SERVERS'] !== '1')('a real llama.cpp server', () => {
  const llama = async (): Promise<Killable> => {
    const port = await freePort();
    const model = ['--model', weights, '--alias', 'smollm2-135m-instruct', '--port', String(port), '--ctx', '2048'];
    return killable(port, '/health', python, [join(root, 'fixtures/servers/serve.py'), ...model]);
  };

  test(`${ASKED} requests, killed and restarted three times`, { timeout: 1_200_000 }, async () => {
    expectAnsweredOnce(await killedThreeTimes(await llama(), LOAD), ASKED);
  });

  test(`${ASKED} requests with localOnly, killed and restarted three times`, { timeout: 1_200_000 }, async () => {
    const server = await llama();
    expectNobodyElse(await killedThreeTimes(server, { ...LOAD, localOnly: true }), server, ASKED);
  });
});
