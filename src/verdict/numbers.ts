/** Numbers and pairs of a long run, one by one: 8 bytes each, where an array of objects takes ten times as much. */
import type { Pair } from './bounds.ts';

const FIRST_ROOM = 64;

export interface Numbers {
  readonly length: number;
  push: (value: number) => void;
  /** those pushed so far, in order; good until the next push */
  values: () => Float64Array;
}

export function numbers(): Numbers {
  let room = new Float64Array(FIRST_ROOM);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === room.length) {
        const larger = new Float64Array(2 * length);
        larger.set(room);
        room = larger;
      }
      room[length++] = value;
    },
    values: () => room.subarray(0, length),
  };
}

/** Pairs that can be gone through again and again. */
export interface Pairs extends Iterable<Pair> {
  readonly length: number;
}

export function pairs(): Pairs & { push: (pair: Pair) => void } {
  const [candidates, baselines] = [numbers(), numbers()];
  return {
    get length() {
      return candidates.length;
    },
    push({ candidate, baseline }) {
      candidates.push(candidate);
      baselines.push(baseline);
    },
    *[Symbol.iterator]() {
      const [candidate, baseline] = [candidates.values(), baselines.values()];
      for (let i = 0; i < candidate.length; i++) yield { candidate: candidate[i] ?? NaN, baseline: baseline[i] ?? NaN };
    },
  };
}
