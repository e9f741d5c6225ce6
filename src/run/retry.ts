/** Tries again what may help to be tried again: capped in number and in total time, honouring Retry-After. */
import { type Answer, SPOKEN_STATES } from '../record.ts';
import type { Attempt } from './engine.ts';

export interface Retry {
  /** tries in all, 1 or more */
  tries: number;
  /** no try starts later than this after the first one started, in milliseconds */
  totalMs: number;
  /** first pause, doubled each time and jittered between half and the whole */
  pauseMs: number;
}

interface Clock {
  retry: Retry;
  /** aborted: nothing is tried again */
  halt: AbortSignal;
  /** aborted: what is in flight is cut */
  force: AbortSignal;
  now: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
}

/**
 * The last answer, its `attempts` counted; null when it was cut, or would have been tried again after `halt`. `attempt` calls
 * `deadline` when its try starts, and is told until when another may; it gives null when nothing was tried after `halt`.
 */
export async function retrying(
  attempt: (deadline: () => number) => Promise<Attempt | null>,
  { retry, halt, force, now, sleep, random }: Clock,
): Promise<Answer | null> {
  let startedAt: number | null = null;
  const deadline = () => (startedAt ??= now()) + retry.totalMs;
  for (let tries = 1; ; tries++) {
    const got = await attempt(deadline);
    if (got === null) return null;
    const { answer, isTransient, retryAfterMs } = got;
    if (force.aborted && !SPOKEN_STATES.some((state) => state === answer.state)) return null;
    const counted = answer.call === null ? answer : { ...answer, call: { ...answer.call, attempts: tries } };
    if (!isTransient) return counted;
    const pauseMs = retryAfterMs ?? retry.pauseMs * 2 ** (tries - 1) * (0.5 + random() / 2);
    if (tries >= retry.tries) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries)` };
    if (now() + pauseMs > deadline()) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries, no time for another)` };
    if (halt.aborted) return null;
    await sleep(pauseMs, halt);
    if (halt.aborted) return null;
  }
}
