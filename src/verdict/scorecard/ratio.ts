/** Ratios of paired amounts, with one-sided 95 % bounds. */
import { tQuantile } from '../student-t.ts';

const CONFIDENCE = 0.95;

export interface Ratio {
  value: number;
  /** null where they do not exist */
  lower: number | null;
  upper: number | null;
}

/**
 * The typical ratio of paired amounts: exp of the mean of ln(ratio), with Student's t on the logarithms (Fleming & Wallace 1986, "How not to lie
 * with statistics: the correct way to summarize benchmark results", CACM 29:218, for the geometric mean). Bounds need two pairs. Null
 * without any. Ratios are above 0.
 * Worked: 2 and 8 → 4, bounds 4·exp(∓6.3138·ln 2) = 0.0503 to 318.
 */
export function typicalRatio(ratios: readonly number[]): Ratio | null {
  const n = ratios.length;
  if (n === 0) return null;
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((a, b) => a + b, 0) / n;
  if (n === 1) return { value: Math.exp(mean), lower: null, upper: null };
  const variance = logs.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  const half = tQuantile(CONFIDENCE, n - 1) * Math.sqrt(variance / n);
  return { value: Math.exp(mean), lower: Math.exp(mean - half), upper: Math.exp(mean + half) };
}

/**
 * Σ over / Σ under of paired amounts, with Fieller's limits on n − 1 degrees of freedom (E. C. Fieller 1954, "Some problems in interval
 * estimation", JRSS B 16:175). No limits where the sum below cannot be told from 0; null where it is 0 or there is no pair.
 */
export function ratioOfSums(pairs: readonly { over: number; under: number }[]): Ratio | null {
  const n = pairs.length;
  const [x, y] = [mean(pairs.map(({ over }) => over)), mean(pairs.map(({ under }) => under))];
  if (n === 0 || y === 0) return null;
  const value = x / y;
  if (n === 1) return { value, lower: null, upper: null };
  let [sxx, syy, sxy] = [0, 0, 0];
  for (const { over, under } of pairs) {
    sxx += (over - x) ** 2;
    syy += (under - y) ** 2;
    sxy += (over - x) * (under - y);
  }
  const k = tQuantile(CONFIDENCE, n - 1) ** 2 / (n * (n - 1));
  const [a, b, c] = [y * y - k * syy, x * y - k * sxy, x * x - k * sxx];
  if (a <= 0) return { value, lower: null, upper: null };
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { value, lower: (b - root) / a, upper: (b + root) / a };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
