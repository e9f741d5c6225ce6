/**
 * Parity and its bounds: the ratio of two paired means.
 *
 *   parity P = mean q_c / mean q_b over the n cases
 *   bounds   = Fieller's limits of that ratio (E. C. Fieller 1954, "Some problems in interval estimation", JRSS B 16:175,
 *              section 4), one-sided 95 % each, on the n cases plus one pseudo-case (q_c, q_b) = (0.5, 1), with t(0.95, n).
 *
 * The pseudo-case keeps the interval from ever having no width: near 1 the plain t interval covers 78–91 % instead of 95 %
 * (docs/scoring.md). With every q_b = 1 the lower bound is ȳ − t·s/√(n+1) over y = (q_1 … q_n, 0.5).
 * Worked numbers, all cases (1, 1): n = 8 → 0.841, n = 9 → 0.858, n = 26 → 0.9499, n = 27 → 0.952.
 */
import type { Bounds } from '../record.ts';
import type { Pairs } from './numbers.ts';
import { tQuantile, upperTail } from './student-t.ts';

/** Quality scores of one case, each 0..1. */
export interface Pair {
  candidate: number;
  baseline: number;
}

const PSEUDO: Pair = { candidate: 0.5, baseline: 1 };
const CONFIDENCE = 0.95;
const MOST_CASES = 100_000;

/** n, means and sums of squared and crossed deviations: all that the bounds need to know. */
export interface Moments {
  n: number;
  meanC: number;
  meanB: number;
  ssCC: number;
  ssBB: number;
  ssCB: number;
}

export function momentsOf(pairs: Pairs): Moments {
  const n = pairs.length;
  let [meanC, meanB, ssCC, ssBB, ssCB] = [0, 0, 0, 0, 0];
  for (const p of pairs) {
    meanC += p.candidate / n;
    meanB += p.baseline / n;
  }
  for (const p of pairs) {
    const [c, b] = [p.candidate - meanC, p.baseline - meanB];
    ssCC += c * c;
    ssBB += b * b;
    ssCB += c * b;
  }
  return { n, meanC, meanB, ssCC, ssBB, ssCB };
}

function withPseudoCase(m: Moments): Moments {
  const n = m.n + 1;
  const [c, b] = [PSEUDO.candidate - m.meanC, PSEUDO.baseline - m.meanB];
  const share = m.n / n;
  return {
    n,
    meanC: m.meanC + c / n,
    meanB: m.meanB + b / n,
    ssCC: m.ssCC + share * c * c,
    ssBB: m.ssBB + share * b * b,
    ssCB: m.ssCB + share * c * b,
  };
}

/** Roots R of (ȳc − R·ȳb)² = t²·(s_cc − 2R·s_cb + R²·s_bb)/N, or null where the baseline's mean cannot be told from 0. */
export function fieller(cases: Moments): { lower: number; upper: number } | null {
  const m = withPseudoCase(cases);
  const k = tQuantile(CONFIDENCE, cases.n) ** 2 / (m.n * cases.n); // s² has the denominator n = N − 1
  const a = m.meanB ** 2 - k * m.ssBB;
  const b = m.meanB * m.meanC - k * m.ssCB;
  const c = m.meanC ** 2 - k * m.ssCC;
  if (a <= 0) return null;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { lower: (b - root) / a, upper: (b + root) / a };
}

/** Parity of the cases and its bounds. Everything is null for no cases; parity is null when the baseline's mean is 0. */
export function parityBounds(pairs: Pairs): Bounds {
  if (pairs.length === 0) return { parity: null, lower: null, upper: null };
  const moments = momentsOf(pairs);
  const limits = fieller(moments);
  return {
    parity: moments.meanB > 0 ? moments.meanC / moments.meanB : null,
    lower: limits?.lower ?? null,
    upper: limits?.upper ?? null,
  };
}

/**
 * One-sided p value of "parity is at most the target", 0..1, from the statistic whose 5 % point is the lower bound: Student's t of
 * q_c − target · q_b over the cases and the pseudo-case, with n degrees of freedom. At most 0.05 where the lower bound reaches the target.
 * null for no cases, and where there is no lower bound.
 */
export function pValue(pairs: Pairs, target: number): number | null {
  if (pairs.length === 0) return null;
  const cases = momentsOf(pairs);
  if (fieller(cases) === null) return null;
  const m = withPseudoCase(cases);
  const mean = m.meanC - target * m.meanB;
  const variance = (m.ssCC - 2 * target * m.ssCB + target ** 2 * m.ssBB) / (m.n * cases.n);
  if (variance <= 0) return mean > 0 ? 0 : 1;
  return upperTail(mean / Math.sqrt(variance), cases.n);
}

/** The first n in 1..100,000 for which `isEnough` holds (it must stay true once true), or null. */
export function firstCount(isEnough: (n: number) => boolean): number | null {
  let high = 1;
  while (!isEnough(high)) {
    if (high >= MOST_CASES) return null;
    high = Math.min(high * 2, MOST_CASES);
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Cases that a perfect candidate needs to prove a target: 9 for 0.85, 27 for 0.95; null for a target of 1. */
export function casesToProve(target: number): number | null {
  return firstCount((n) => (fieller({ n, meanC: 1, meanB: 1, ssCC: 0, ssBB: 0, ssCB: 0 })?.lower ?? -Infinity) >= target);
}

/**
 * How many cases in all would probably settle these against the target, if further ones have the same means and spread.
 * null when parity lies so near the target that 100,000 would not, or when there is no parity.
 */
export function casesToSettle(pairs: Pairs, target: number): number | null {
  if (pairs.length < 2) return null;
  const now = momentsOf(pairs);
  const settles = (n: number): boolean => {
    const scale = n / (now.n - 1);
    const limits = fieller({ ...now, n, ssCC: now.ssCC * scale, ssBB: now.ssBB * scale, ssCB: now.ssCB * scale });
    return limits !== null && (limits.lower >= target || limits.upper < target);
  };
  const found = firstCount((n) => n >= now.n && settles(n));
  return found === null ? null : Math.max(found, now.n + 1);
}
