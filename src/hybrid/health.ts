/**
 * Health of the candidate, 0..1, over its last 20 tries: H = s · l.
 * s = 1 − failures / max(tries, 5): one failure alone is 0.8, which is still healthy.
 * l = min(1, 2 / r): r is the median, over the last 5 tries that succeeded, of their time over the normal one (the median of the last
 * 100 of the same kind, 10 at least). Twice the normal time costs nothing, 2.5 times is unhealthy. A try below one second is never slow.
 */

/** `first_token`: milliseconds to it, of a stream; `per_token`: milliseconds a token, of an answer that came whole. */
export type Kind = 'first_token' | 'per_token';

export interface Health {
  succeed: (time: { kind: Kind; value: number; totalMs: number } | null) => void;
  fail: () => void;
  /** 0..1 */
  value: () => number;
  /** forgets the tries, not what is normal */
  forgive: () => void;
}

const WINDOW = 20;
const FEWEST = 5;
const RECENT = 5;
const NORMAL_OF = 100;
const NORMAL_NEEDS = 10;
const NEVER_SLOW_MS = 1000;
const FREE_FACTOR = 2;

/** Below this the baseline is asked. */
export const UNHEALTHY = 0.8;

export function openHealth(): Health {
  let outcomes: boolean[] = [];
  let ratios: number[] = [];
  const times: Record<Kind, number[]> = { first_token: [], per_token: [] };
  return {
    succeed(time) {
      outcomes = [...outcomes, true].slice(-WINDOW);
      if (time === null) return;
      const known = times[time.kind];
      const normal = known.length >= NORMAL_NEEDS ? median(known) : null;
      const isQuick = time.totalMs < NEVER_SLOW_MS || normal === null || normal === 0;
      ratios = [...ratios, isQuick ? 1 : time.value / normal].slice(-RECENT);
      times[time.kind] = [...known, time.value].slice(-NORMAL_OF);
    },
    fail() {
      outcomes = [...outcomes, false].slice(-WINDOW);
    },
    value() {
      const failures = outcomes.filter((ok) => !ok).length;
      const success = 1 - failures / Math.max(outcomes.length, FEWEST);
      const slowness = ratios.length < RECENT ? 1 : median(ratios);
      return success * Math.min(1, FREE_FACTOR / slowness);
    },
    forgive() {
      outcomes = [];
      ratios = [];
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
