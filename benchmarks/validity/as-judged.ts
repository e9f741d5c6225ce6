/** Holds the rule that the simulation counts with against `judge`, the code that writes a run's verdict. */
import type { CaseResult, ScorerResult } from '../../src/record.ts';
import { type Pair, parityBounds } from '../../src/verdict/bounds.ts';
import { judge } from '../../src/verdict/judge.ts';
import { randomOf } from './statistics.ts';
import type { TruePair } from './verdict-errors.ts';

const SUITES = 120;
const OFFSETS = [-0.1, -0.02, 0, 0.05, 0.1];

/** Number of suites on which both agree, under both rules; throws on the first where they do not. */
export function agreesWithJudge(pairs: readonly TruePair[]): number {
  const random = randomOf(2);
  for (let i = 0; i < SUITES; i++) {
    const { cases, truth } = pairs[i % pairs.length] as TruePair;
    const suite = Array.from({ length: 20 + (i % 3) * 40 }, () => cases[Math.floor(random() * cases.length)] as Pair);
    const target = truth - (OFFSETS[i % OFFSETS.length] ?? 0);
    const { parity, lower, upper } = parityBounds(suite);
    const byPoint = parity === null ? 'incomplete' : parity >= target ? null : 'below_target';
    const isBetween = lower === null || upper === null || upper >= target;
    const byBounds =
      parity === null ? 'incomplete' : lower !== null && lower >= target ? null : isBetween ? 'inconclusive' : 'below_target';
    for (const [decision, expected] of [['bounds', byBounds] as const, ['point', byPoint] as const]) {
      const { reason } = judge({
        suite: { name: 's', capability: 'c', baseline: 'b', parity_target: target, decision },
        candidate: 'c',
        results: suite.map(resultOf),
        selfParity: null,
        ceilingFrom: '',
        samples: [1],
        baselineLeftOut: {},
      });
      if (reason !== expected)
        throw new Error(`judge says ${reason ?? 'PASS'}, the simulation ${expected ?? 'PASS'}: suite ${i}, ${decision}`);
    }
  }
  return SUITES;
}

function resultOf({ baseline, candidate }: Pair, index: number): CaseResult {
  const hard: ScorerResult['hard'] = { baseline: [], candidate: [] };
  return {
    suite: 's',
    case: `case ${index}`,
    baseline: 'b',
    candidate: 'c',
    tags: [],
    critical: false,
    at: { file: 'validity', line: 1, column: 1 },
    verdict: 'PASS',
    reason: null,
    why: '',
    complete: true,
    quality_score: { baseline, candidate },
    coverage: { baseline, candidate },
    similarity: null,
    elements: [],
    reading: { baseline: null, candidate: null },
    hard_failures: hard,
    messages: [],
    answers: { baseline: [], candidate: [] },
  };
}
