/** What the gate must never do, over random tables of outcomes: verdict and exit code come from the same evidence. */
import { describe, expect, test } from 'vitest';
import type { CaseResult, SignOff, Verdict } from '../record.ts';
import { exitCodeOf, judge } from './judge.ts';
import { drawTable, type Drawn, pick, type Random, randomOf, resultOf } from './random-results.ts';
import { answerHash, type ReviewedCase, reviewing } from './review.ts';

const TABLES = 400;
const TARGETS = [0.85, 0.9, 0.95];

function judged(results: Iterable<CaseResult>, target: number, signOff?: SignOff): Verdict & { code: number } {
  const suite = { name: 's', capability: 'general', baseline: 'b', parity_target: target, decision: 'bounds' as const };
  const verdict = judge({ suite, candidate: 'c', results, selfParity: null, ceilingFrom: '', samples: [1], baselineLeftOut: {}, signOff });
  return { ...verdict, code: exitCodeOf([verdict]) };
}

/** Runs `check` on tables of which seed and content can be had again, and tells of how many it said something. */
function overTables(draw: (random: Random) => Drawn[], check: (results: CaseResult[], random: Random) => boolean | void): number {
  let spoke = 0;
  for (let seed = 1; seed <= TABLES; seed++) {
    const random = randomOf(seed);
    try {
      if (check(draw(random).map(resultOf), random) !== false) spoke++;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  return spoke;
}

const counting = (results: readonly CaseResult[]) => results.filter(({ quarantine }) => !quarantine);
const acceptedBy = (results: readonly CaseResult[], decision: 'accept' | 'reject'): ReviewedCase[] =>
  results.map((one) => ({
    ...{ suite: 's', candidate: 'c', case: one.case, answer: answerHash(one), decision },
    ...{ reason: 'r', note: '', by: 'Ann', at: '2026-11-25T12:00:00Z' },
  }));
const folded = (results: readonly CaseResult[], cases: ReviewedCase[]) => [...reviewing({ cases, sign_offs: [] }).fold(results)];

describe('over random tables of outcomes', () => {
  test('PASS and exit code 0 are one, and so are every reason and its code', () => {
    const codes = { below_target: 1, critical_case: 1, rejected: 1, inconclusive: 3, incomplete: 3 };
    const seen = new Set<string>();
    overTables(drawTable, (results, random) => {
      const { verdict, reason, code } = judged(results, pick(random, TARGETS));
      expect(code === 0).toBe(verdict === 'PASS');
      expect(code).toBe(reason === null ? 0 : codes[reason]);
      seen.add(String(reason));
    });
    // a generator that never draws a verdict proves nothing about it
    expect([...seen].sort()).toEqual(['below_target', 'critical_case', 'incomplete', 'inconclusive', 'null']);
  });

  test('a candidate whose parity is below the target never exits 0', () => {
    const spoke = overTables(drawTable, (results, random) => {
      const target = pick(random, TARGETS);
      const { parity, code } = judged(results, target);
      if (parity === null || parity >= target) return false;
      expect(code).not.toBe(0);
      return true;
    });
    expect(spoke).toBeGreaterThan(TABLES / 10);
  });

  test('a run with a case that could not be judged never exits 0', () => {
    const spoke = overTables(drawTable, (results, random) => {
      if (counting(results).every(({ complete }) => complete)) return false;
      expect(judged(results, pick(random, TARGETS)).code).not.toBe(0);
      return true;
    });
    expect(spoke).toBeGreaterThan(TABLES / 10);
  });

  test('a candidate that is perfect beside a baseline that fails never exits 1', () => {
    const weakBaseline = (random: Random): Drawn[] =>
      drawTable(random).map(({ samples = 1 }) => ({ baseline: random() < 0.5 ? 0 : random(), candidate: 1, samples }));
    overTables(weakBaseline, (results, random) => {
      expect(judged(results, pick(random, TARGETS)).code).not.toBe(1);
    });
  });

  test('a critical case that failed hard never exits 0, however good the rest', () => {
    overTables(drawTable, (results, random) => {
      const failed = resultOf({ baseline: 1, candidate: 1, hard: true, critical: true }, results.length);
      expect(judged([...results, failed], pick(random, TARGETS)).code).toBe(1);
    });
  });

  test('a quarantined case counts as if it were not there, whatever it is', () => {
    const spoke = overTables(drawTable, (results, random) => {
      const target = pick(random, TARGETS);
      const { counts, ...withThem } = judged(results, target);
      const { counts: others, ...without } = judged(counting(results), target);
      const { quarantined = 0, ...rest } = counts;
      expect(rest).toEqual(others);
      expect(quarantined).toBe(results.length - counting(results).length);
      if (counting(results).length > 0) expect(withThem).toEqual(without);
      else expect(withThem).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'incomplete', n: 0 });
      return quarantined > 0;
    });
    expect(spoke).toBeGreaterThan(TABLES / 2);
  });

  test('accepting a case never takes a PASS away, and never lowers parity', () => {
    let changed = 0;
    overTables(drawTable, (results, random) => {
      const target = pick(random, TARGETS);
      const before = judged(results, target);
      const some = results.filter(() => random() < 0.2);
      const after = judged(folded(results, acceptedBy(some, 'accept')), target);
      if (before.verdict === 'PASS') expect(after.verdict).toBe('PASS');
      expect(after.parity ?? 0).toBeGreaterThanOrEqual((before.parity ?? 0) - 1e-12);
      expect(after.counts.incomplete).toBe(before.counts.incomplete);
      if (after.verdict !== before.verdict) changed++;
    });
    expect(changed).toBeGreaterThan(0);
  });

  test('rejecting a case never brings a PASS, and rejecting all of them never passes', () => {
    overTables(drawTable, (results, random) => {
      const target = pick(random, TARGETS);
      const before = judged(results, target);
      const some = results.filter(() => random() < 0.2);
      if (before.verdict !== 'PASS') expect(judged(folded(results, acceptedBy(some, 'reject')), target).verdict).not.toBe('PASS');
      expect(judged(folded(results, acceptedBy(results, 'reject')), target).code).not.toBe(0);
    });
  });

  test('an approval changes nothing, a rejection always exits 1', () => {
    const signOff = { suite: 's', candidate: 'c', by: 'Ann', reason: 'r', at: '2026-11-25T12:00:00Z' };
    overTables(drawTable, (results, random) => {
      const target = pick(random, TARGETS);
      expect(judged(results, target, { ...signOff, decision: 'approve' })).toEqual(judged(results, target));
      expect(judged(results, target, { ...signOff, decision: 'reject' })).toMatchObject({ reason: 'rejected', code: 1 });
    });
  });

  test('of several verdicts the worst decides: 1 before 3 before 0', () => {
    overTables(drawTable, (results, random) => {
      const all = Array.from({ length: 1 + Math.floor(random() * 4) }, () => judged(results.filter(() => random() < 0.8), pick(random, TARGETS))); // prettier-ignore
      const codes = all.map(({ code }) => code);
      expect(exitCodeOf(all)).toBe(codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0);
    });
  });
});
