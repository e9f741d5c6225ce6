/**
 * Asks: calls are pulled from iterators, never queued whole; one lane a model, with its own limits. Every answer is kept
 * (on disk) before the next one of its slot is asked. What remains after retries is an answer too, with its failure named.
 */
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { type Answer, type AnswerState, SPOKEN_STATES } from '../record.ts';
import { pace, type Pace } from './pace.ts';
import { type Retry, retrying } from './retry.ts';

/** One try at a call. */
export interface Attempt {
  answer: Answer;
  isTransient: boolean;
  retryAfterMs: number | null;
}

/** A model to be asked, and what it is asked. `C` is whatever the caller calls a call. */
export interface Lane<C> {
  name: string;
  calls: Iterable<C>;
  /** null: the call was left to the server since `stop` was aborted; --resume goes on with it */
  ask: (call: C, signal: AbortSignal) => Promise<Attempt | null>;
  /** one request first: several at once would load the model several times; null where nothing is loaded */
  warmUp: ((signal: AbortSignal) => Promise<void>) | null;
  concurrency: number;
  /** requests and tokens a minute; null is no limit */
  rpm: number | null;
  tpm: number | null;
  /** lanes of one machine that loads on demand run one after another */
  machine: string;
  loadsOnDemand: boolean;
}

export interface EngineOptions<C> {
  retry: Retry;
  /** called once a call, with what remains after retries; the answer is safe when it returns */
  keep: (call: C, answer: Answer) => void;
  /** an answer for a call that is not asked (any more) */
  give: (call: C, state: 'not_asked' | 'rate_limited', why: string) => Answer;
  tokensOf: (call: C) => number;
  /** a reason to ask nothing more, or null; looked at before every call */
  isSpent: () => string | null;
  /** aborted: nothing more is asked, nor tried again; what is in flight is awaited */
  stop: AbortSignal;
  /** aborted: what is in flight is cut */
  force: AbortSignal;
  now: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
}

/** Failures in a row before a lane counts as down. One that took its whole time counts as three. */
const DOWN_AFTER = 10;
const LATE_COUNTS = 3;
/** Not the lane's fault, or not for long. */
const NO_FAILURE: ReadonlySet<AnswerState> = new Set([...SPOKEN_STATES, 'rate_limited', 'wrong_model', 'fallback']);

/** Resolves when every call has its answer, or when `stop` was aborted and nothing is in flight. */
export async function askAll<C>(lanes: readonly Lane<C>[], options: EngineOptions<C>): Promise<void> {
  const machines = new Map<string, Lane<C>[]>();
  for (const lane of lanes) {
    const key = lane.loadsOnDemand ? lane.machine : `${lane.machine} ${lane.name}`;
    machines.set(key, [...(machines.get(key) ?? []), lane]);
  }
  const halt = AbortSignal.any([options.stop, options.force]);
  // every call that waits listens
  setMaxListeners(0, halt);
  await Promise.all(
    [...machines.values()].map(async (queue) => {
      for (const lane of queue) await runLane(lane, { ...options, halt });
    }),
  );
}

type Running<C> = EngineOptions<C> & { halt: AbortSignal };

/** What a lane has learnt while it runs. */
interface LaneState {
  limit: ReturnType<typeof pLimit>;
  pace: Pace;
  /** the server asked for a pause until then, on the clock of `now` */
  pausedUntil: number;
  /** when the lane was slowed down last; complaints about tries that had started before are the same one */
  slowedAt: number;
  failuresInARow: number;
  successes: number;
}

async function runLane<C>(lane: Lane<C>, options: Running<C>): Promise<void> {
  const limit = pLimit(lane.concurrency);
  const learnt = { pausedUntil: -Infinity, slowedAt: -Infinity, failuresInARow: 0, successes: 0 };
  const state: LaneState = { limit, pace: pace(lane, options.now), ...learnt };
  const inFlight = new Set<Promise<void>>();
  if (!options.halt.aborted && options.isSpent() === null) await lane.warmUp?.(options.force);
  for (const call of lane.calls) {
    if (options.halt.aborted) break;
    const why = state.failuresInARow >= DOWN_AFTER ? `not asked: "${lane.name}" failed too often in a row` : options.isSpent();
    if (why !== null) {
      options.keep(call, options.give(call, 'not_asked', why));
      continue;
    }
    const task = limit(() => askOne(lane, call, state, options)).finally(() => inFlight.delete(task));
    inFlight.add(task);
    while (inFlight.size >= limit.concurrency) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
}

async function askOne<C>(lane: Lane<C>, call: C, state: LaneState, options: Running<C>): Promise<void> {
  const { now, sleep, force, halt } = options;
  const wait = (ms: number) => (ms > 0 ? sleep(ms, halt) : undefined);
  const attempt = async (deadline: () => number): Promise<Attempt | null> => {
    await wait(state.pace(options.tokensOf(call)));
    const latest = deadline();
    // while it waits, another call may be told to wait longer
    for (let seen = -Infinity; state.pausedUntil > Math.max(now(), seen) && !halt.aborted; await wait(seen - now())) {
      seen = state.pausedUntil;
      if (seen <= latest) continue;
      const why = `not asked: the server wants ${Math.ceil((seen - now()) / 1000)} s of pause, longer than a call may take`;
      return { answer: options.give(call, 'rate_limited', why), isTransient: false, retryAfterMs: null };
    }
    if (halt.aborted) return null;
    const startedAt = now();
    const got = await lane.ask(call, force);
    if (got === null) return null;
    const isTooFast = got.retryAfterMs !== null || got.answer.state === 'rate_limited';
    if (isTooFast) slowDown(lane, state, startedAt, { now: now(), pauseMs: got.retryAfterMs ?? 0 });
    return got;
  };
  const answer = await retrying(attempt, options);
  if (answer === null) return; // nothing was answered before the run was halted, and --resume asks again
  if (NO_FAILURE.has(answer.state)) speedUp(lane, state);
  else state.failuresInARow += answer.state === 'timed_out' ? LATE_COUNTS : 1;
  options.keep(call, answer);
}

/** Nobody asks until the pause that the server asked for is over, and half as many at a time ask after it. */
function slowDown<C>(lane: Lane<C>, state: LaneState, startedAt: number, { now, pauseMs }: { now: number; pauseMs: number }): void {
  if (startedAt > state.slowedAt) {
    state.limit.concurrency = Math.max(1, Math.floor(Math.min(state.limit.concurrency, lane.concurrency) / 2));
    state.slowedAt = now;
  }
  state.pausedUntil = Math.max(state.pausedUntil, now + pauseMs);
  state.successes = 0;
}

function speedUp<C>(lane: Lane<C>, state: LaneState): void {
  state.failuresInARow = 0;
  if (state.limit.concurrency < lane.concurrency && ++state.successes >= 10) {
    state.limit.concurrency++;
    state.successes = 0;
  }
}
