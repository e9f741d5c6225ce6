/** The engine on lanes that are arrow functions, and a clock that only moves when somebody sleeps. */
import { describe, expect, test } from 'vitest';
import type { Answer, AnswerState } from '../record.ts';
import { askAll, type Attempt, type EngineOptions, type Lane } from './engine.ts';

const answerOf = (call: string, state: AnswerState): Answer => ({
  model: 'm',
  case: call,
  sample: 0,
  state,
  why: state === 'ok' ? null : state,
  answer: state === 'ok' ? call : '',
  reasoning: null,
  finish_reason: null,
  usage: null,
  timings: null,
  reported_model: null,
  origin: 'live',
  source: null,
  licence: null,
  call: { request: call, recorded_at: '', attempts: 1, provenance: {}, cost_usd: null, prices: null },
});
const got = (call: string, state: AnswerState = 'ok', isTransient = false, retryAfterMs: number | null = null): Attempt => ({
  answer: answerOf(call, state),
  isTransient,
  retryAfterMs,
});

/** Time passes only when nobody has anything else to do: the earliest sleeper wakes then. */
function fakeClock() {
  let time = 0;
  const sleepers: { until: number; wake: () => void }[] = [];
  const slept: number[] = [];
  const tick = () =>
    setImmediate(() => {
      sleepers.sort((a, b) => a.until - b.until);
      const first = sleepers.shift();
      if (!first) return;
      time = Math.max(time, first.until);
      first.wake();
      if (sleepers.length > 0) tick();
    });
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((wake) => {
      if (signal?.aborted) return wake();
      slept.push(ms);
      sleepers.push({ until: time + ms, wake });
      signal?.addEventListener('abort', () => wake());
      if (sleepers.length === 1) tick();
    });
  return { now: () => time, sleep, slept };
}

const calls = (count: number, prefix = 'c') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

function laneOf(lane: Partial<Lane<string>>): Lane<string> {
  const defaults = { name: 'm', calls: calls(3), ask: (call: string) => Promise.resolve(got(call)), warmUp: null, concurrency: 1 };
  return { ...defaults, rpm: null, tpm: null, machine: 'http://m', loadsOnDemand: false, ...lane };
}

async function run(lanes: Lane<string>[], options: Partial<EngineOptions<string>> = {}, clock = fakeClock()) {
  const kept: { call: string; state: AnswerState; attempts: number; why: string | null }[] = [];
  await askAll(lanes, {
    retry: { tries: 4, totalMs: 60_000, pauseMs: 500 },
    keep: (call, { state, why, call: asked }) => void kept.push({ call, state, attempts: asked?.attempts ?? 0, why }),
    give: (call, state, why) => ({ ...answerOf(call, state), why, call: null }),
    tokensOf: () => 100,
    isSpent: () => null,
    stop: new AbortController().signal,
    force: new AbortController().signal,
    random: () => 1,
    ...clock,
    ...options,
  });
  return { kept, states: kept.map(({ state }) => state), clock };
}

describe('calls', () => {
  test('are pulled one by one, never more than are in flight', async () => {
    let [pulled, answered, most, inFlight, peak] = [0, 0, 0, 0, 0];
    const clock = fakeClock();
    function* source() {
      for (const call of calls(50)) {
        most = Math.max(most, ++pulled - answered);
        yield call;
      }
    }
    const ask = async (call: string) => {
      peak = Math.max(peak, ++inFlight);
      await clock.sleep(10 + call.length);
      inFlight--;
      answered++;
      return got(call);
    };
    const { kept } = await run([laneOf({ calls: source(), ask, concurrency: 4 })], {}, clock);
    expect({ most, peak, kept: kept.length }).toEqual({ most: 4, peak: 4, kept: 50 });
  });

  test('of one machine that loads on demand run model after model, others beside them', async () => {
    const order: string[] = [];
    const clock = fakeClock();
    const ask = async (call: string) => {
      order.push(call);
      await clock.sleep(10);
      return got(call);
    };
    const local = { machine: 'http://localhost:1234', loadsOnDemand: true, ask };
    const lanes = [
      laneOf({ ...local, name: 'a', calls: calls(3, 'a') }),
      laneOf({ ...local, name: 'b', calls: calls(3, 'b') }),
      laneOf({ name: 'x', machine: 'http://x', calls: calls(3, 'x'), ask }),
      laneOf({ name: 'y', machine: 'http://x', calls: calls(3, 'y'), ask }),
    ];
    await run(lanes, {}, clock);
    expect(order.filter((call) => /[ab]/.test(call))).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2']);
    expect(order.slice(0, 3)).toEqual(['a0', 'x0', 'y0']);
  });

  test('begin after one warm-up', async () => {
    const order: string[] = [];
    const ask = (call: string) => (order.push(call), Promise.resolve(got(call)));
    const warmUp = () => (order.push('warm-up'), Promise.resolve());
    await run([laneOf({ ask, warmUp, concurrency: 2 })]);
    expect(order).toEqual(['warm-up', 'c0', 'c1', 'c2']);
  });

  test('are not asked once the budget is spent, nor is the model warmed up', async () => {
    let asked = 0;
    const ask = (call: string) => (asked++, Promise.resolve(got(call)));
    const spent = await run([laneOf({ calls: calls(9), ask })], { isSpent: () => (asked >= 2 ? 'spent' : null) });
    expect(spent.states).toEqual([...Array<string>(2).fill('ok'), ...Array<string>(7).fill('not_asked')]);
    const warmUp = () => Promise.reject(new Error('warmed up'));
    expect((await run([laneOf({ ask, warmUp })], { isSpent: () => 'spent' })).states).toEqual(Array(3).fill('not_asked'));
  });
});

describe('a server that says no', () => {
  const scripted = (script: (call: string, nth: number) => Attempt) => {
    const seen: string[] = [];
    const ask = (call: string) => {
      seen.push(call);
      return Promise.resolve(script(call, seen.filter((one) => one === call).length));
    };
    return { ask, seen };
  };

  test.each(['unauthorized', 'unknown_model', 'rejected', 'out_of_quota', 'context_overflow'] as const)(
    'for good (%s) is asked once',
    async (state) => {
      const { ask, seen } = scripted((call) => got(call, state));
      const { kept } = await run([laneOf({ calls: ['c'], ask })]);
      expect({ seen, kept }).toEqual({ seen: ['c'], kept: [{ call: 'c', state, attempts: 1, why: state }] });
    },
  );

  test.each(['server_error', 'unreachable', 'malformed', 'rate_limited', 'cooldown', 'timed_out', 'truncated'] as const)(
    'for now (%s) is asked again, and its last word is kept',
    async (state) => {
      const once = scripted((call, nth) => (nth === 1 ? got(call, state, true) : got(call)));
      expect((await run([laneOf({ calls: ['c'], ask: once.ask })])).kept).toEqual([{ call: 'c', state: 'ok', attempts: 2, why: null }]);
      const always = scripted((call) => got(call, state, true));
      const { kept } = await run([laneOf({ calls: ['c'], ask: always.ask })]);
      expect(kept).toEqual([{ call: 'c', state, attempts: 4, why: `${state} (4 tries)` }]);
      expect(always.seen).toHaveLength(4);
    },
  );

  test('is asked by nobody until the pause it wants is over, then by half as many', async () => {
    const clock = fakeClock();
    const starts: { at: number; inFlight: number }[] = [];
    let inFlight = 0;
    const ask = async (call: string) => {
      starts.push({ at: clock.now(), inFlight: ++inFlight });
      const isEarly = clock.now() < 5;
      await clock.sleep(10 + inFlight);
      inFlight--;
      return isEarly ? got(call, 'rate_limited', true, 7_000) : got(call);
    };
    const { states } = await run([laneOf({ calls: calls(100), ask, concurrency: 8 })], {}, clock);
    expect(states).toEqual(Array(100).fill('ok'));
    expect(starts.filter(({ at }) => at >= 5 && at < 7_000)).toEqual([]);
    // the eight that were told to wait, at their slightly different times, are one complaint
    const peaks = starts.slice(16).map((start) => start.inFlight);
    expect(peaks[0]).toBe(4);
    expect(Math.max(...peaks.slice(-8))).toBe(8);
  });

  test('and wants an hour fails the call at once, and those after it', async () => {
    const { ask, seen } = scripted((call) => got(call, 'rate_limited', true, 3_600_000));
    const { states, clock } = await run([laneOf({ calls: calls(5), ask })]);
    expect({ states, seen }).toEqual({ states: Array(5).fill('rate_limited'), seen: ['c0'] });
    expect(clock.now()).toBeLessThan(60_000);
  });

  test('and is down is tried a bounded number of times; the rest is not asked', async () => {
    const { ask, seen } = scripted((call) => got(call, 'unreachable', true));
    const { states } = await run([laneOf({ calls: calls(1000), ask, concurrency: 4 })]);
    expect(states).toHaveLength(1000);
    expect(states.filter((state) => state === 'unreachable').length).toBeLessThan(10 + 4);
    expect(seen.length).toBeLessThan((10 + 4) * 4);
    expect(new Set(states)).toEqual(new Set(['unreachable', 'not_asked']));
  });

  test('by hanging is given up sooner', async () => {
    const { ask, seen } = scripted((call) => got(call, 'timed_out', true));
    await run([laneOf({ calls: calls(1000), ask })]);
    expect(new Set(seen).size).toBe(4);
  });

  test('now and then is not down', async () => {
    let asked = 0;
    const ask = (call: string) => Promise.resolve(++asked % 10 === 0 ? got(call) : got(call, 'rejected'));
    const { states } = await run([laneOf({ calls: calls(200), ask })]);
    expect(states).not.toContain('not_asked');
  });
});

describe('limits a minute', () => {
  const startsOf = async (limits: Partial<Lane<string>>, tokensOf = () => 100) => {
    const clock = fakeClock();
    const starts: number[] = [];
    const ask = (call: string) => (starts.push(clock.now()), Promise.resolve(got(call)));
    await run([laneOf({ calls: calls(5), ask, concurrency: 4, ...limits })], { tokensOf }, clock);
    return starts;
  };

  test('of requests spread the calls evenly', async () => {
    expect(await startsOf({ rpm: 6 })).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
  });

  test('of tokens let a long call make the next one wait', async () => {
    const lengths = [500, 100, 100, 1000, 100];
    expect(await startsOf({ tpm: 1000 }, () => lengths.shift() ?? 0)).toEqual([0, 30_000, 36_000, 42_000, 102_000]);
  });

  test('do not eat the time for retries', async () => {
    const tries = new Map<string, number>();
    const ask = (call: string) => {
      tries.set(call, (tries.get(call) ?? 0) + 1);
      return Promise.resolve(tries.get(call) === 1 ? got(call, 'server_error', true) : got(call));
    };
    const { states } = await run([laneOf({ calls: calls(8), ask, concurrency: 8, rpm: 1 })], {
      retry: { tries: 4, totalMs: 500_000, pauseMs: 500 },
    });
    expect(states).toEqual(Array(8).fill('ok'));
  });
});

describe('signals', () => {
  test('stop: what is in flight is awaited, nothing more is asked', async () => {
    const [clock, stop] = [fakeClock(), new AbortController()];
    const asked: string[] = [];
    const ask = async (call: string) => {
      asked.push(call);
      if (asked.length === 5) stop.abort();
      await clock.sleep(10);
      return got(call);
    };
    const { kept } = await run(
      [laneOf({ calls: calls(50), ask, concurrency: 3 }), laneOf({ name: 'n', calls: [] })],
      { stop: stop.signal },
      clock,
    );
    expect(kept.map(({ call }) => call)).toEqual(asked);
    expect(asked.length).toBeLessThan(8);
  });

  test('stop: a call that waits for its turn or for another try is left for --resume', async () => {
    const [clock, stop] = [fakeClock(), new AbortController()];
    const asked: string[] = [];
    const ask = (call: string) => {
      asked.push(call);
      stop.abort();
      return Promise.resolve(got(call, 'rate_limited', true, 50_000));
    };
    const { kept } = await run([laneOf({ calls: calls(50), ask, concurrency: 3, rpm: 2 })], { stop: stop.signal }, clock);
    expect({ kept, asked, time: clock.now() }).toEqual({ kept: [], asked: ['c0'], time: 0 });
  });

  test('force: what is in flight is cut and is no answer, what was already said is kept', async () => {
    const force = new AbortController();
    const ask = (call: string, signal: AbortSignal) =>
      new Promise<Attempt>((done) => {
        signal.addEventListener('abort', () => done(call === 'c1' ? got(call) : got(call, 'timed_out', true)));
        if (call === 'c2') force.abort();
      });
    const { kept } = await run([laneOf({ calls: calls(9), ask, concurrency: 3 })], { force: force.signal });
    expect(kept.map(({ call }) => call)).toEqual(['c1']);
  });

  test('stopped before it began, nothing is asked or warmed up', async () => {
    const fail = () => Promise.reject(new Error('asked'));
    const { kept } = await run([laneOf({ ask: fail, warmUp: fail })], { stop: AbortSignal.abort() });
    expect(kept).toEqual([]);
  });
});
