import { expect, test } from 'vitest';
import { merged, noReview, problemOf, readReview, reviewText, withDecision, type CaseDecision, type Review } from './review-file.ts';

const decision = (name: string, at: string, reason = 'why'): CaseDecision => ({
  ...{ suite: 's', candidate: 'c', case: name, answer: '', decision: 'accept', reason, note: '', by: 'Ana', at },
});
const review = (...cases: CaseDecision[]): Review => ({ ...noReview('run'), reviewer: 'Ana', cases });

test('the same decisions give the same text, in whichever order they were made', () => {
  const [a, b] = [decision('a', '1'), decision('b', '2')];
  expect(reviewText(review(b, a))).toBe(reviewText(review(a, b)));
  expect(readReview(reviewText(review(b, a)), 'run')).toEqual(review(a, b));
});

test('a decision takes the place of the one before it, and can be taken back', () => {
  const list = withDecision([decision('a', '1'), decision('b', '1')], decision('a', '2'), decision('a', '2', 'better'));
  expect(list.map(({ case: name, reason }) => [name, reason])).toEqual([
    ['a', 'better'],
    ['b', 'why'],
  ]);
  expect(withDecision(list, decision('a', ''), null).map((one) => one.case)).toEqual(['b']);
});

test('of two reviews the newer decision of the same case holds, and the rest of both', () => {
  const own = review(decision('a', '2', 'mine'), decision('b', '1', 'mine'));
  const other = review(decision('a', '1', 'theirs'), decision('b', '2', 'theirs'), decision('c', '1', 'theirs'));
  expect(merged(own, other).cases.map(({ case: name, reason }) => [name, reason])).toEqual([
    ['a', 'mine'],
    ['b', 'theirs'],
    ['c', 'theirs'],
  ]);
});

test.each([
  [{ decision: 'accept', reason: ' ', note: '', by: 'Ana' }, 'reason'],
  [{ decision: 'reject', reason: 'x', note: '', by: ' ' }, 'name'],
  [{ decision: null, reason: 'x', note: '', by: 'Ana' }, 'note'],
] as const)('%j cannot be saved', (entry, why) => {
  expect(problemOf(entry)).toContain(why);
});

test.each(['', '[]', '{"format":1}', '{"format":1,"run":"run","reviewer":"a","cases":[null],"sign_offs":[]}'])(
  '%j is no review',
  (text) => {
    expect(() => readReview(text, 'run')).toThrow();
  },
);
