import { expect, test } from 'vitest';
import { agreesWithJudge } from './as-judged.ts';
import { randomOf } from './statistics.ts';
import { atTarget, DISTANCES, measureVerdictErrors, orderedPairs, truePairs } from './verdict-errors.ts';

const random = randomOf(3);
const scores = (share: number) => Array.from({ length: 200 }, () => (random() < share ? 1 : 0));
const pairs = truePairs(orderedPairs('made up', new Map([0.8, 0.75, 0.7, 0.1].map((share, i) => [`m${i}`, scores(share)]))));

test('pairs are ordered, and those too far from parity are left out', () => {
  expect(pairs.map(({ baseline, candidate }) => `${baseline}${candidate}`).sort()).toEqual([
    'm0m1',
    'm0m2',
    'm1m0',
    'm1m2',
    'm2m0',
    'm2m1',
  ]);
});

test('the same seed gives the same rates, which rise with the distance and add up', () => {
  const found = measureVerdictErrors(pairs, 50);
  expect(found).toEqual(measureVerdictErrors(pairs, 50));
  for (const { outcomes } of found?.sizes ?? []) {
    for (const rule of ['bounds', 'point'] as const) {
      const passes = outcomes.map((outcome) => outcome[rule].pass);
      expect(passes).toEqual([...passes].sort((a, b) => a - b));
      for (const outcome of outcomes) expect(outcome[rule].pass + outcome[rule].below).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
  const last = found?.sizes.at(-1);
  expect(last?.outcomes.map(({ distance }) => distance)).toEqual([...DISTANCES]);
  expect(atTarget(last ?? { outcomes: [] }).bounds.pass).toBeLessThan(atTarget(last ?? { outcomes: [] }).point.pass);
});

test('no pair is no measurement', () => {
  expect(measureVerdictErrors([], 50)).toBeNull();
});

test('the rule that is counted with is the one that verdicts are made by', () => {
  expect(agreesWithJudge(pairs)).toBeGreaterThan(0);
});
