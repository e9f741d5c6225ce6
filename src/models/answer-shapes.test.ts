/** Whatever comes over the wire has a named state, and only a whole answer of the model under test can make a case pass. */
import { afterAll, describe, expect, test } from 'vitest';
import { type Case, type Answer, type ScoringCase, SPOKEN_STATES, UNHEARD_STATES } from '../record.ts';
import { coverage } from '../scorers/coverage.ts';
import { openGuards } from '../scorers/guards/index.ts';
import { judgeCase } from '../verdict/quality.ts';
import { answerFromText } from './answer-from-text.ts';
import { askShape, type Shape, shapes } from './answer-shapes.ts';
import type { Attempt } from './provider.ts';

const asked = new Map<Shape, Promise<Attempt>>();
const attemptOf = (shape: Shape): Promise<Attempt> => {
  const attempt = asked.get(shape) ?? askShape(shape);
  asked.set(shape, attempt);
  return attempt;
};
afterAll(() => asked.clear());

describe.concurrent('what a server sends becomes an answer with its state named', () => {
  test.each(shapes.map((shape) => [shape.name, shape] as const))('%s', async (_, shape) => {
    const { answer, isTransient, retryAfterMs } = await attemptOf(shape);
    const { state, answer: text, reasoning, finish_reason, usage } = answer;
    const { retry_after_ms = null, ...expected } = shape.expected;
    const got = { state, answer: text, reasoning, finish_reason, usage, is_transient: isTransient };
    expect({ ...got, why: answer.why }).toEqual({ ...expected, why: answer.why });
    expect(retryAfterMs === null ? null : Math.round(retryAfterMs)).toBe(retry_after_ms);
    expect(answer.why === null).toBe(state === 'ok');
  });
});

const nowhere = { file: 'suite.yaml', line: 1, column: 1 };

/** A case whose one element is in the right answer, judged as a run judges it. */
async function judged(shape: Shape, answer: Answer) {
  const word = shape.element ?? 'Oslo';
  const element = { kind: 'text', options: { any_of: [word] }, label: word, weight: 1, required: false, at: nowhere };
  const one: Case = {
    name: 'norway',
    messages: [{ role: 'user', content: 'What is the capital of Norway?' }],
    elements: [element],
    read: null,
    weights: { coverage: 1 },
    params: {},
    tags: [],
    critical: false,
    language: null,
    at: nowhere,
  };
  const right = answerFromText({ model: 'baseline', case: one.name, sample: 0, origin: 'file', text: `It is ${word}.` });
  const scoring: ScoringCase = { case: one, samples: [right], candidate: answer, candidate_is_sample: null };
  const score = await coverage({ cases: [one], answered: () => [scoring] } as never, { embedder: null as never });
  return judgeCase({
    suite: 's',
    baseline: 'baseline',
    candidate: 'under-test',
    parityTarget: 0.9,
    scoring,
    scores: { coverage: score(scoring, 0) },
    guards: (await openGuards([scoring]))(scoring),
    baselineAnswers: [right],
  });
}

test('a case passes for the shapes that are whole answers, and for no other', async () => {
  const results = await Promise.all(shapes.map(async (shape) => ({ shape, result: await judged(shape, (await attemptOf(shape)).answer) })));
  const passed = results.filter(({ result }) => result.verdict === 'PASS').map(({ shape }) => shape.name);
  expect(passed).toEqual(shapes.filter(({ expected }) => expected.state === 'ok').map(({ name }) => name));
  const scored = results.filter(({ shape, result }) => shape.expected.state !== 'ok' && (result.quality_score.candidate ?? 0) > 0);
  expect(scored.map(({ shape }) => shape.name)).toEqual([]);
});

test('a case whose answer was never heard is incomplete, one that the model spoiled is not', async () => {
  const results = await Promise.all(shapes.map(async (shape) => ({ shape, result: await judged(shape, (await attemptOf(shape)).answer) })));
  const incomplete = results.filter(({ result }) => !result.complete).map(({ shape }) => shape.name);
  const unheard: readonly string[] = UNHEARD_STATES;
  expect(incomplete).toEqual(shapes.filter(({ expected }) => unheard.includes(expected.state)).map(({ name }) => name));
});

test('the corpus has every state that a server can bring about', () => {
  const had = new Set(shapes.map(({ expected }) => expected.state));
  const ours = ['missing', 'not_asked'];
  expect([...SPOKEN_STATES, ...UNHEARD_STATES].filter((state) => !had.has(state))).toEqual(ours);
  expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
});
