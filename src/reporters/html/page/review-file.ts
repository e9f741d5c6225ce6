/** What a reviewer decides, as `review.json` holds it: plain values, their checks and their order. No DOM here. */
import type { CaseReview, SignOff } from '../../../record.ts';

export interface CaseDecision extends CaseReview {
  suite: string;
  candidate: string;
  case: string;
  /** sha256 of the answer that was looked at; '' when there was none */
  answer: string;
}

export interface Review {
  format: 1;
  run: string;
  reviewer: string;
  cases: CaseDecision[];
  sign_offs: SignOff[];
}

export const noReview = (run: string): Review => ({ format: 1, run, reviewer: '', cases: [], sign_offs: [] });

type Named = { suite: string; candidate: string; case?: string };
const keyOf = (of: Named) => JSON.stringify([of.suite, of.candidate, of.case ?? null]);
export const isOf = (a: Named, b: Named) => a.case === b.case && a.suite === b.suite && a.candidate === b.candidate;

const inOrder = (a: Named, b: Named) => {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : Number(left > right);
};

/** Puts one decision into a list, in place of the one of the same thing; null takes that away. */
export function withDecision<T extends Named>(list: readonly T[], key: Named, decision: T | null): T[] {
  return [...list.filter((other) => !isOf(other, key)), ...(decision === null ? [] : [decision])].sort(inOrder);
}

/** Why a case's decision cannot be saved, as a sentence; null when it can. */
export function problemOf({ decision, reason, note, by }: Pick<CaseReview, 'decision' | 'reason' | 'note' | 'by'>): string | null {
  if (by.trim() === '') return 'Say who you are: a review needs a name.';
  if (decision !== null && reason.trim() === '') return 'Give a reason: a decision without one cannot be saved.';
  if (decision === null && note.trim() === '') return 'Choose a decision or write a note.';
  return null;
}

/** The same review gives the same text. */
export function reviewText({ run, reviewer, cases, sign_offs }: Review): string {
  const file: Review = {
    format: 1,
    run,
    reviewer,
    cases: [...cases].sort(inOrder).map(({ suite, candidate, case: name, answer, decision, reason, note, by, at }) => ({
      ...{ suite, candidate, case: name, answer, decision, reason, note, by, at },
    })),
    sign_offs: [...sign_offs]
      .sort(inOrder)
      .map(({ suite, candidate, decision, reason, by, at }) => ({ suite, candidate, decision, reason, by, at })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const hasTexts = (of: Fields, names: string[]) => names.every((name) => typeof of[name] === 'string');
const TEXTS = ['suite', 'candidate', 'reason', 'by', 'at'];

const isCase = (of: unknown) =>
  isFields(of) &&
  hasTexts(of, [...TEXTS, 'case', 'answer', 'note']) &&
  (of['decision'] === null || of['decision'] === 'accept' || of['decision'] === 'reject');
const isSignOff = (of: unknown) => isFields(of) && hasTexts(of, TEXTS) && (of['decision'] === 'approve' || of['decision'] === 'reject');

/** Reads the text of a `review.json`. Throws an Error that says in a sentence what is wrong with it. */
export function readReview(text: string, run: string): Review {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('This is not JSON; choose a review.json that a report has saved.');
  }
  if (!isFields(value) || value['format'] !== 1 || !hasTexts(value, ['run', 'reviewer'])) {
    throw new Error('This is no review of format 1; choose a review.json that a report has saved.');
  }
  const { cases, sign_offs } = value;
  if (!Array.isArray(cases) || !cases.every(isCase) || !Array.isArray(sign_offs) || !sign_offs.every(isSignOff)) {
    throw new Error('An entry of this review is not as it should be; nothing was taken over.');
  }
  if (value['run'] !== run) throw new Error(`This is a review of another run, ${String(value['run'])}; nothing was taken over.`);
  return value as unknown as Review;
}

/** Both reviews as one; of two decisions of the same thing the newer holds. */
export function merged(own: Review, other: Review): Review {
  const newest = <T extends Named & { at: string }>(a: readonly T[], b: readonly T[]) =>
    b.reduce<T[]>(
      (list, one) => {
        const known = list.find((mine) => isOf(mine, one));
        return known !== undefined && known.at >= one.at ? list : withDecision(list, one, one);
      },
      [...a],
    );
  return {
    ...own,
    reviewer: own.reviewer === '' ? other.reviewer : own.reviewer,
    cases: newest(own.cases, other.cases),
    sign_offs: newest(own.sign_offs, other.sign_offs),
  };
}
