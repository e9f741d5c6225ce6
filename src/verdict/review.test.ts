import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CaseResult, RunRecord } from '../record.ts';
import { judge, withHolm } from './judge.ts';
import { type Drawn, pick, randomOf, resultOf } from './random-results.ts';
import { answerHash, asScored, rejudge, type ReviewedCase, reviewing } from './review.ts';

const POOR = resultOf({ baseline: 1, candidate: 0.1 }, 0);
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function reviewed(of: CaseResult, change: Partial<ReviewedCase> = {}): ReviewedCase {
  const [by, at] = ['Ann', '2026-11-25T12:00:00Z'];
  const about = { suite: of.suite, candidate: of.candidate, case: of.case, answer: answerHash(of) };
  return { ...about, decision: 'accept', reason: 'right in other words', note: '', by, at, ...change };
}

function fold(results: CaseResult[], cases: ReviewedCase[]) {
  const reviews = reviewing({ cases, sign_offs: [] });
  const folded = [...reviews.fold(results)];
  return { folded, first: folded[0] as CaseResult, summary: reviews.summary([]) };
}

describe('a decision on a case', () => {
  test('accept counts as the baseline does, and keeps what the scores had said', () => {
    const { first, summary } = fold([POOR], [reviewed(POOR)]);
    expect(first).toMatchObject({
      verdict: 'PASS',
      reason: null,
      why: 'accepted by Ann: right in other words',
      quality_score: { baseline: 1, candidate: 1 },
      review: { decision: 'accept', by: 'Ann', scored: { candidate: 0.1, verdict: 'NEEDS_WORK', reason: 'below_target' } },
    });
    expect(summary).toEqual({ by: ['Ann'], accepted: 1, rejected: 0, expired: 0, sign_offs: [] });
  });

  test('accept lowers no candidate that is better than its baseline', () => {
    const better = resultOf({ baseline: 0.5, candidate: 0.9 }, 0);
    expect(fold([better], [reviewed(better)]).first.quality_score).toEqual({ baseline: 0.5, candidate: 0.9 });
  });

  test('accept lifts a hard failure, which stays listed', () => {
    const hard = resultOf({ baseline: 1, candidate: 1, hard: true, critical: true }, 0);
    const { first } = fold([hard], [reviewed(hard)]);
    expect(first).toMatchObject({ verdict: 'PASS', hard_failures: { candidate: [{ kind: 'missing_required' }] } });
  });

  test('reject is worth nothing, and says who and why', () => {
    const fine = resultOf({ baseline: 1, candidate: 1 }, 0);
    const { first, summary } = fold([fine], [reviewed(fine, { decision: 'reject', reason: 'invented a source' })]);
    expect(first).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'rejected', why: 'rejected by Ann: invented a source' });
    expect(first.quality_score.candidate).toBe(0);
    expect(summary).toMatchObject({ accepted: 0, rejected: 1 });
  });

  test('of another answer has expired, changes nothing and is listed', () => {
    const { first, summary } = fold([POOR], [reviewed(POOR, { answer: hashOf('an older answer') })]);
    expect(first).toEqual(POOR);
    expect(summary).toMatchObject({ accepted: 0, expired: 1, left_out: [{ case: 'c0', decision: 'accept', by: 'Ann' }] });
  });

  test.each(['missing', 'unreachable', 'not_asked'] as const)('cannot make an answer that is %s count', (state) => {
    const silent = resultOf({ baseline: 1, candidate: null, state }, 0);
    for (const decision of ['accept', 'reject'] as const) {
      const { first, summary } = fold([silent], [reviewed(silent, { decision })]);
      expect(first).toEqual(silent);
      expect(summary).toMatchObject({ accepted: 0, rejected: 0, expired: 0, left_out: [{ case: 'c0' }] });
    }
  });

  test('cannot stand in for a baseline that said nothing', () => {
    const alone = resultOf({ baseline: null, candidate: 1, samples: 0 }, 0);
    expect(fold([alone], [reviewed(alone)]).first).toEqual(alone);
  });

  test('that is only a note is shown and changes nothing', () => {
    const { first, summary } = fold([POOR], [reviewed(POOR, { decision: null, reason: '', note: 'ask the vendor' })]);
    expect(first).toEqual({
      ...POOR,
      review: { decision: null, by: 'Ann', reason: '', note: 'ask the vendor', at: '2026-11-25T12:00:00Z' },
    });
    expect(summary).toMatchObject({ accepted: 0, rejected: 0 });
  });

  test('of another suite, candidate or case changes nothing, and nothing is said', () => {
    for (const other of [{ suite: 'x' }, { candidate: 'x' }, { case: 'x' }])
      expect(fold([POOR], [reviewed(POOR, other)])).toMatchObject({ first: POOR, summary: undefined });
  });

  test('is the newest of those that hold; at one time the stricter', () => {
    const old = reviewed(POOR, { decision: 'reject', at: '2026-11-25T14:00:00+02:00' });
    const newer = reviewed(POOR, { by: 'Ben', at: '2026-11-25T12:30:00Z' });
    const other = reviewed(POOR, { by: 'Cem', decision: 'reject', answer: hashOf('x'), at: '2026-11-26T00:00:00Z' });
    for (const cases of [
      [old, newer, other],
      [other, newer, old],
    ])
      // prettier-ignore
      expect(fold([POOR], cases).first.review).toMatchObject({ by: 'Ben', decision: 'accept' });
    const same = [reviewed(POOR, { by: 'Ben' }), reviewed(POOR, { decision: 'reject' })];
    for (const cases of [same, [...same].reverse()]) expect(fold([POOR], cases).first.review?.decision).toBe('reject');
  });
});

test('the hash of an answer is that of its text in UTF-8, as a browser makes it', () => {
  const text = 'Grüße 😀 half \uD83D';
  const asked = { ...POOR, answers: { ...POOR.answers, candidate: [{ ...POOR.answers.candidate[0]!, answer: text }] } };
  expect(answerHash(asked)).toBe(createHash('sha256').update(new TextEncoder().encode(text)).digest('hex'));
  expect(answerHash({ ...POOR, answers: { baseline: [], candidate: [] } })).toBe(hashOf(''));
});

describe('a run judged anew', () => {
  const suite = { name: 's', capability: 'general', baseline: 'b', parity_target: 0.85, decision: 'bounds' as const };
  const evidence = { suite, candidate: 'c', selfParity: null, ceilingFrom: 'one sample', samples: [1, 3], baselineLeftOut: { empty: 1 } };
  const recordOf = (results: CaseResult[]): RunRecord => {
    const verdicts = withHolm([judge({ ...evidence, results })]);
    return { format: 1, run: 'r', exit_code: 9, verdicts } as unknown as RunRecord;
  };
  const draw = (seed: number) => {
    const random = randomOf(seed);
    const drawn = Array.from({ length: 30 }, (): Drawn => ({
      baseline: 1,
      candidate: pick(random, [1, 1, random()]),
      hard: random() < 0.1,
    }));
    const results = drawn.map(resultOf);
    return {
      results,
      cases: results.filter(() => random() < 0.4).map((one) => reviewed(one, { decision: pick(random, ['accept', 'reject', null]) })),
    };
  };

  test('without a decision is what it was, but for its exit code, which follows from it', () => {
    const { results } = draw(1);
    const record = recordOf(results);
    const again = rejudge({ record, results }, reviewing({ cases: [], sign_offs: [] }));
    expect(again).toEqual({ ...record, exit_code: again.exit_code });
    expect(again.exit_code).not.toBe(9);
  });

  test('is the same whether decisions are folded in once, twice, or after others', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { results, cases } = draw(seed);
      const once = fold(results, cases).folded;
      expect(fold(once, cases).folded).toEqual(once);
      expect(
        fold(
          fold(
            results,
            [...cases].reverse().map((one) => ({ ...one, decision: 'reject' as const })),
          ).folded,
          cases,
        ).folded,
      ).toEqual(once);
      expect(once.map(asScored)).toEqual(results);
    }
  });

  test('keeps who signed off, and a rejection makes it NEEDS_WORK by its answers', () => {
    const results = Array.from({ length: 40 }, (_, i) => resultOf({ baseline: 1, candidate: 1 }, i));
    const signOff = { suite: 's', candidate: 'c', by: 'Ann', reason: 'tone', at: '2026-11-25T12:00:00Z' };
    const judgedBy = (decision: 'approve' | 'reject') =>
      rejudge({ record: recordOf(results), results }, reviewing({ cases: [], sign_offs: [{ ...signOff, decision }] }));
    expect(judgedBy('approve')).toMatchObject({ exit_code: 0, review: { by: ['Ann'], sign_offs: [{ decision: 'approve' }] } });
    expect(judgedBy('reject')).toMatchObject({
      exit_code: 1,
      verdicts: [{ verdict: 'NEEDS_WORK', reason: 'rejected', why: 'rejected by Ann: tone' }],
    });
  });
});
