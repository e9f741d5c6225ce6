/**
 * What a suite can tell before it is run: the smallest parity P at which its lower bound reaches the target with a given
 * probability, n cases and a given spread.
 *
 * Method: the bound of bounds.ts (Fieller's limit on n cases and a pseudo-case) is a function of n and the moments of the
 * quality scores. The parity that n cases show is taken as normal around P with the standard error of a ratio of paired means,
 *   SE(P) = √((s_cc − 2P·s_cb + P²·s_bb) / n) / mean q_b      (W. G. Cochran, "Sampling Techniques", 3rd ed. 1977, 2.11),
 * and the bound is asked at the quantile of it: at P for 1 in 2, at P − 0.8416·SE for 4 in 5. So it leaves out that the spread
 * itself is drawn. Quality scores end at 1: near it the spread is at most √(m(1 − m)) for a mean of m.
 * Worked numbers, spread 0.25, target 0.85: 50 cases PASS 1 time in 2 from 0.918, 4 in 5 from 0.942.
 */
import { fieller, firstCount, momentsOf } from './bounds.ts';
import type { Pairs } from './numbers.ts';

/** How quality scores scatter over the cases; variances and covariance with the denominator n − 1. */
export interface Spread {
  /** mean quality score of the baseline, above 0 and at most 1 */
  baseline: number;
  varianceC: number;
  varianceB: number;
  covariance: number;
}

/** Standard deviation of the quality score over cases, measured on real models: docs/writing-elements.md. */
const USUAL_SD = 0.25;
export const USUAL_SPREAD: Spread = { baseline: 1, varianceC: USUAL_SD ** 2, varianceB: 0, covariance: 0 };

/** In how many runs of a suite a PASS is to be expected: 0.5 or 0.8, by their quantile of the normal distribution. */
export type Chance = 0.5 | 0.8;
const QUANTILE: Record<Chance, number> = { 0.5: 0, 0.8: 0.841621 };
const STEPS = 40;

/** The spread of real pairs of quality scores; null for fewer than two, and where the baseline's mean is 0. */
export function spreadOf(pairs: Pairs): Spread | null {
  const { n, meanB, ssCC, ssBB, ssCB } = momentsOf(pairs);
  if (n < 2 || meanB <= 0) return null;
  return { baseline: meanB, varianceC: ssCC / (n - 1), varianceB: ssBB / (n - 1), covariance: ssCB / (n - 1) };
}

/** Standard deviation of a case's distance from `parity`, in units of the baseline's mean: 0.25 for the usual spread. */
export function sizeOf(spread: Spread, parity: number): number {
  return residual(spread, parity) / spread.baseline;
}

function residual({ varianceC, varianceB, covariance }: Spread, parity: number): number {
  return Math.sqrt(Math.max(0, varianceC - 2 * parity * covariance + parity ** 2 * varianceB));
}

/** The spread that is left at this parity, since no quality score is above 1. */
function atParity(spread: Spread, parity: number): Spread {
  const mean = Math.min(1, parity * spread.baseline);
  const most = mean * (1 - mean);
  if (spread.varianceC <= most) return spread;
  const share = most / spread.varianceC;
  return { ...spread, varianceC: most, covariance: spread.covariance * Math.sqrt(share) };
}

function passes(n: number, parity: number, target: number, full: Spread, chance: Chance): boolean {
  const spread = atParity(full, parity);
  const shown = parity - (QUANTILE[chance] * residual(spread, parity)) / Math.sqrt(n) / spread.baseline;
  const [ssCC, ssBB, ssCB] = [spread.varianceC, spread.varianceB, spread.covariance].map((one) => one * (n - 1)) as [
    number,
    number,
    number,
  ];
  const limits = fieller({ n, meanC: shown * spread.baseline, meanB: spread.baseline, ssCC, ssBB, ssCB });
  return limits !== null && limits.lower >= target;
}

/** Smallest true parity that gets a PASS with this chance, to 1e-9; null where not even a perfect candidate would. */
export function smallestParity(n: number, target: number, spread: Spread, chance: Chance): number | null {
  let [low, high] = [Math.min(target, 1 / spread.baseline), 1 / spread.baseline];
  if (!passes(n, high, target, spread, chance)) return null;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (passes(n, middle, target, spread, chance)) high = middle;
    else low = middle;
  }
  return high;
}

/** Cases with which a candidate of this true parity gets a PASS with this chance; null where 100,000 would not do. */
export function casesToPass(parity: number, target: number, spread: Spread, chance: Chance): number | null {
  return parity <= target ? null : firstCount((n) => passes(n, parity, target, spread, chance));
}
