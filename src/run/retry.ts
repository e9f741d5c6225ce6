/** Tries again what may help to be tried again: capped in number and in total time, honouring Retry-After. */
import { type Answer, SPOKEN_STATES } from '../record.ts';
import type { Attempt } from './engine.ts';

export interface Retry {
  /** tries in all, 1 or more */
  tries: number;
  /** no try starts later than this after the first, in milliseconds */
  totalMs: number;
  /** first pause, doubled each time and jittered between half and the whole */
  pauseMs: number;
}

interface Clock {
  retry: Retry;
  force: AbortSignal;
  now: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  random: () => number;
}

/** The last answer, its `attempts` counted; null when it was cut by force. `attempt` is told when the last try may start. */
export async function retrying(
  attempt: (deadline: number) => Promise<Attempt>,
  { retry, force, now, sleep, random }: Clock,
): Promise<Answer | null> {
  const deadline = now() + retry.totalMs;
  for (let tries = 1; ; tries++) {
    const { answer, isTransient, retryAfterMs } = await attempt(deadline);
    if (force.aborted && !SPOKEN_STATES.some((state) => state === answer.state)) return null;
    const counted = answer.call === null ? answer : { ...answer, call: { ...answer.call, attempts: tries } };
    if (!isTransient) return counted;
    const pauseMs = retryAfterMs ?? retry.pauseMs * 2 ** (tries - 1) * (0.5 + random() / 2);
    if (tries >= retry.tries) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries)` };
    if (now() + pauseMs > deadline) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries, no time for another)` };
    await sleep(pauseMs, force);
    if (force.aborted) return null;
  }
}
