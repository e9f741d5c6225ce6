/**
 * How often the lower bound lies at or below the true parity, by simulation on real pairs of models.
 *   node scripts/bench.mjs zeroeval DATA --json MATRIX && node scripts/bench.mjs bounds MATRIX
 * MATRIX says who was right where. Beside it, how often a suite that is exactly at its target would PASS. docs/validity.md has more.
 */
import { readFileSync } from 'node:fs';
import { atTarget, measureVerdictErrors, orderedPairs, truePairs } from './validity/verdict-errors.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/bench.mjs bounds MATRIX');
const matrix = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, number[]>>;
const RESAMPLES = 200;

const populations = Object.entries(matrix).flatMap(([set, right]) => orderedPairs(set, new Map(Object.entries(right))));
const found = measureVerdictErrors(truePairs(populations, { low: 0.6, high: 1.6 }), RESAMPLES);
if (found === null) throw new Error(`${file} has no two models with a true parity of 0.6 to 1.6`);
console.log(`${found.pairs} ordered pairs of real models with a true parity of 0.6 to 1.6, ${RESAMPLES} suites each\n`);
console.log('    n   bound holds   worst pair   PASS at the target: bound / point   median distance');
const percent = (x: number) => `${(100 * x).toFixed(1)} %`.padStart(7);
for (const { n, outcomes, falsePass, distance } of found.sizes) {
  const { bounds, point } = atTarget({ outcomes });
  console.log(
    `${String(n).padStart(5)}   ${percent(1 - falsePass.mean)}       ${percent(1 - atTarget(falsePass.worst).bounds.pass)}      ${percent(bounds.pass)} / ${percent(point.pass)}            ${distance.toFixed(3)}`,
  );
}
