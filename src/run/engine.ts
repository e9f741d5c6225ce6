/**
 * Asks: calls are pulled from iterators, never queued whole; one lane a model, with its own limits. Every answer is kept
 * (on disk) before the next one of its slot is asked. What remains after retries is an answer too, with its failure named.
 */
import pLimit from 'p-limit';
import type { Answer } from '../record.ts';
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
  ask: (call: C, signal: AbortSignal) => Promise<Attempt>;
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
  /** an answer for a call that is not asked any more: the endpoint is down, the budget is spent */
  give: (call: C, why: string) => Answer;
  tokensOf: (call: C) => number;
  /** a reason to ask nothing more, or null; looked at before every call */
  isSpent: () => string | null;
  /** aborted: nothing more is asked, what is in flight is awaited */
  stop: AbortSignal;
  /** aborted: what is in flight is cut */
  force: AbortSignal;
  now: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
}

/** Calls in a row that failed for good before a lane counts as down. */
const DOWN_AFTER = 5;

/** Resolves when every call has its answer, or when `stop` was aborted and nothing is in flight. */
export async function askAll<C>(lanes: readonly Lane<C>[], options: EngineOptions<C>): Promise<void> {
  const machines = new Map<string, Lane<C>[]>();
  for (const lane of lanes) {
    const key = lane.loadsOnDemand ? lane.machine : `${lane.machine} ${lane.name}`;
    machines.set(key, [...(machines.get(key) ?? []), lane]);
  }
  await Promise.all(
    [...machines.values()].map(async (queue) => {
      for (const lane of queue) await runLane(lane, options);
    }),
  );
}

/** What a lane has learnt while it runs. */
interface LaneState {
  limit: ReturnType<typeof pLimit>;
  pace: Pace;
  failuresInARow: number;
  successes: number;
}

async function runLane<C>(lane: Lane<C>, options: EngineOptions<C>): Promise<void> {
  const state: LaneState = { limit: pLimit(lane.concurrency), pace: pace(lane, options.now), failuresInARow: 0, successes: 0 };
  const inFlight = new Set<Promise<void>>();
  let isFirst = lane.loadsOnDemand;
  for (const call of lane.calls) {
    while (inFlight.size >= state.limit.concurrency) await Promise.race(inFlight);
    if (options.stop.aborted) break;
    const why = state.failuresInARow >= DOWN_AFTER ? `not asked: the last ${DOWN_AFTER} calls to "${lane.name}" failed` : options.isSpent();
    if (why !== null) {
      options.keep(call, options.give(call, why));
      continue;
    }
    const task = state.limit(() => askOne(lane, call, state, options)).finally(() => inFlight.delete(task));
    inFlight.add(task);
    // one request first: several at once would load the model several times
    if (isFirst) await task;
    isFirst = false;
  }
  await Promise.all(inFlight);
}

async function askOne<C>(lane: Lane<C>, call: C, state: LaneState, options: EngineOptions<C>): Promise<void> {
  const attempt = async (): Promise<Attempt> => {
    const waitMs = state.pace.reserve(options.tokensOf(call));
    if (waitMs > 0) await options.sleep(waitMs, options.force);
    const got = await lane.ask(call, options.force);
    if (got.retryAfterMs !== null) slowDown(lane, state, got.retryAfterMs);
    return got;
  };
  const answer = await retrying(attempt, options);
  if (answer === null) return; // cut by force: nothing was answered, and --resume asks again
  if (answer.state === 'failed' || answer.state === 'malformed') state.failuresInARow++;
  else speedUp(lane, state);
  options.keep(call, answer);
}

/** The server asked for a pause: nobody asks until it is over, and fewer ask after it. */
function slowDown<C>(lane: Lane<C>, state: LaneState, retryAfterMs: number): void {
  state.pace.pause(retryAfterMs);
  state.limit.concurrency = Math.max(1, Math.floor(Math.min(state.limit.concurrency, lane.concurrency) / 2));
  state.successes = 0;
}

function speedUp<C>(lane: Lane<C>, state: LaneState): void {
  state.failuresInARow = 0;
  if (state.limit.concurrency < lane.concurrency && ++state.successes >= 10) {
    state.limit.concurrency++;
    state.successes = 0;
  }
}
