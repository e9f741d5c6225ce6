import { expect, test } from 'vitest';
import type { Answer, Case, Element, Embedder, ScoringCase } from '../record.ts';
import { coverage } from './coverage.ts';

const at = { file: 's', line: 1, column: 1 };
const embedder = {} as Embedder;

function element(kind: string, options: unknown, more: Partial<Element> = {}): Element {
  return { kind, options, label: JSON.stringify(options), weight: 1, required: false, at, ...more };
}
const word = (w: string, more: Partial<Element> = {}) => element('text', { any_of: [w] }, more);

function answer(text: string, more: Partial<Answer> = {}): Answer {
  const none = {
    why: null,
    reasoning: null,
    finish_reason: null,
    usage: null,
    timings: null,
    reported_model: null,
    source: null,
    licence: null,
    call: null,
  };
  return { model: 'm', case: 'c', sample: 0, state: 'ok', answer: text, origin: 'file', ...none, ...more };
}

function scoring(elements: Element[], candidate: Answer, samples: Answer[], more: Partial<Case> = {}): ScoringCase {
  const one: Case = {
    name: 'c',
    messages: [],
    elements,
    read: null,
    weights: {},
    params: {},
    tags: [],
    critical: false,
    language: null,
    at,
    ...more,
  };
  return { case: one, samples, candidate, candidate_is_sample: null };
}
const score = async (one: ScoringCase) => (await coverage({ cases: [one.case], answered: [one] }, { embedder }))(one, 0);

test("coverage is the weighted share of elements, and the mean over the baseline's samples", async () => {
  const elements = [word('red'), word('green', { weight: 3 })];
  expect(await score(scoring(elements, answer('green'), [answer('red'), answer('red green')]))).toMatchObject({
    baseline: 0.625,
    candidate: 0.75,
  });
});

test('a missing required element is a hard failure of the side that misses it', async () => {
  const got = await score(scoring([word('red', { required: true })], answer('blue'), [answer('red')]));
  expect(got).toMatchObject({ hard: { baseline: [], candidate: [{ kind: 'missing_required' }] } });
});

test('the baseline fails hard only when every sample does', async () => {
  const elements = [word('red', { required: true })];
  expect((await score(scoring(elements, answer('red'), [answer('blue'), answer('red')])))?.hard.baseline).toEqual([]);
  expect((await score(scoring(elements, answer('red'), [answer('blue'), answer('pink')])))?.hard.baseline).toHaveLength(1);
});

test('a forbidden element is a hard failure, an absent one is met', async () => {
  const elements = [word('red'), element('not', { not: 'sorry' })];
  expect(await score(scoring(elements, answer('red'), [answer('red')]))).toMatchObject({ candidate: 1, hard: { candidate: [] } });
  expect(await score(scoring(elements, answer('sorry, red'), [answer('red')]))).toMatchObject({
    candidate: 0.5,
    hard: { candidate: [{ kind: 'forbidden_element' }] },
  });
});

test('an answer that is not there meets nothing, not even an absence', async () => {
  const elements = [element('not', { not: 'sorry' })];
  expect(await score(scoring(elements, answer('', { state: 'empty' }), [answer('x')]))).toMatchObject({
    candidate: 0,
    detail: { reading: { candidate: 'none' } },
  });
});

test('a required insight needs half of its point', async () => {
  const point = element('insight', { insight: 'Retrieval halves the cost of long contexts' }, { required: true });
  const kinds = async (text: string) => (await score(scoring([point], answer(text), [answer('x')])))?.hard.candidate.map((f) => f.kind);
  expect(await kinds('Retrieval is nice.')).toEqual(['missing_required']);
  expect(await kinds('Retrieval halves the cost of contexts.')).toEqual([]);
});

test('an unreadable JSON answer scores 0 and says so', async () => {
  const got = await score(
    scoring([element('equals', { equals: '42' })], answer('it is 42'), [answer('{"answer": 42}')], { read: { json: 'answer' } }),
  );
  expect(got).toMatchObject({ baseline: 1, candidate: 0, detail: { reading: { baseline: 'strict', candidate: 'none' } } });
  expect(got?.why).toContain('could not be read');
});

test('spans point into the answer, not into the part that was read', async () => {
  const text = 'Well: {"answer": "big red dog"}';
  const got = await score(scoring([word('red')], answer(text), [answer(text)], { read: { json: 'answer' } }));
  const [start, end] = got?.detail.elements?.[0]?.spans.candidate[0] ?? [0, 0];
  expect(text.slice(start, end)).toBe('red');
});

test('without elements there is no coverage, and without samples none for the baseline', async () => {
  expect(await score(scoring([], answer('x'), [answer('x')]))).toMatchObject({ baseline: null, candidate: null });
  expect(await score(scoring([word('x')], answer('x'), []))).toMatchObject({ baseline: null, candidate: 1 });
});

test('in the A/A control the sample that plays the candidate is not compared with itself', async () => {
  const samples = [answer('red'), answer('blue')];
  const one = { ...scoring([word('red')], answer('blue'), samples), candidate_is_sample: 1 };
  expect(await score(one)).toMatchObject({ baseline: 1, candidate: 0 });
});
