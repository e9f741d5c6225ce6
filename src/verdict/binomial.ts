/**
 * Exact one-sided bounds of a share (C. J. Clopper & E. S. Pearson 1934, "The use of confidence or fiducial limits illustrated in the
 * case of the binomial", Biometrika 26:404): the lower bound is the share at which so many successes or more have probability 5 %.
 * Worked: 598 of 598 → lower 0.05^(1/598) = 0.99500, 597 of 597 → 0.99499; so 598 probes without a failure are the fewest that show 99.5 %.
 */
const MISS = 0.05;

/** Each bound holds with 95 %; 0..1. `n` ≥ 1, 0 ≤ successes ≤ n. */
export function shareBounds(successes: number, n: number): { lower: number; upper: number } {
  const failures = n - successes;
  return { lower: 1 - highestRate(failures, n), upper: highestRate(successes, n) };
}

/** The rate at which `events` or fewer of n have probability 5 %. */
function highestRate(events: number, n: number): number {
  if (events >= n) return 1;
  let [low, high] = [events / n, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(events, n, middle) > MISS) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X ≤ events) of the binomial distribution, summed from the largest term down; terms are taken in logarithms, so that n may be large. */
function atMost(events: number, n: number, rate: number): number {
  if (rate <= 0) return 1;
  if (rate >= 1) return 0;
  const odds = Math.log(rate) - Math.log1p(-rate);
  let term = n * Math.log1p(-rate);
  let sum = Math.exp(term);
  for (let k = 1; k <= events; k++) {
    term += Math.log(n - k + 1) - Math.log(k) + odds;
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
