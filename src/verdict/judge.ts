/** Case results → the verdict of a suite for one candidate, and of a run. Verdict and exit code come from one table. */
import type { Bounds, CaseResult, Rung, Suite, Verdict, VerdictReason } from '../record.ts';
import { casesToSettle, type Pair, parityBounds } from './bounds.ts';

/** What each reason means for the process; PASS has no reason. */
const EXIT_CODES: Record<VerdictReason, 1 | 3> = { below_target: 1, critical_case: 1, inconclusive: 3, incomplete: 3 };

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
  results: readonly CaseResult[];
  /** the baseline judged against itself: results in which one of its samples plays the candidate; [] with one sample */
  selfResults: readonly CaseResult[];
  ceilingFrom: string;
  baselineLeftOut: Record<string, number>;
}

/** PASS only if the lower bound reaches the target, no critical case failed hard, and every case could be judged. */
export function judge({ suite, candidate, results, selfResults, ceilingFrom, baselineLeftOut }: Evidence): Verdict {
  const pairs = pairsOf(results);
  const bounds = parityBounds(pairs);
  const settle = () => casesToSettle(pairs, suite.parity_target);
  const { reason, why } = decide(suite, results, bounds, settle);
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
    n: results.length,
    cases_to_settle: reason === 'inconclusive' ? settle() : null,
    counts: countsOf(results),
    quality_score: sides(results, (r) => r.quality_score),
    coverage: sides(results, (r) => r.coverage),
    similarity: similarityOf(results, ceilingFrom),
    rungs: { baseline: tally(results, (r) => r.reading.baseline), candidate: tally(results, (r) => r.reading.candidate) },
    self_parity: selfResults.length === 0 ? null : { ...parityBounds(pairsOf(selfResults)), n: selfResults.length },
    baseline_left_out: baselineLeftOut,
  };
}

interface Decision {
  reason: VerdictReason | null;
  why: string;
}

function decide(suite: JudgedSuite, results: readonly CaseResult[], bounds: Bounds, settle: () => number | null): Decision {
  const target = suite.parity_target;
  const critical = results.find((r) => r.critical && r.complete && r.hard_failures.candidate.length > 0);
  if (critical) return { reason: 'critical_case', why: `critical case "${critical.case}" failed: ${critical.why}` };
  const missing = results.filter((r) => !r.complete);
  if (missing[0])
    return {
      reason: 'incomplete',
      why: `${missing.length} of ${results.length} cases could not be judged; the first: "${missing[0].case}", ${missing[0].why}`,
    };
  if (bounds.parity === null)
    return { reason: 'incomplete', why: 'there is nothing to compare: the mean quality score of the baseline is 0' };
  if (suite.decision === 'point') {
    if (results.length < 2) return { reason: 'inconclusive', why: 'one case decides nothing' };
    if (bounds.parity >= target)
      return {
        reason: null,
        why: `parity ${show(bounds.parity)} reaches the target ${show(target)} (decided on the point estimate, as the suite asks)`,
      };
    return {
      reason: 'below_target',
      why: `parity ${show(bounds.parity)} is below the target ${show(target)} (decided on the point estimate, as the suite asks)`,
    };
  }
  return decideOnBounds(target, bounds, results.length, settle);
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

function pairsOf(results: readonly CaseResult[]): Pair[] {
  return results.flatMap(({ quality_score: { candidate, baseline } }) =>
    candidate === null || baseline === null ? [] : [{ candidate, baseline }],
  );
}

/** A mean over anything unscored is null. */
function mean(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}

/** The mean of those that have a value; null when none has. Only for figures shown beside the share that has none. */
function meanOfKnown(values: readonly (number | null | undefined)[]): number | null {
  return mean(values.filter((value) => value !== null && value !== undefined));
}

function sides(results: readonly CaseResult[], of: (r: CaseResult) => { baseline: number | null; candidate: number | null }) {
  return { baseline: mean(results.map((r) => of(r).baseline)), candidate: mean(results.map((r) => of(r).candidate)) };
}

function tally<K extends Rung>(results: readonly CaseResult[], of: (r: CaseResult) => K | null): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const result of results) {
    const key = of(result);
    if (key !== null) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function countsOf(results: readonly CaseResult[]): Verdict['counts'] {
  const hard: Record<string, number> = {};
  for (const { kind } of results.flatMap((r) => r.hard_failures.candidate)) hard[kind] = (hard[kind] ?? 0) + 1;
  return {
    pass: results.filter((r) => r.complete && r.verdict === 'PASS').length,
    needs_work: results.filter((r) => r.complete && r.verdict === 'NEEDS_WORK').length,
    incomplete: results.filter((r) => !r.complete).length,
    hard_failures: hard,
  };
}

function similarityOf(results: readonly CaseResult[], ceilingFrom: string): Verdict['similarity'] {
  const parts = results.flatMap((r) => (r.similarity ? [r.similarity.m, r.similarity.f] : []));
  const scored = results.filter((r) => r.similarity !== null);
  return {
    candidate: meanOfKnown(results.map((r) => r.similarity?.value)),
    raw: meanOfKnown(parts.map((p) => p.raw)),
    floor: meanOfKnown(parts.map((p) => p.floor)),
    ceiling: meanOfKnown(parts.map((p) => p.ceiling)),
    ceiling_from: ceilingFrom,
    not_informative: scored.length === 0 ? null : scored.filter((r) => r.similarity?.value === null).length / scored.length,
  };
}
