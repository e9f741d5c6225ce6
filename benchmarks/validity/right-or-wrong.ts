/** The worst that the rule can do on few closed questions: computed exactly, nothing is drawn. */
import { parityBounds } from '../../src/verdict/bounds.ts';

export const TARGETS = [0.7, 0.8, 0.85, 0.9, 0.95] as const;
export const COUNTS = [9, 15, 20, 30, 50, 100, 200] as const;
/** Every target that is tried for the worst one. */
const TRIED = Array.from({ length: 480 }, (_, i) => 0.5 + i / 1000);

export interface CountOutcome {
  n: number;
  /** chance of a PASS for a candidate whose parity is the target itself, by target; 0 where no answers would pass */
  falsePass: number[];
  worst: { target: number; falsePass: number };
}

/** The baseline is right in every case, the candidate in each with the chance of the target, independently. */
export function measureRightOrWrong(): CountOutcome[] {
  return COUNTS.map((n) => {
    const lower = Array.from({ length: n + 1 }, (_, right) => lowerBound(n, right));
    const chance = (target: number) => chanceOfPass(lower, target);
    const worst = TRIED.map((target) => ({ target, falsePass: chance(target) })).reduce((a, b) => (b.falsePass > a.falsePass ? b : a));
    return { n, falsePass: TARGETS.map(chance), worst };
  });
}

function lowerBound(n: number, right: number): number {
  const cases = Array.from({ length: n }, (_, i) => ({ candidate: i < right ? 1 : 0, baseline: 1 }));
  return parityBounds(cases).lower ?? -Infinity;
}

/** `lower` holds the lower bound for 0..n right answers. */
function chanceOfPass(lower: readonly number[], target: number): number {
  const n = lower.length - 1;
  const fewest = lower.findIndex((bound) => bound >= target);
  return fewest < 0 ? 0 : atLeast(n, fewest, target);
}

/** P(X >= k) for X binomial of n and p, 0 < p < 1. */
export function atLeast(n: number, k: number, p: number): number {
  let [logChoose, sum] = [0, 0];
  for (let i = 0; i <= n; i++) {
    if (i > 0) logChoose += Math.log((n - i + 1) / i);
    if (i >= k) sum += Math.exp(logChoose + i * Math.log(p) + (n - i) * Math.log(1 - p));
  }
  return Math.min(1, sum);
}
