/** The few statistics that the measurements share. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which a share `p` (0..1) of the values lies: the nearest one, none made up. NaN for no values. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
}

/** Rank of each value from 1; tied values share their mean rank. */
export function ranks(values: readonly number[]): number[] {
  return values.map((v) => values.filter((w) => w < v).length + (values.filter((w) => w === v).length + 1) / 2);
}

/** Spearman's rank correlation, -1..1: Pearson's of the ranks. NaN where one side has only ties. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [ranks(x), ranks(y)];
  const middle = (x.length + 1) / 2;
  const product = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + (value - middle) * ((v[i] ?? NaN) - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

export interface Interval {
  low: number;
  high: number;
}

const Z = 1.959964;

/** 95 % interval of a share (E. B. Wilson 1927, JASA 22:209). For no trials, everything: 0..1. */
export function wilson(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const centre = (share + Z ** 2 / (2 * trials)) / (1 + Z ** 2 / trials);
  const half = (Z / (1 + Z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * 95 % interval of the mean of values that share members, such as the rates of pairs that share models: the jackknife that leaves out one
 * member, and every value it has a part in, at a time (B. Efron 1982, The Jackknife, section 3). `null` for fewer than 3 members.
 */
export function jackknife(values: readonly { value: number; members: readonly string[] }[]): Interval | null {
  const members = [...new Set(values.flatMap((v) => v.members))];
  const rests = members.map((member) => values.filter((v) => !v.members.includes(member)).map((v) => v.value));
  if (members.length < 3 || rests.some((rest) => rest.length === 0)) return null;
  const means = rests.map(mean);
  const centre = mean(means);
  const error = Math.sqrt(((members.length - 1) / members.length) * means.reduce((sum, m) => sum + (m - centre) ** 2, 0));
  const all = mean(values.map((v) => v.value));
  return { low: all - Z * error, high: all + Z * error };
}

/** mulberry32: numbers in 0..1 by a seed; small, and good enough to draw cases. */
export function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The same items in an order that the seed decides (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
