import { describe, expect, test } from 'vitest';
import type { Answer, AnswerState, Case, CaseResult, ScorerResult } from '../record.ts';
import { exitCodeOf, judge, withHolm } from './judge.ts';
import { combine, judgeCase } from './quality.ts';

const suite = { name: 's', capability: 'general', baseline: 'b', parity_target: 0.85, decision: 'bounds' as const };
const at = { file: 's.yaml', line: 1, column: 1 };
const one: Case = {
  name: 'c',
  messages: [{ role: 'user', content: '?' }],
  elements: [],
  read: null,
  weights: { coverage: 1, similarity: 0 },
  params: {},
  tags: [],
  critical: false,
  language: null,
  at,
};

function answer(state: AnswerState = 'ok'): Answer {
  const none = {
    reasoning: null,
    finish_reason: null,
    usage: null,
    timings: null,
    reported_model: null,
    source: null,
    licence: null,
    call: null,
  };
  return {
    model: 'm',
    case: 'c',
    sample: 0,
    state,
    why: state === 'ok' ? null : `was ${state}`,
    answer: 'text',
    origin: 'recording',
    ...none,
  };
}

function score(baseline: number | null, candidate: number | null, hard: Partial<ScorerResult['hard']> = {}): ScorerResult {
  return { baseline, candidate, why: '', hard: { baseline: [], candidate: [], ...hard }, detail: {} };
}

function result(
  baseline: number | null,
  candidate: number | null,
  extra: { state?: AnswerState; critical?: boolean; samples?: number; hard?: boolean } = {},
): CaseResult {
  const hard = extra.hard ? { candidate: [{ kind: 'missing_required', why: 'no x' }] } : {};
  return judgeCase({
    suite: 's',
    baseline: 'b',
    candidate: 'c',
    parityTarget: 0.85,
    scoring: {
      case: { ...one, critical: extra.critical ?? false },
      samples: Array.from({ length: extra.samples ?? 1 }, () => answer()),
      candidate: answer(extra.state),
      candidate_is_sample: null,
    },
    scores: { coverage: score(baseline, candidate, hard) },
    guards: [],
    baselineAnswers: [answer()],
  });
}

const verdictOf = (results: CaseResult[], over: Partial<typeof suite> = {}) =>
  judge({ suite: { ...suite, ...over }, candidate: 'c', results, selfParity: null, ceilingFrom: '', samples: [1], baselineLeftOut: {} });
const times = (n: number, r: CaseResult) => Array.from({ length: n }, () => r);

describe('a case', () => {
  test('passes when its quality score reaches the target share of the baseline', () => {
    expect(result(1, 0.85).verdict).toBe('PASS');
    expect(result(1, 0.84)).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target' });
  });

  test.each(['empty', 'truncated', 'refused', 'context_overflow'] as const)('with a %s answer fails hard and counts as 0', (state) => {
    expect(result(1, 1, { state })).toMatchObject({
      verdict: 'NEEDS_WORK',
      reason: state,
      complete: true,
      quality_score: { candidate: 0 },
    });
  });

  test.each(['missing', 'unreachable', 'malformed', 'wrong_model', 'fallback'] as const)(
    'with a %s answer is no evidence and never passes',
    (state) => {
      expect(result(1, 1, { state })).toMatchObject({ verdict: 'NEEDS_WORK', reason: state, complete: false });
    },
  );

  test('without a usable baseline answer is incomplete', () => {
    expect(result(null, 1, { samples: 0 })).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'no_baseline_evidence', complete: false });
  });

  test('that nothing could score is incomplete', () => {
    expect(result(null, null)).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'unscored', complete: false });
  });

  test('in which both sides got nothing does not pass', () => {
    expect(result(0, 0)).toMatchObject({ verdict: 'NEEDS_WORK', complete: true });
  });

  test('with a missing required element has quality score 0', () => {
    expect(result(1, 0.9, { hard: true })).toMatchObject({ reason: 'missing_required', quality_score: { baseline: 1, candidate: 0 } });
  });
});

describe('weights', () => {
  test('are shared out when a scorer has no value', () => {
    const weights = { coverage: 0.5, similarity: 0.5 };
    expect(combine({ coverage: score(0.8, 0.6), similarity: score(1, 0.4) }, weights)).toEqual({ baseline: 0.9, candidate: 0.5 });
    expect(combine({ coverage: score(0.8, 0.6), similarity: score(1, null) }, weights)).toEqual({ baseline: 0.8, candidate: 0.6 });
    expect(combine({ coverage: score(null, null), similarity: score(1, 0.4) }, { coverage: 1, similarity: 0 })).toEqual({
      baseline: 1,
      candidate: 0.4,
    });
    expect(combine({}, weights)).toEqual({ baseline: null, candidate: null });
  });
});

describe('a suite', () => {
  test.each([
    ['9 perfect cases', times(9, result(1, 1)), 'PASS', null, 0],
    ['8 perfect cases', times(8, result(1, 1)), 'NEEDS_WORK', 'inconclusive', 3],
    ['one perfect case', [result(1, 1)], 'NEEDS_WORK', 'inconclusive', 3],
    ['no case', [], 'NEEDS_WORK', 'incomplete', 3],
    ['a candidate that gets half', times(50, result(1, 0.5)), 'NEEDS_WORK', 'below_target', 1],
    ['one missing answer', [...times(50, result(1, 1)), result(1, 1, { state: 'missing' })], 'NEEDS_WORK', 'incomplete', 3],
    ['one unscored case', [...times(50, result(1, 1)), result(null, null)], 'NEEDS_WORK', 'incomplete', 3],
    ['a baseline that scores 0', times(50, result(0, 1)), 'NEEDS_WORK', 'incomplete', 3],
    [
      'a critical case that failed hard',
      [...times(99, result(1, 1)), result(1, 1, { critical: true, hard: true })],
      'NEEDS_WORK',
      'critical_case',
      1,
    ],
    ['a candidate better than its baseline', times(50, result(0.5, 1)), 'PASS', null, 0],
  ] as const)('%s: %s', (_, results, verdict, reason, exitCode) => {
    const judged = verdictOf([...results]);
    expect(judged).toMatchObject({ verdict, reason });
    expect(exitCodeOf([judged])).toBe(exitCode);
  });

  test('an inconclusive one says how many cases would settle it', () => {
    const judged = verdictOf([...times(19, result(1, 1)), result(1, 0)]);
    expect(judged.reason).toBe('inconclusive');
    expect(judged.cases_to_settle).toBeGreaterThan(20);
    expect(judged.why).toContain(String(judged.cases_to_settle));
  });

  test('may be decided on the point estimate only when it asks for it', () => {
    expect(verdictOf(times(5, result(1, 0.9)), { decision: 'point' } as never)).toMatchObject({ verdict: 'PASS', decision: 'point' });
    expect(verdictOf([result(1, 1)], { decision: 'point' } as never)).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'inconclusive' });
  });

  test('never prints a bound that contradicts its verdict', () => {
    const results = times(40, result(1, 0.97));
    const { lower } = verdictOf(results);
    for (const target of [(lower ?? 0) + 1e-5, (lower ?? 0) - 1e-5]) {
      const { verdict, why } = verdictOf(results, { parity_target: target });
      const [, printed] = /(?:at least|bounds) ([\d.]+)/.exec(why) ?? [];
      expect(Number(printed) >= target).toBe(verdict === 'PASS');
    }
  });

  test('counts every state by name', () => {
    const judged = verdictOf([result(1, 1), result(1, 1, { state: 'empty' }), result(1, 1, { state: 'missing' })]);
    expect(judged.counts).toEqual({ pass: 1, needs_work: 1, incomplete: 1, hard_failures: { empty: 1, missing: 1 } });
  });
});

describe('the exit code of a run', () => {
  const pass = { verdict: 'PASS', reason: null } as const;
  const because = (reason: 'below_target' | 'inconclusive' | 'incomplete' | 'critical_case') =>
    ({ verdict: 'NEEDS_WORK', reason }) as const;
  test.each([
    [[pass, pass], 0],
    [[pass, because('inconclusive')], 3],
    [[because('incomplete'), because('below_target')], 1],
    [[because('critical_case'), pass], 1],
    [[], 2],
  ])('%j is %d', (verdicts, code) => {
    expect(exitCodeOf(verdicts)).toBe(code);
  });
});

describe('several verdicts of one run', () => {
  const good = verdictOf(times(40, result(1, 0.97)), { parity_target: 0.93 });
  test('keep what they are, and tell what of them holds when the best is picked', () => {
    expect(good).toMatchObject({ verdict: 'PASS', samples: { least: 1, most: 1 } });
    expect(good.p_value).toBeLessThanOrEqual(0.05);
    const [first] = withHolm(times(60, result(1, 1)).map(() => good));
    expect(first).toMatchObject({ verdict: 'PASS', p_value: good.p_value });
    expect(first?.p_holm).toBeCloseTo(60 * (good.p_value ?? NaN), 10);
    expect(withHolm([good])[0]?.p_holm).toBe(good.p_value);
  });

  test('whose parity is unknown have no p, and count as asked', () => {
    const [first, second] = withHolm([good, verdictOf([])]);
    expect(second).toMatchObject({ p_value: null, p_holm: null });
    expect(first?.p_holm).toBeCloseTo(2 * (good.p_value ?? NaN), 12);
  });
});
