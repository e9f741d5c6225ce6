/** The engine and a real provider against a server that fails a fifth of its requests. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createMockServer, type LoadOptions } from '../../fixtures/servers/load-server.mjs';
import { noAnswer } from '../models/answer-from-text.ts';
import { modelFor, open, question } from '../models/test-server.ts';
import type { Answer, AnswerState } from '../record.ts';
import { askAll, type Lane } from './engine.ts';

const CALLS = 120;
const CONCURRENCY = 8;
const TRIES = 3;

/** Asks a load server everything; seeds and prompts are fixed, and so are the faults. */
async function askUnder(faults: LoadOptions, { concurrency = CONCURRENCY, calls = CALLS, timeout_s = 5 } = {}) {
  const load = createMockServer({ port: 0, seed: 5, ...faults });
  const { port } = await load.listen();
  const model = modelFor('openai-compatible', 'candidate', { base_url: `http://127.0.0.1:${port}/v1`, timeout_s, concurrency });
  const opened = await open(model);
  const answers = new Map<number, Answer>();
  const lane: Lane<number> = {
    ...opened,
    name: model.name,
    calls: Array.from({ length: calls }, (_, i) => i),
    ask: (call, signal) => opened.ask(question({}, `[[say: Oslo ${call}]]`), signal),
    rpm: null,
    tpm: null,
  };
  const never = new AbortController().signal;
  await askAll([lane], {
    retry: { tries: TRIES, totalMs: 30_000, pauseMs: 5 },
    keep: (call, answer) => void answers.set(call, answer),
    give: (call, state, why) => noAnswer({ model: model.name, case: String(call), sample: 0, origin: 'live' }, state, why),
    tokensOf: () => 1,
    isSpent: () => null,
    stop: never,
    force: never,
    now: () => performance.now(),
    sleep: async (ms) => void (await delay(ms)),
    random: () => 0.5,
  });
  load.server.closeAllConnections();
  load.server.close();
  const states: Partial<Record<AnswerState, number>> = {};
  for (const { state } of answers.values()) states[state] = (states[state] ?? 0) + 1;
  return { answers, states, stats: load.stats() };
}

const FAULTS: [name: string, faults: LoadOptions, state: AnswerState, limits?: { calls: number; timeout_s: number }][] = [
  ['429 with Retry-After: 0', { fault429: 0.2, retryAfter: 0 }, 'rate_limited'],
  ['500', { fault500: 0.2 }, 'server_error'],
  ['reset connections', { faultReset: 0.2 }, 'unreachable'],
  ['broken JSON', { faultMalformed: 0.2 }, 'malformed'],
  ['hanging', { faultHang: 0.2 }, 'timed_out', { calls: 40, timeout_s: 1.5 }],
];

describe.concurrent.each(FAULTS)('a fifth of the requests: %s', (_, faults, state, limits = { calls: CALLS, timeout_s: 10 }) => {
  const { calls } = limits;
  test('that help when tried again: everything is answered', async () => {
    const { answers, states, stats } = await askUnder(faults, limits);
    expect(states).toEqual({ ok: calls });
    expect([...answers].filter(([call, { answer }]) => answer !== `Oslo ${call}`)).toEqual([]);
    const faulted = Object.values(stats.faults).reduce((sum, n) => sum + n, 0);
    expect(faulted).toBeGreaterThan(calls / 12);
    expect([...answers.values()].filter(({ call }) => call?.attempts === 2)).toHaveLength(faulted);
    expect(stats.chat).toBe(calls + faulted);
    expect(stats.peakInFlight).toBeLessThanOrEqual(CONCURRENCY);
  });

  test('that stay: each is counted in its state, after a bounded number of tries', async () => {
    const { answers, states, stats } = await askUnder({ ...faults, faultMode: 'sticky' }, limits);
    const failed = states[state] ?? 0;
    expect(states).toEqual({ ok: calls - failed, [state]: failed });
    expect(failed).toBeGreaterThan(calls / 12);
    expect(stats.chat).toBe(calls - failed + failed * TRIES);
    for (const answer of answers.values())
      if (answer.state !== 'ok')
        expect(answer).toMatchObject({ answer: '', call: { attempts: TRIES }, why: expect.stringContaining('(3 tries)') as string });
  });
});

describe.concurrent('a load server', () => {
  test('that wants a second of pause gets it, and everything is answered', async () => {
    const { states, stats } = await askUnder({ fault429: 0.2, retryAfter: 1 }, { calls: 12 });
    expect(states).toEqual({ ok: 12 });
    expect(stats.faults['429']).toBeGreaterThan(0);
  });

  test('sees never more than so many requests, and the connections are used again', async () => {
    const { states, stats } = await askUnder({ latency: 5 }, { concurrency: 3 });
    expect(states).toEqual({ ok: CALLS });
    expect(stats.peakInFlight).toBe(3);
    expect(stats.connections).toBeLessThan(12);
  });

  test('that is gone is asked a bounded number of times', async () => {
    const { states, stats } = await askUnder({ fault500: 1, faultMode: 'sticky' });
    expect(Object.keys(states).sort()).toEqual(['not_asked', 'server_error']);
    expect(stats.chat).toBeLessThanOrEqual((10 + CONCURRENCY) * TRIES);
    expect((states.not_asked ?? 0) + (states.server_error ?? 0)).toBe(CALLS);
  });
});
