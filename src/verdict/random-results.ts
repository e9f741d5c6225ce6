/** Random tables of outcomes, from a seed. Not part of the program: for the tests of this room. */
import type { Answer, AnswerState, CaseResult, ScorerResult } from '../record.ts';
import { ANSWER_STATES } from '../record.ts';
import { judgeCase } from './quality.ts';

export type Random = () => number;

/** mulberry32: 0 to 1 */
export function randomOf(seed: number): Random {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** What is drawn of one case; the rest of its result follows by the code under test. */
export interface Drawn {
  baseline: number | null;
  candidate: number | null;
  state?: AnswerState;
  hard?: boolean;
  critical?: boolean;
  samples?: number;
  quarantined?: boolean;
}

const PARITY_TARGET = 0.85;
const answerOf = (state: AnswerState, text: string) =>
  ({ model: 'm', state, why: state === 'ok' ? null : `was ${state}`, answer: text, timings: null, usage: null, call: null }) as Answer;

/** The result of a case called `c<index>`, whose answer is `answer <index>`. */
export function resultOf(drawn: Drawn, index: number): CaseResult {
  const { baseline, candidate, state = 'ok', hard = false, critical = false, samples = 1, quarantined = false } = drawn;
  const hardFailures = { baseline: [], candidate: hard ? [{ kind: 'missing_required', why: 'no x' }] : [] };
  const coverage: ScorerResult = { baseline, candidate, why: '', hard: hardFailures, detail: {} };
  const result = judgeCase({
    suite: 's',
    baseline: 'b',
    candidate: 'c',
    parityTarget: PARITY_TARGET,
    scoring: {
      case: {
        name: `c${index}`,
        messages: [],
        elements: [],
        read: null,
        weights: { coverage: 1 },
        params: {},
        tags: [],
        critical,
        language: null,
        at: { file: 's.yaml', line: index + 1, column: 1 },
        ...(quarantined && { quarantine: { until: '2999-12-31', why: 'flaky' } }),
      },
      samples: Array.from({ length: samples }, () => answerOf('ok', 'b')),
      candidate: answerOf(state, `answer ${index}`),
      candidate_is_sample: null,
    },
    scores: { coverage },
    guards: [],
    baselineAnswers: [answerOf('ok', 'b')],
  });
  return result;
}

/** Any table: good and bad candidates, failures of every kind, unscored cases, few cases and many. */
export function drawTable(random: Random): Drawn[] {
  const n = Math.floor(random() * 60);
  const [skill, faults, silence] = [random(), random() ** 3, random() < 0.3 ? random() * 0.2 : 0];
  return Array.from({ length: n }, () => ({
    baseline: random() < silence / 4 ? null : pick(random, [1, 1, 1, 0, random()]),
    candidate: random() < silence / 4 ? null : pick(random, [skill, random(), 1, 1, 1]),
    state: random() < silence ? pick(random, ANSWER_STATES) : 'ok',
    hard: random() < faults / 4,
    critical: random() < 0.05,
    samples: random() < silence / 4 ? 0 : 1,
    quarantined: random() < 0.1,
  }));
}
