/**
 * How often a verdict is wrong, on real pairs of models. The truth of a pair is its parity over all its cases; suites of n cases are drawn from
 * them with replacement by a fixed seed, and judged by the code that judges a run. A target is set at a distance from the truth.
 */
import { type Pair, parityBounds } from '../../src/verdict/bounds.ts';
import { type Interval, jackknife, mean, quantile, randomOf } from './statistics.ts';

/** True parity minus target. */
export const DISTANCES = [-0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1] as const;
export const SIZES = [20, 50, 100, 200] as const;
/** With these, every target tried lies in 0.5..1.5. */
const TRUTHS: Interval = { low: 0.6, high: 1.4 };

/** What two real models earned on the same cases. */
export interface Population {
  set: string;
  baseline: string;
  candidate: string;
  cases: Pair[];
}

export interface TruePair extends Population {
  truth: number;
}

/** Shares of the suites drawn, 0..1. What neither rule passes nor finds below the target is inconclusive. */
export interface Outcome {
  distance: number;
  bounds: { pass: number; below: number };
  point: { pass: number; below: number };
}

export interface PairOutcome {
  set: string;
  baseline: string;
  candidate: string;
  truth: number;
  outcomes: Outcome[];
  /** median distance of the lower bound below the truth */
  distance: number;
}

export interface SizeOutcome {
  n: number;
  /** means over the pairs */
  outcomes: Outcome[];
  /** PASS at the target, over the pairs */
  falsePass: {
    mean: number;
    /** 95 %, over the models: pairs share them (`jackknife`); null where there are too few */
    interval: Interval | null;
    worst: PairOutcome;
  };
  pairs: PairOutcome[];
  distance: number;
}

export interface VerdictErrors {
  pairs: number;
  /** models, counted anew in each set */
  models: number;
  resamples: number;
  sizes: SizeOutcome[];
}

/** The pairs whose true parity leaves room for every target. */
export function truePairs(populations: readonly Population[], truths: Interval = TRUTHS): TruePair[] {
  return populations.flatMap((population) => {
    const { parity } = parityBounds(population.cases);
    return parity !== null && parity >= truths.low && parity <= truths.high ? [{ ...population, truth: parity }] : [];
  });
}

/** Every ordered pair of models that answered the same cases; `scores` holds each model's, in one order. */
export function orderedPairs(set: string, scores: ReadonlyMap<string, readonly number[]>): Population[] {
  return [...scores].flatMap(([baseline, b]) =>
    [...scores]
      .filter(([candidate]) => candidate !== baseline)
      .map(([candidate, c]) => ({ set, baseline, candidate, cases: b.map((q, i) => ({ baseline: q, candidate: c[i] ?? 0 })) })),
  );
}

/** null where there is no pair. */
export function measureVerdictErrors(pairs: readonly TruePair[], resamples: number): VerdictErrors | null {
  if (pairs.length === 0) return null;
  const random = randomOf(1);
  const members = (pair: PairOutcome) => [`${pair.set}/${pair.baseline}`, `${pair.set}/${pair.candidate}`];
  const sizes = SIZES.map((n): SizeOutcome => {
    const found = pairs.map((pair) => drawn(pair, n, resamples, random));
    const passes = found.map((pair) => ({ value: atTarget(pair).bounds.pass, members: members(pair) }));
    const worst = found.reduce((a, b) => (atTarget(b).bounds.pass > atTarget(a).bounds.pass ? b : a));
    return {
      n,
      outcomes: DISTANCES.map((distance, i) =>
        meanOutcome(
          distance,
          found.map((pair) => pair.outcomes[i] as Outcome),
        ),
      ),
      falsePass: { mean: mean(passes.map((p) => p.value)), interval: jackknife(passes), worst },
      pairs: found,
      distance: quantile(
        found.map((pair) => pair.distance),
        0.5,
      ),
    };
  });
  return { pairs: pairs.length, models: new Set(sizes[0]?.pairs.flatMap(members)).size, resamples, sizes };
}

/** The outcome where the truth is the target itself. */
export function atTarget({ outcomes }: { outcomes: readonly Outcome[] }): Outcome {
  return outcomes.find(({ distance }) => distance === 0) as Outcome;
}

function drawn({ set, baseline, candidate, truth, cases }: TruePair, n: number, resamples: number, random: () => number): PairOutcome {
  const outcomes = DISTANCES.map((distance): Outcome => ({ distance, bounds: { pass: 0, below: 0 }, point: { pass: 0, below: 0 } }));
  const below: number[] = [];
  for (let k = 0; k < resamples; k++) {
    const { parity, lower, upper } = parityBounds(Array.from({ length: n }, () => cases[Math.floor(random() * cases.length)] as Pair));
    for (const { distance, bounds, point } of outcomes) {
      const target = truth - distance;
      if (parity === null) continue; // nothing to compare: `incomplete` under either rule
      point[parity >= target ? 'pass' : 'below'] += 1 / resamples;
      if (lower === null || upper === null) continue;
      if (lower >= target) bounds.pass += 1 / resamples;
      else if (upper < target) bounds.below += 1 / resamples;
    }
    if (lower !== null) below.push(truth - lower);
  }
  return { set, baseline, candidate, truth, outcomes, distance: quantile(below, 0.5) };
}

function meanOutcome(distance: number, outcomes: readonly Outcome[]): Outcome {
  const of = (rule: 'bounds' | 'point', end: 'pass' | 'below') => mean(outcomes.map((outcome) => outcome[rule][end]));
  return {
    distance,
    bounds: { pass: of('bounds', 'pass'), below: of('bounds', 'below') },
    point: { pass: of('point', 'pass'), below: of('point', 'below') },
  };
}
