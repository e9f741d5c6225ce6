/**
 * Student's t for whole degrees of freedom, where its distribution is a finite sum.
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
 */

/** P(|T| <= t) for T with `df` degrees of freedom (a whole number >= 1), t >= 0. */
function centralProbability(t: number, df: number): number {
  const theta = Math.atan(t / Math.sqrt(df));
  const cos2 = Math.cos(theta) ** 2;
  const isOdd = df % 2 === 1;
  // odd: cosθ + (2/3)cos³θ + (2·4)/(3·5)cos⁵θ + … ; even: 1 + (1/2)cos²θ + (1·3)/(2·4)cos⁴θ + …
  let term = isOdd ? Math.cos(theta) : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= df - 2; k += 2) {
    term *= (cos2 * (k - 1)) / k;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}

/** P(T <= t) for T with `df` degrees of freedom (a whole number >= 1). Worked number: P(T <= 1.859548) is 0.95 for 8. */
export function tProbability(t: number, df: number): number {
  const central = centralProbability(Math.abs(t), df);
  return t < 0 ? (1 - central) / 2 : (1 + central) / 2;
}

/**
 * The `probability` quantile (0.5 < probability < 1) of Student's t with `df` degrees of freedom.
 * Bisection to the last bit. Worked numbers: t(0.95, 8) = 1.859548, t(0.95, 26) = 1.705618.
 */
export function tQuantile(probability: number, df: number): number {
  const central = 2 * probability - 1;
  let low = 0;
  let high = 1;
  while (centralProbability(high, df) < central) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return high;
    if (centralProbability(middle, df) < central) low = middle;
    else high = middle;
  }
}

/** P(T > t) for T with `df` degrees of freedom (a whole number >= 1); any t. Good to 1e-15, not to digits of a smaller probability. */
export function upperTail(t: number, df: number): number {
  const central = centralProbability(Math.abs(t), df);
  return t >= 0 ? (1 - central) / 2 : (1 + central) / 2;
}
