/** Results of two runs, or of two candidates → what changed, suite by suite, paired by case. */
import type { CaseResult, Comparison, ComparisonOutcome, Move } from '../record.ts';
import { contentOf, digest } from './content.ts';
import { casesToExclude, pairedDifference } from './difference.ts';
import { holm } from './holm.ts';

/** The results of one candidate in one suite; gone through once. */
export interface Side {
  run: string;
  candidate: string;
  results: Iterable<CaseResult>;
}

export interface Pairing {
  suite: string;
  before: Side;
  after: Side;
}

const LEVEL = 0.05;
const MOST_MOVES = 10;

/** One comparison a pairing, same order. Holm's step-down keeps the chance of crying wolf over all of them at 5 %. */
export function comparePairings(pairings: readonly Pairing[], margin: number): Comparison[] {
  const compared = pairings.map((pairing) => compareCases(pairing, margin));
  const adjusted = holm(compared.map(({ p_regressed }) => p_regressed));
  return compared.map((one, i) => {
    const p_holm = adjusted[i] ?? null;
    const outcome = outcomeOf(one, p_holm);
    return { ...one, p_holm, outcome, why: explain(one, outcome, p_holm) };
  });
}

/** 1 if anything regressed, else 3 if anything cannot be told, else 0; 2 when nothing was compared. */
export function comparisonExitCode(comparisons: readonly Pick<Comparison, 'outcome'>[]): number {
  const outcomes = comparisons.map(({ outcome }) => outcome);
  if (outcomes.length === 0) return 2;
  return outcomes.includes('regressed') ? 1 : outcomes.includes('cannot_tell') ? 3 : 0;
}

/** What is kept of a case until its partner comes by. */
interface Kept {
  quality: number | null;
  verdict: CaseResult['verdict'];
  /** of what was asked and expected: cases that differ in it are not the same case */
  content: string;
  answer: string;
}

function keep(result: CaseResult): Kept {
  const [first] = result.answers.candidate;
  return {
    quality: result.quality_score.candidate,
    verdict: result.verdict,
    content: contentOf(result),
    answer: digest(first?.answer ?? null),
  };
}

type Compared = Omit<Comparison, 'outcome' | 'why' | 'p_holm'>;

function compareCases({ suite, before, after }: Pairing, margin: number): Compared {
  const earlier = new Map<string, Kept>();
  for (const result of before.results) earlier.set(result.case, keep(result));
  const left_out = { only_before: 0, only_after: 0, changed: 0, unscored: 0 };
  const transitions = { fixed: 0, broken: 0, still_pass: 0, still_needs_work: 0 };
  const moves: Move[] = [];
  let same_answers = 0;
  for (const result of after.results) {
    const [was, is] = [earlier.get(result.case), keep(result)];
    earlier.delete(result.case);
    if (!was) left_out.only_after++;
    else if (was.content !== is.content) left_out.changed++;
    else if (was.quality === null || is.quality === null) left_out.unscored++;
    else {
      transitions[transitionOf(was.verdict, is.verdict)]++;
      if (was.answer === is.answer) same_answers++;
      moves.push({ case: result.case, before: was.quality, after: is.quality, at: result.at });
    }
  }
  left_out.only_before = earlier.size;
  const differences = moves.map((move) => move.after - move.before);
  const found = pairedDifference(differences);
  const bySize = [...moves].sort((a, b) => a.after - a.before - (b.after - b.before));
  return {
    suite,
    before: { run: before.run, candidate: before.candidate },
    after: { run: after.run, candidate: after.candidate },
    n: moves.length,
    left_out,
    same_answers,
    quality_score: { before: meanOf(moves.map((move) => move.before)), after: meanOf(moves.map((move) => move.after)) },
    difference: { mean: meanOf(differences), lower: found?.lower ?? null, upper: found?.upper ?? null },
    margin,
    p_regressed: found?.pFell ?? null,
    cases_to_tell: found !== null && same_answers < moves.length && found.lower <= -margin ? casesToExclude(differences, margin) : null,
    transitions,
    losses: bySize.filter((move) => move.after < move.before).slice(0, MOST_MOVES),
    gains: bySize
      .filter((move) => move.after > move.before)
      .reverse()
      .slice(0, MOST_MOVES),
  };
}

function transitionOf(before: CaseResult['verdict'], after: CaseResult['verdict']): keyof Comparison['transitions'] {
  if (before === after) return after === 'PASS' ? 'still_pass' : 'still_needs_work';
  return after === 'PASS' ? 'fixed' : 'broken';
}

function outcomeOf(one: Compared, pHolm: number | null): ComparisonOutcome {
  if (isUnchanged(one)) return 'no_worse';
  const { lower } = one.difference;
  if (lower === null || pHolm === null) return 'cannot_tell';
  if (pHolm <= LEVEL) return 'regressed';
  if (lower > 0) return 'improved';
  return lower > -one.margin ? 'no_worse' : 'cannot_tell';
}

/** The very same answers with the very same scores: there is nothing to infer. */
function isUnchanged({ n, same_answers, losses, gains }: Compared): boolean {
  return n > 0 && same_answers === n && losses.length + gains.length === 0;
}

function explain(one: Compared, outcome: ComparisonOutcome, pHolm: number | null): string {
  const { difference, n, margin, p_regressed, cases_to_tell } = one;
  if (isUnchanged(one)) return `nothing changed: ${n === 1 ? 'the one answer is' : `all ${n} answers are`} the same`;
  const { mean, lower, upper } = difference;
  if (mean === null || lower === null || upper === null) return `${n === 0 ? 'no case' : 'one case'} in common decides nothing`;
  const bounds = `${points(lower)} to ${points(upper)} points`;
  if (outcome === 'regressed') return `quality fell by ${points(-mean)} points on ${n} cases (${bounds}, p ${p(pHolm)} after Holm)`;
  if (outcome === 'improved') return `quality rose by ${points(mean)} points on ${n} cases (${bounds})`;
  if (outcome === 'no_worse')
    return `a loss of more than ${points(margin)} points is excluded: ${points(mean)} points on ${n} cases (${bounds})`;
  const alone = p_regressed !== null && p_regressed <= LEVEL ? '; alone it would count as regressed, among the others not' : '';
  const more = cases_to_tell === null ? '' : `; about ${cases_to_tell} cases in all would tell`;
  return `${points(mean)} points on ${n} cases (${bounds}): a loss of ${points(margin)} points is not excluded${alone}${more}`;
}

/** A share of 1 as points of 100. */
const points = (value: number): string => (value * 100).toFixed(1);
const p = (value: number | null): string => (value === null ? 'unknown' : value < 0.001 ? '< 0.001' : value.toFixed(3));

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
