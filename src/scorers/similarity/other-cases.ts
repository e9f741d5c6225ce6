/** What an answer to something else earns: this case's baseline answer against those of other cases. */
import { dot, segmentSimilarity, sumOf, type Passage } from './raw.ts';

/** Cases that stand for all others in F, where every pair costs; with 64 the mean is known to about 0.01. */
const SAMPLE_SIZE = 64;
const SEED = 20_261_124;

/** Indices of the cases drawn, at most 64, in an order that depends on how many cases have a sample, and nothing else. */
export function drawCases(sampleCounts: readonly number[]): number[] {
  const pool = sampleCounts.flatMap((count, i) => (count > 0 ? [i] : []));
  const random = mulberry32(SEED);
  const count = Math.min(SAMPLE_SIZE, pool.length);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (pool.length - i));
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
  }
  return pool.slice(0, count);
}

/**
 * Mean F of the drawn cases' answers (by case index) with `sample`, the answer of case `index`; null without another case,
 * and null as soon as it cannot exceed `echo`: the floor is the larger of the two.
 */
export function crossF(sample: Passage, drawn: ReadonlyMap<number, Passage>, index: number, echo: number): number | null {
  const count = drawn.size - (drawn.has(index) ? 1 : 0);
  if (count === 0) return null;
  let [sum, left] = [0, count];
  for (const [other, passage] of drawn) {
    if (other === index) continue;
    if ((sum + left) / count < echo) return null;
    sum += segmentSimilarity(passage, sample);
    left--;
  }
  return sum / count;
}

/**
 * Mean m of every case's answers with all other cases' answers, from each case's mean direction. Two passes and no pairs,
 * since a mean of cosines is the cosine with the mean. null for a case without one, or without another case.
 */
export function* crossM(directions: Iterable<Float32Array | null>): Generator<number | null> {
  let known = 0;
  const counted = function* (): Generator<Float32Array> {
    for (const direction of directions)
      if (direction !== null) {
        known++;
        yield direction;
      }
  };
  const total = sumOf(counted());
  for (const own of directions) yield own === null || total === null || known < 2 ? null : (dot(own, total) - dot(own, own)) / (known - 1);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
