/**
 * What people decided of cases and suites, folded into what the scorers said: docs/decisions/0006-gate.md.
 *
 *   accept   q_c = max(q_c, q_b): as good as the baseline, never worse than it was scored; hard failures stay listed and no longer count
 *   reject   q_c = 0; in a case marked critical this is a hard failure
 *
 * A decision holds for the answer that was looked at, by the sha256 of its text. Of several that hold, the newest counts.
 */
import { createHash } from 'node:crypto';
import type { CaseResult, CaseReview, RunRecord, RunView, SignOff, Verdict } from '../record.ts';
import { exitCodeOf, judge, withHolm } from './judge.ts';

/** A decision or a note on one case, as a review file has it. */
export interface ReviewedCase extends Omit<CaseReview, 'scored'> {
  suite: string;
  candidate: string;
  case: string;
  /** sha256, hex, of the text of the candidate's first answer in UTF-8 */
  answer: string;
}

export interface Reviews {
  cases: readonly ReviewedCase[];
  sign_offs: readonly SignOff[];
}

type Summary = NonNullable<RunRecord['review']>;
type LeftOut = NonNullable<Summary['left_out']>[number];

/** Reviews at work on one run, suite by suite. */
export interface Reviewing {
  /** the results with the decisions on them, in the same order; to be gone through once */
  fold: (results: Iterable<CaseResult>) => Generator<CaseResult>;
  signOff: (suite: string, candidate: string) => SignOff | undefined;
  /** what was folded in so far; undefined where nothing was */
  summary: (verdicts: readonly Verdict[]) => Summary | undefined;
}

export function reviewing(reviews: Reviews): Reviewing {
  const byCase = grouped(reviews.cases, (one) => [one.suite, one.candidate, one.case]);
  const bySuite = grouped(reviews.sign_offs, (one) => [one.suite, one.candidate]);
  const by = new Set<string>();
  const leftOut: LeftOut[] = [];
  const counts = { accepted: 0, rejected: 0, expired: 0 };
  const signOff = (suite: string, candidate: string) => bySuite.get(keyOf([suite, candidate]))?.[0];
  return {
    *fold(results) {
      for (const result of results) {
        const found = byCase.get(keyOf([result.suite, result.candidate, result.case])) ?? [];
        const folded = reviewCase(result, found);
        if (folded.outcome !== null) counts[folded.outcome]++;
        if (folded.leftOut) leftOut.push(folded.leftOut);
        if (folded.result.review) by.add(folded.result.review.by);
        yield folded.result;
      }
    },
    signOff,
    summary(verdicts) {
      const sign_offs = verdicts.flatMap(({ suite, candidate }) => signOff(suite, candidate) ?? []);
      for (const one of sign_offs) by.add(one.by);
      if (by.size === 0 && leftOut.length === 0) return undefined;
      return { by: [...by].sort(), ...counts, sign_offs, ...(leftOut.length > 0 && { left_out: leftOut }) };
    },
  };
}

interface Folded {
  result: CaseResult;
  /** null for a note alone, and for a decision that counts for another reason than its age */
  outcome: 'accepted' | 'rejected' | 'expired' | null;
  leftOut: LeftOut | null;
}

/** One result with what was decided of it; an earlier review is taken off first. `found`: all that is known of the case, newest first. */
export function reviewCase(reviewed: CaseResult, found: readonly ReviewedCase[]): Folded {
  const result = asScored(reviewed);
  const answer = answerHash(result);
  const holding = found.filter((one) => one.answer === answer);
  const decided = holding.find(({ decision }) => decision !== null) ?? null;
  if (decided !== null && result.complete) return { ...decide(result, decided), leftOut: null };
  const [note] = holding.filter(({ decision }) => decision === null);
  const noted = note === undefined ? result : { ...result, review: reviewOf(note) };
  const unheeded = decided ?? found.find(({ decision }) => decision !== null);
  if (unheeded === undefined) return { result: noted, outcome: null, leftOut: null };
  const why = decided === null ? 'the answer is another one since' : `the case could not be judged: ${result.why}`;
  return { result: noted, outcome: decided === null ? 'expired' : null, leftOut: leftOutOf(unheeded, why) };
}

function decide(result: CaseResult, one: ReviewedCase): Pick<Folded, 'result' | 'outcome'> {
  const { verdict, reason, why, quality_score } = result;
  const review = { ...reviewOf(one), scored: { candidate: quality_score.candidate, verdict, reason, why } };
  if (one.decision === 'accept') {
    const candidate = Math.max(quality_score.candidate ?? 0, quality_score.baseline ?? 0);
    const accepted = { verdict: 'PASS', reason: null, why: `accepted by ${one.by}: ${one.reason}` } as const;
    return { result: { ...result, ...accepted, quality_score: { ...quality_score, candidate }, review }, outcome: 'accepted' };
  }
  const rejected = { verdict: 'NEEDS_WORK', reason: 'rejected', why: `rejected by ${one.by}: ${one.reason}` } as const;
  return { result: { ...result, ...rejected, quality_score: { ...quality_score, candidate: 0 }, review }, outcome: 'rejected' };
}

/** The result as the scorers left it: no review is lost work, none is for ever. */
export function asScored({ review, ...result }: CaseResult): CaseResult {
  if (review?.scored === undefined) return result;
  const { candidate, ...label } = review.scored;
  return { ...result, ...label, quality_score: { ...result.quality_score, candidate } };
}

/** sha256, hex, of the text of the candidate's first answer; that of '' where there is none. */
export function answerHash({ answers }: CaseResult): string {
  return createHash('sha256')
    .update(answers.candidate[0]?.answer ?? '')
    .digest('hex');
}

/** A finished run judged anew. `folded`: its results with the decisions on them, once `reviewing.fold` has seen them all. */
export function rejudge({ record, results: folded }: RunView, reviews: Reviewing): RunRecord {
  const verdicts = record.verdicts.map((before) => ({
    ...before,
    ...judge({
      suite: { ...before, name: before.suite },
      candidate: before.candidate,
      results: ofVerdict(folded, before),
      selfParity: before.self_parity,
      ceilingFrom: before.similarity.ceiling_from,
      samples: before.samples === undefined ? [] : [before.samples.least, before.samples.most],
      baselineLeftOut: before.baseline_left_out,
      signOff: reviews.signOff(before.suite, before.candidate),
    }),
  }));
  const review = reviews.summary(verdicts);
  const judged = { ...record, verdicts: withHolm(verdicts), exit_code: exitCodeOf(verdicts) };
  delete judged.review;
  return review === undefined ? judged : { ...judged, review };
}

function* ofVerdict(results: Iterable<CaseResult>, { suite, candidate }: Verdict): Generator<CaseResult> {
  for (const result of results) if (result.suite === suite && result.candidate === candidate) yield result;
}

const reviewOf = ({ decision, by, reason, note, at }: ReviewedCase): CaseReview => ({ decision, by, reason, note, at });
const leftOutOf = (one: ReviewedCase, why: string): LeftOut => {
  const { suite, candidate, case: name, by, decision } = one;
  return { suite, candidate, case: name, decision: decision ?? 'reject', by, why };
};

const keyOf = (names: readonly string[]): string => JSON.stringify(names);

/** Newest first. Of two at one time the stricter counts, so that the order of files does not. */
function grouped<T extends { decision: string | null; at: string }>(all: readonly T[], names: (one: T) => string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  const strictness = ({ decision }: T) => (decision === 'reject' ? 0 : 1);
  const sorted = [...all].sort(
    (a, b) => Date.parse(b.at) - Date.parse(a.at) || strictness(a) - strictness(b) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
  );
  for (const one of sorted) {
    const key = keyOf(names(one));
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
