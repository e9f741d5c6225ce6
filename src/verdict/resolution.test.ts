import { expect, test } from 'vitest';
import { casesToProve, type Pair, parityBounds } from './bounds.ts';
import { casesToPass, sizeOf, smallestParity, spreadOf, USUAL_SPREAD } from './resolution.ts';

/** mulberry32 */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Share of simulated suites that PASS. */
function passRate(n: number, target: number, draw: (random: () => number) => Pair): number {
  const random = randomOf(7);
  const runs = 2000;
  let passed = 0;
  for (let run = 0; run < runs; run++) {
    const { lower } = parityBounds(Array.from({ length: n }, () => draw(random)));
    if (lower !== null && lower >= target) passed++;
  }
  return passed / runs;
}

test.each([
  [50, 0.85],
  [100, 0.85],
  [200, 0.9],
])('%d cases with a target of %d PASS as often as is said, by simulation', (n, target) => {
  for (const chance of [0.5, 0.8] as const) {
    const parity = smallestParity(n, target, USUAL_SPREAD, chance) ?? NaN;
    // two values with this mean and a standard deviation of 0.25, or of as much as fits below 1
    const sd = Math.min(0.25, Math.sqrt(parity * (1 - parity)));
    const [high, gap] = [1, 1 - parity];
    const share = sd ** 2 / (gap ** 2 + sd ** 2);
    const low = high - gap / (1 - share);
    const rate = passRate(n, target, (random) => ({ candidate: random() < share ? high : low, baseline: 1 }));
    // so near to 1 the scores are all but right and wrong, and few of them wrong: far from normal
    expect(Math.abs(rate - chance)).toBeLessThan(0.15);
  }
});

test.each([
  // scoring of 22 real models at a target: P(PASS) was 0.50, 0.84, 0.61 and 0.86 at this distance above it
  [20, 0.1, 0.5],
  [50, 0.1, 0.8],
  [100, 0.05, 0.5],
  [200, 0.05, 0.8],
] as const)('%d cases need about %d above the target for a chance of %d, as real models did', (n, distance, chance) => {
  expect(Math.abs((smallestParity(n, 0.85, USUAL_SPREAD, chance) ?? NaN) - 0.85 - distance)).toBeLessThan(0.01);
});

test('the worked numbers of the docstring', () => {
  expect(smallestParity(50, 0.85, USUAL_SPREAD, 0.5)).toBeCloseTo(0.918, 3);
  expect(smallestParity(50, 0.85, USUAL_SPREAD, 0.8)).toBeCloseTo(0.942, 3);
});

test('with fewer cases than a perfect candidate needs, no parity gets a PASS', () => {
  const needed = casesToProve(0.95) ?? NaN;
  expect(smallestParity(needed - 1, 0.95, USUAL_SPREAD, 0.5)).toBeNull();
  expect(smallestParity(needed, 0.95, USUAL_SPREAD, 0.5)).toBeLessThanOrEqual(1);
});

test('cases to PASS are the fewest that do, and none do at the target itself', () => {
  const n = casesToPass(0.9, 0.85, USUAL_SPREAD, 0.8) ?? NaN;
  expect(smallestParity(n, 0.85, USUAL_SPREAD, 0.8)).toBeLessThanOrEqual(0.9);
  expect(smallestParity(n - 1, 0.85, USUAL_SPREAD, 0.8)).toBeGreaterThan(0.9);
  expect(casesToPass(0.85, 0.85, USUAL_SPREAD, 0.5)).toBeNull();
});

test('the spread of real pairs: a candidate that moves with the baseline needs less', () => {
  const alike: Pair[] = Array.from({ length: 40 }, (_, i) => ({ baseline: i % 2, candidate: i % 20 === 0 ? 1 : i % 2 }));
  const apart: Pair[] = alike.map(({ baseline }, i) => ({ baseline, candidate: Number(i % 4 < 2) }));
  const [near, far] = [spreadOf(alike)!, spreadOf(apart)!];
  expect(near.baseline).toBeCloseTo(0.5, 12);
  expect(sizeOf(near, 1)).toBeLessThan(sizeOf(far, 1));
  expect(smallestParity(40, 0.85, near, 0.5)!).toBeLessThan(smallestParity(40, 0.85, far, 0.5)!);
});

test('one pair, or a baseline that is never right, has no spread', () => {
  expect(spreadOf([{ baseline: 1, candidate: 1 }])).toBeNull();
  expect(spreadOf([{ baseline: 0, candidate: 1 }, { baseline: 0, candidate: 0 }])).toBeNull(); // prettier-ignore
});
