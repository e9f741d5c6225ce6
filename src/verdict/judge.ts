/** Case results → the verdict of a suite for one candidate, and of a run. Verdict and exit code come from one table. */
import type { Bounds, CaseResult, SignOff, Suite, Verdict, VerdictReason } from '../record.ts';
import { casesToSettle, parityBounds, pValue } from './bounds.ts';
import { holm } from './holm.ts';
import { type Tally, tally } from './tally.ts';

/** What each reason means for the process; PASS has no reason. */
const EXIT_CODES: Record<VerdictReason, 1 | 3> = {
  below_target: 1,
  critical_case: 1,
  rejected: 1,
  inconclusive: 3,
  incomplete: 3,
};

/** 1 if any suite NEEDS_WORK by its answers, else 3 if any could not be judged, else 0; 2 when there is nothing to judge. */
export function exitCodeOf(verdicts: readonly Pick<Verdict, 'verdict' | 'reason'>[]): number {
  if (verdicts.length === 0) return 2;
  const codes = verdicts.map((v) => (v.verdict === 'PASS' && v.reason === null ? 0 : EXIT_CODES[v.reason ?? 'incomplete']));
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
}

type JudgedSuite = Pick<Suite, 'name' | 'capability' | 'baseline' | 'parity_target' | 'decision'>;

export interface Evidence {
  suite: JudgedSuite;
  candidate: string;
  /** gone through once */
  results: Iterable<CaseResult>;
  selfParity: Verdict['self_parity'];
  ceilingFrom: string;
  /** usable baseline samples of every case */
  samples: readonly number[];
  baselineLeftOut: Record<string, number>;
  /** what a person says of the suite as a whole; an approval changes no verdict */
  signOff?: SignOff | undefined;
}

/** PASS only if the lower bound reaches the target, no critical case failed hard, every case could be judged, and nobody rejected it. */
export function judge({ suite, candidate, results, selfParity, ceilingFrom, samples, baselineLeftOut, signOff }: Evidence): Verdict {
  const found = tally(results);
  const bounds = parityBounds(found.pairs);
  const settle = () => casesToSettle(found.pairs, suite.parity_target);
  const { reason, why } = decide(suite, found, bounds, settle, signOff);
  return {
    suite: suite.name,
    capability: suite.capability,
    baseline: suite.baseline,
    candidate,
    parity_target: suite.parity_target,
    decision: suite.decision,
    verdict: reason === null ? 'PASS' : 'NEEDS_WORK',
    reason,
    why,
    ...bounds,
    n: found.n,
    ...(samples.length > 0 && { samples: rangeOf(samples) }),
    p_value: pValue(found.pairs, suite.parity_target),
    cases_to_settle: reason === 'inconclusive' ? settle() : null,
    counts: found.counts,
    quality_score: found.quality_score,
    coverage: found.coverage,
    similarity: { ...found.similarity, ceiling_from: ceilingFrom },
    rungs: found.rungs,
    kpis: found.kpis,
    distribution: found.distribution,
    self_parity: selfParity,
    baseline_left_out: baselineLeftOut,
  };
}

/**
 * Fills in `p_holm`. No verdict changes: a gate asks for PASS of every suite, which is no easier with more of them (an intersection-union test:
 * Berger 1982, Technometrics 24:295). Who picks the best of several candidates needs it.
 */
export function withHolm(verdicts: readonly Verdict[]): Verdict[] {
  const adjusted = holm(verdicts.map(({ p_value }) => p_value ?? null));
  return verdicts.map((verdict, i) => ({ ...verdict, p_holm: adjusted[i] ?? null }));
}

/** The A/A control, from results in which one of the baseline's samples plays the candidate; null without any. */
export function selfParityOf(results: Iterable<CaseResult>): Verdict['self_parity'] {
  const { pairs, n } = tally(results);
  return n === 0 ? null : { ...parityBounds(pairs), n };
}

function rangeOf(counts: readonly number[]): { least: number; most: number } {
  return counts.reduce((range, n) => ({ least: Math.min(range.least, n), most: Math.max(range.most, n) }), {
    least: counts[0] ?? 0,
    most: 0,
  });
}

interface Decision {
  reason: VerdictReason | null;
  why: string;
}

function decide(suite: JudgedSuite, found: Tally, bounds: Bounds, settle: () => number | null, signOff?: SignOff): Decision {
  const target = suite.parity_target;
  if (signOff?.decision === 'reject') return { reason: 'rejected', why: `rejected by ${signOff.by}: ${signOff.reason}` };
  if (found.critical) return { reason: 'critical_case', why: `critical case "${found.critical.case}" failed: ${found.critical.why}` };
  if (found.incomplete)
    return {
      reason: 'incomplete',
      why: `${found.counts.incomplete} of ${found.n} cases could not be judged; the first: "${found.incomplete.case}", ${found.incomplete.why}`,
    };
  if (found.n === 0) {
    const { quarantined = 0 } = found.counts;
    return {
      reason: 'incomplete',
      why: quarantined === 0 ? 'there are no cases' : `no case counts: ${quarantined} in quarantine, no other`,
    };
  }
  if (bounds.parity === null)
    return { reason: 'incomplete', why: 'there is nothing to compare: the mean quality score of the baseline is 0' };
  return suite.decision === 'point' ? decideOnPoint(target, bounds.parity, found.n) : decideOnBounds(target, bounds, found.n, settle);
}

function decideOnPoint(target: number, parity: number, n: number): Decision {
  if (n < 2) return { reason: 'inconclusive', why: 'one case decides nothing' };
  const how = `the target ${show(target)} (decided on the point estimate, as the suite asks)`;
  if (parity >= target) return { reason: null, why: `parity ${show(parity)} reaches ${how}` };
  return { reason: 'below_target', why: `parity ${show(parity)} is below ${how}` };
}

function decideOnBounds(target: number, { parity, lower, upper }: Bounds, n: number, settle: () => number | null): Decision {
  if (lower === null || upper === null)
    return { reason: 'inconclusive', why: `the mean quality score of the baseline cannot be told from 0 with ${n} cases` };
  if (lower >= target)
    return { reason: null, why: `parity is at least ${showBound(lower, target, Math.floor)} (95 %), the target is ${show(target)}` };
  if (upper < target)
    return {
      reason: 'below_target',
      why: `parity is at most ${showBound(upper, target, Math.ceil)} (95 %), the target is ${show(target)}`,
    };
  const cases = settle();
  const hint =
    cases === null ? 'more cases of this kind would hardly settle it' : `about ${cases} cases in all would settle it at this spread`;
  return {
    reason: 'inconclusive',
    why: `parity ${show(parity ?? NaN)} has bounds ${showBound(lower, target, Math.floor)} to ${showBound(upper, target, Math.ceil)} around the target ${show(target)} with ${n} cases; ${hint}`,
  };
}

function show(value: number): string {
  return value.toFixed(3);
}

/** Three decimals, rounded outwards as in the reports, or as many as it takes to print on its own side of the target. */
function showBound(value: number, target: number, outwards: (x: number) => number): string {
  for (let digits = 3; digits < 7; digits++) {
    const text = (outwards(value * 10 ** digits) / 10 ** digits).toFixed(digits);
    if (Number(text) >= target === value >= target) return text;
  }
  return String(value);
}
