/**
 * How often the lower bound lies at or below the true parity, by simulation on real pairs of models.
 *   node scripts/bench.mjs zeroeval DATA --json MATRIX && node scripts/bench.mjs bounds MATRIX
 * MATRIX says who was right where. The truth of a pair is its parity over all problems; suites of n are drawn from them
 * with replacement by a fixed seed. Beside it, how often a suite that is exactly at its target would PASS.
 */
import { readFileSync } from 'node:fs';
import { parityBounds, type Pair } from '../src/verdict/bounds.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/bench.mjs bounds MATRIX');
const matrix = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, number[]>>;
const RESAMPLES = 200;

/** mulberry32: small, seeded, good enough to draw cases. */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pairs: Pair[][] = [];
for (const models of Object.values(matrix)) {
  for (const [b, baseline] of Object.entries(models)) {
    for (const [c, candidate] of Object.entries(models)) {
      if (b === c) continue;
      const cases = baseline.map((q, i) => ({ baseline: q, candidate: candidate[i] ?? 0 }));
      const { parity } = parityBounds(cases);
      if (parity !== null && parity >= 0.6 && parity <= 1.6) pairs.push(cases);
    }
  }
}

const random = randomOf(1);
const draw = (cases: Pair[], n: number): Pair[] => Array.from({ length: n }, () => cases[Math.floor(random() * cases.length)] as Pair);
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

console.log(`${pairs.length} ordered pairs of real models with a true parity of 0.6 to 1.6, ${RESAMPLES} suites each\n`);
console.log('    n   bound holds   worst pair   PASS at the target: bound / point   median distance');
for (const n of [20, 50, 100, 200]) {
  const held: number[] = [];
  const distances: number[] = [];
  let point = 0;
  for (const cases of pairs) {
    const truth = parityBounds(cases).parity ?? NaN;
    let holds = 0;
    for (let k = 0; k < RESAMPLES; k++) {
      const { parity, lower } = parityBounds(draw(cases, n));
      if (lower === null || lower <= truth) holds++;
      if (lower !== null) distances.push(truth - lower);
      if (parity !== null && parity >= truth) point++;
    }
    held.push(holds / RESAMPLES);
  }
  const mean = held.reduce((a, b) => a + b, 0) / held.length;
  const percent = (x: number) => `${(100 * x).toFixed(1)} %`.padStart(7);
  console.log(
    `${String(n).padStart(5)}   ${percent(mean)}       ${percent(Math.min(...held))}      ${percent(1 - mean)} / ${percent(point / (pairs.length * RESAMPLES))}            ${median(distances).toFixed(3)}`,
  );
}
