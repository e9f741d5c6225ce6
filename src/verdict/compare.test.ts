import { expect, test } from 'vitest';
import type { Answer, CaseResult } from '../record.ts';
import { comparePairings, comparisonExitCode } from './compare.ts';
import { holm } from './holm.ts';

const at = { file: 's.yaml', line: 1, column: 1 };

/** A result with a quality score of the candidate; what a comparison does not read is left out. */
function result(name: string, quality: number | null, change: { answer?: string; prompt?: string } = {}): CaseResult {
  const { answer = `${name} ${String(quality)}`, prompt = name } = change;
  return {
    suite: 's',
    case: name,
    candidate: 'c',
    at,
    verdict: (quality ?? 0) >= 0.9 ? 'PASS' : 'NEEDS_WORK',
    quality_score: { baseline: 1, candidate: quality },
    messages: [{ role: 'user', content: prompt }],
    elements: [],
    answers: { baseline: [], candidate: [{ answer } as Answer] },
  } as unknown as CaseResult;
}

const cases = (n: number, quality: (i: number) => number | null) => Array.from({ length: n }, (_, i) => result(`case ${i}`, quality(i)));
function compared(before: CaseResult[], after: CaseResult[], margin = 0.05) {
  const sides = { before: { run: 'r1', candidate: 'c', results: before }, after: { run: 'r2', candidate: 'c', results: after } };
  return comparePairings([{ suite: 's', ...sides }], margin)[0]!;
}

test('the same answers are no worse, however few', () => {
  const found = compared(
    cases(3, () => 1),
    cases(3, () => 1),
  );
  expect(found).toMatchObject({ outcome: 'no_worse', n: 3, same_answers: 3, cases_to_tell: null });
  expect(comparisonExitCode([found])).toBe(0);
});

test('other answers of the same quality need enough cases before they are no worse', () => {
  const other = (n: number) => cases(n, () => 1).map((one) => result(one.case, 1, { answer: 'other words' }));
  expect(
    compared(
      cases(10, () => 1),
      other(10),
    ),
  ).toMatchObject({ outcome: 'cannot_tell', cases_to_tell: 33 });
  expect(
    compared(
      cases(40, () => 1),
      other(40),
    ),
  ).toMatchObject({ outcome: 'no_worse' });
});

test('a fall is a regression, with the cases that lost most first', () => {
  const found = compared(
    cases(40, () => 1),
    cases(40, (i) => (i % 3 === 0 ? i / 100 : 1)),
  );
  expect(found).toMatchObject({ outcome: 'regressed', transitions: { broken: 14, still_pass: 26, fixed: 0, still_needs_work: 0 } });
  expect(found.losses.slice(0, 2).map((move) => [move.case, move.after])).toEqual([
    ['case 0', 0],
    ['case 3', 0.03],
  ]);
  expect(comparisonExitCode([found])).toBe(1);
});

test('a rise is an improvement', () => {
  const found = compared(
    cases(40, (i) => (i % 3 === 0 ? 0 : 1)),
    cases(40, () => 1),
  );
  expect(found).toMatchObject({ outcome: 'improved', transitions: { fixed: 14 } });
  expect(found.gains).toHaveLength(10);
});

test('cases that are not the same are left out and counted', () => {
  const before = [result('kept', 1), result('gone', 1), result('reworded', 1), result('silent', 1)];
  const after = [result('kept', 1), result('new', 0), result('reworded', 0, { prompt: 'other' }), result('silent', null)];
  expect(compared(before, after)).toMatchObject({ n: 1, left_out: { only_before: 1, only_after: 1, changed: 1, unscored: 1 } });
});

test('without a case in common nothing is known', () => {
  const found = compared([result('a', 1)], [result('b', 1)]);
  expect(found).toMatchObject({ outcome: 'cannot_tell', n: 0, p_regressed: null, difference: { mean: null, lower: null } });
  expect([comparisonExitCode([found]), comparisonExitCode([])]).toEqual([3, 2]);
});

test('one fall that is not unlikely among many comparisons is not called a regression', () => {
  const before = cases(30, () => 1);
  const slipped = cases(30, (i) => (i % 6 === 0 ? 0.2 : 1));
  const alone = compared(before, slipped);
  expect(alone.outcome).toBe('regressed');
  const side = (results: CaseResult[]) => ({ run: 'r', candidate: 'c', results });
  const calm = cases(30, () => 1).map((one) => result(one.case, 1, { answer: 'other words' }));
  const pairings = [slipped, ...Array.from({ length: 19 }, () => calm)].map((after, i) => ({
    suite: `s${i}`,
    before: side(before),
    after: side(after),
  }));
  const [first] = comparePairings(pairings, 0.05);
  expect(first?.p_regressed).toBe(alone.p_regressed);
  expect(first).toMatchObject({ outcome: 'cannot_tell' });
  expect(first?.why).toContain('alone it would count');
});

test('Holm: worked by hand', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
});
