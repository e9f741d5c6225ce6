/** A drill from end to end: the hybrid client of an entry of models.yaml, its candidate behind the fault proxy. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openProxy, type Proxy } from './drill/proxy.ts';
import { type Ground, type Outcome, runPhases } from './drill/run.ts';
import type { Schedule } from './drill/schedule.ts';
import { summarise } from './drill/summary.ts';
import { InputError } from './errors.ts';
import type { HybridClient } from './hybrid/client.ts';
import { servedProviderOf } from './hybrid-client.ts';
import { addressOf, openHybridEntry, policyOf, sidesOf } from './hybrid-entry.ts';
import type { ProviderTools } from './models/provider.ts';
import type { DrillLocalOnly, DrillSummary, Message, Model, Params } from './record.ts';

/** What is asked, again and again, and how its answer is judged. */
export interface DrillCall {
  messages: Message[];
  params: Params;
  /** 0..1; null where nothing is judged */
  coverage: (text: string, finishReason: string | null) => number | null;
}

export interface DrillInput {
  schedule: Schedule;
  model: Model;
  models: ReadonlyMap<string, Model>;
  calls: readonly DrillCall[];
  tools: ProviderTools;
  version: string;
  /** null: phases with commands are left out */
  runCommand: ((command: string) => Promise<void>) | null;
  onProgress: Ground['onProgress'];
}

/** The servers do not answer although nothing was done to them yet. */
export class CannotDrill extends Error {
  override readonly name = 'CannotDrill';
}

export async function drill(input: DrillInput): Promise<DrillSummary> {
  const { schedule, model, models, tools } = input;
  const { candidate, fallback } = sidesOf(model, models);
  const { served } = servedProviderOf(candidate.provider, 'candidate');
  if (candidate.options['api'] === 'responses')
    throw new InputError({
      code: 'drill/responses',
      at: model.at,
      what: `model "${model.name}" is asked by api: responses, and a drill speaks chat completions only`,
      fix: 'drill a hybrid entry whose sides have api: chat',
    });
  const target = new URL(addressOf(candidate, served));
  const proxy = await openProxy(new URL(target.origin));
  const path = target.pathname.replace(/\/$/, '');
  const key = candidate.options['api_key'] ?? (served.keyVariable === null ? undefined : tools.env[served.keyVariable]);
  const options = { ...candidate.options, base_url: `${proxy.origin}${path}`, ...(key !== undefined && { api_key: key }) };
  const throughProxy = { ...candidate, options };
  const startedAt = tools.now().toISOString();
  try {
    await preflight(input, throughProxy, proxy);
    const runs = await runSchedule(input, throughProxy, proxy);
    const localOnly = schedule.check_local_only === false ? null : await checkLocalOnly(input, throughProxy, proxy);
    const about = {
      drill: schedule.name,
      model: model.name,
      candidate: candidate.name,
      fallback: fallback?.name ?? 'none',
      suite: schedule.suite ?? null,
      onpar: input.version,
      started_at: startedAt,
      deadline_s: schedule.deadline_s,
    };
    return summarise({ about, runs, passed: proxy.passed, localOnly });
  } finally {
    await proxy.close();
  }
}

/** A fault proves nothing where a server was down before it: each side must answer once. */
async function preflight(input: DrillInput, candidate: Model, proxy: Proxy): Promise<void> {
  const { client } = await open(input, candidate);
  const first = await ask(client, input, 'first-look', 0);
  if (first.by !== 'candidate')
    throw new CannotDrill(`the candidate does not answer, and no fault is on yet: ${first.why ?? first.reason}`);
  await proxy.set({ kind: 'refused' });
  const second = await ask(client, input, 'second-look', 0);
  await proxy.set(null);
  client.close();
  if (second.by === null) throw new CannotDrill(`the fallback does not answer: ${second.why ?? second.reason}`);
}

async function runSchedule(input: DrillInput, candidate: Model, proxy: Proxy) {
  const { schedule, runCommand } = input;
  const { client, changes } = await open(input, candidate);
  try {
    return await runPhases(schedule.phases, schedule.concurrency ?? 1, {
      send: (tag, index) => ask(client, input, tag, index),
      setFault: faultSetter(proxy, runCommand),
      isOpen: () => client.state().circuit !== 'closed',
      changes,
      skips: ({ fault }) => (fault?.kind === 'command' && runCommand === null ? 'commands are run with --commands only' : null),
      onProgress: input.onProgress,
    });
  } finally {
    client.close();
  }
}

function faultSetter(proxy: Proxy, runCommand: DrillInput['runCommand']): Ground['setFault'] {
  let start: string | null = null;
  return async (fault) => {
    if (fault?.kind === 'command') {
      start = fault.start ?? null;
      return runCommand?.(fault.stop ?? '');
    }
    if (start !== null) await runCommand?.(start);
    start = null;
    await proxy.set(fault);
  };
}

async function open(input: DrillInput, candidate: Model, more: { localOnly?: boolean; fallback?: Model; tools?: ProviderTools } = {}) {
  const { model, models, schedule, tools } = input;
  const changes: { at: number; state: 'open' | 'closed' }[] = [];
  const totalMs = Math.min(policyOf(model).totalMs ?? Infinity, schedule.deadline_s * 1000);
  const onCircuit = (state: 'open' | 'closed') => void changes.push({ at: performance.now(), state });
  const policy = { totalMs, onCircuit, ...(more.localOnly && { localOnly: true }) };
  const sides = { candidate, ...(more.fallback && { fallback: more.fallback }) };
  return { client: await openHybridEntry(model, models, more.tools ?? tools, { policy, ...sides }), changes };
}

async function ask(client: HybridClient, { calls, schedule }: DrillInput, tag: string, index: number): Promise<Outcome> {
  const call = calls[index % calls.length] as DrillCall;
  const startedAt = performance.now();
  const base = { tag, ms: 0, why: null, coverage: null, attempts: 0 };
  const body = { ...call.params, messages: call.messages, model: 'hybrid', user: tag, stream: schedule.stream === true };
  try {
    const { text, finish, onpar } = await answerTo(client, body);
    const { answered_by, reason, why, attempts } = onpar;
    const ms = performance.now() - startedAt;
    const coverage = call.coverage(text, finish);
    return { ...base, by: answered_by, reason, why, ms, attempts: attempts.candidate + attempts.baseline, coverage };
  } catch (error) {
    // the openai client's errors carry what the hybrid client says of them
    const { code, message } = error as Error & { code?: unknown };
    return { ...base, by: null, reason: typeof code === 'string' ? code : 'error', why: message, ms: performance.now() - startedAt };
  }
}

async function answerTo(client: HybridClient, body: object) {
  const answer = await client.chat.completions.create(body as Parameters<typeof client.chat.completions.create>[0]);
  if ('choices' in answer) {
    const [choice] = answer.choices;
    return { text: choice?.message.content ?? '', finish: choice?.finish_reason ?? null, onpar: answer.onpar };
  }
  let text = '';
  let finish: string | null = null;
  for await (const { choices } of answer) {
    text += choices[0]?.delta.content ?? '';
    finish = choices[0]?.finish_reason ?? finish;
  }
  return { text, finish, onpar: await answer.onpar };
}

/** Requests a phase: enough to see whether anything leaves. */
const LOCAL_REQUESTS = 3;

/** The faults once more with `local_only`, and a listener in the fallback's place that counts every byte. */
async function checkLocalOnly(input: DrillInput, candidate: Model, proxy: Proxy): Promise<DrillLocalOnly> {
  const counted = { connections: 0, bytes: 0 };
  const server = createServer((socket) => {
    counted.connections++;
    socket.on('data', ({ length }) => void (counted.bytes += length));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const fallback: Model = { ...candidate, name: 'listener', options: { base_url: `http://127.0.0.1:${port}/v1` } };
  const hosts = new Set<string>();
  const tools = { ...input.tools, contacted: (host: string) => void hosts.add(host) };
  const { client } = await open(input, candidate, { localOnly: true, fallback, tools });
  const outcomes: Outcome[] = [];
  const phases = input.schedule.phases.filter(({ fault }) => fault?.kind !== 'command');
  for (const [number, { fault = null, requests }] of phases.entries()) {
    await proxy.set(fault);
    const tags = Array.from({ length: Math.min(LOCAL_REQUESTS, requests) }, (_, i) => `local-only-${number}-${i}`);
    outcomes.push(...(await Promise.all(tags.map((tag, i) => ask(client, input, tag, i)))));
    await proxy.set(null);
  }
  client.close();
  await new Promise<void>((done) => void server.close(() => done()));
  const others = [...hosts].filter((host) => host !== new URL(proxy.origin).host);
  return {
    requests: outcomes.length,
    answered: outcomes.filter(({ by }) => by !== null).length,
    bytes_to_fallback: counted.bytes,
    connections_to_fallback: counted.connections,
    other_hosts: others,
    held: counted.connections === 0 && others.length === 0 && outcomes.every(({ by }) => by !== 'baseline'),
  };
}
