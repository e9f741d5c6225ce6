/** Tries again what may help to be tried again: capped in number and in total time, honouring Retry-After. */
import type { Answer } from '../record.ts';
import type { Attempt } from './engine.ts';

export interface Retry {
  /** tries in all, 1 or more */
  tries: number;
  /** from the first try to the last answer, in milliseconds */
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

/** The last answer, its `attempts` counted; null when it was cut by force. */
export async function retrying(attempt: () => Promise<Attempt>, { retry, force, now, sleep, random }: Clock): Promise<Answer | null> {
  const deadline = now() + retry.totalMs;
  for (let tries = 1; ; tries++) {
    const { answer, isTransient, retryAfterMs } = await attempt();
    if (force.aborted && answer.state === 'failed') return null;
    const counted = answer.call === null ? answer : { ...answer, call: { ...answer.call, attempts: tries } };
    const pauseMs = retryAfterMs ?? retry.pauseMs * 2 ** (tries - 1) * (0.5 + random() / 2);
    if (!isTransient) return counted;
    if (tries >= retry.tries) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries)` };
    if (now() + pauseMs > deadline) return { ...counted, why: `${counted.why ?? counted.state} (${tries} tries, no time for another)` };
    await sleep(pauseMs, force);
    if (force.aborted) return null;
  }
}
