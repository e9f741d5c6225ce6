import { describe, expect, test } from 'vitest';
import type { Answer, AnswerState, Embedder, ScorerResult, ScoringCase } from '../record.ts';
import { ceilingMethod, similarity as scorer } from './similarity.ts';

/** All cases of a suite, scored. */
const similarity: (cases: readonly ScoringCase[], tools: Parameters<typeof scorer>[1]) => Promise<ScorerResult[]> = async (cases, tools) =>
  cases.map(await scorer({ cases: cases.map((one) => one.case), answered: cases }, tools));

/** Texts that share words are near: each of 64 dimensions counts the words that fall into it. */
function wordVector(text: string): Float32Array {
  const vector = new Float32Array(64);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? ['?']) {
    let slot = 7;
    for (const letter of word) slot = (slot * 31 + letter.codePointAt(0)!) % 64;
    vector[slot]! += 1;
  }
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
const embedder: Embedder = {
  identity: { id: 'words', revision: '1', dimensions: 64, pooling: 'mean', bundled: false },
  embed: (texts, onProgress) => {
    onProgress?.(texts.length, texts.length);
    return Promise.resolve(texts.map(wordVector));
  },
  stats: () => ({ texts: 0, cached: 0, computed: 0, seconds: 0 }),
  close: () => Promise.resolve(),
};

const at = { file: 'suite.yaml', line: 1, column: 1 };
const rest = {
  reasoning: null,
  finish_reason: 'stop',
  usage: null,
  timings: null,
  reported_model: null,
  origin: 'recording',
  source: null,
  licence: null,
  call: null,
} as const;
function answerOf(answer: string, state: AnswerState = 'ok'): Answer {
  return { model: 'm', case: 'c', sample: 0, state, why: null, answer, ...rest };
}
const blankCase = { elements: [], read: null, weights: {}, params: {}, tags: [], critical: false, language: null, at };
function scoringCase(prompt: string, samples: string[], candidate: string | Answer, candidateIsSample: number | null = null): ScoringCase {
  return {
    case: {
      ...blankCase,
      name: prompt,
      messages: [
        { role: 'system', content: 'be brief and kind' },
        { role: 'user', content: prompt },
      ],
    },
    samples: samples.map((text) => answerOf(text)),
    candidate: typeof candidate === 'string' ? answerOf(candidate) : candidate,
    candidate_is_sample: candidateIsSample,
  };
}

const bread = [
  'Mix flour with water and yeast. Bake the loaf until brown.',
  'Mix water, flour and yeast. Then bake until the loaf is brown.',
];
const paris = ['Paris lies upon the river Seine in France.', 'In France, Paris lies upon the Seine.'];
const suite = (candidate: string | Answer) => [
  scoringCase('How do I make bread?', bread, candidate),
  scoringCase('Where is Paris?', paris, paris[0]!),
];
const valueOf = async (candidate: string | Answer) => (await similarity(suite(candidate), { embedder }))[0]!.candidate;

describe('similarity', () => {
  test("is 1 for the baseline's own words, 0 for an echo, and in between for part of them", async () => {
    expect(await valueOf(bread[0]!)).toBe(1);
    expect(await valueOf('How do I make bread?')).toBe(0);
    const part = await valueOf('Mix flour with water and yeast.');
    expect(part).toBeGreaterThan(0.2);
    expect(part).toBeLessThan(1);
  });

  test('of an answer to another prompt is about 0', async () => {
    expect(await valueOf(paris[0]!)).toBeLessThan(0.1);
  });

  test('tells how it came about, with raw value, floor and ceiling of both kinds', async () => {
    const [result] = await similarity(suite('Mix flour with water and yeast.'), { embedder });
    expect(result).toMatchObject({ baseline: 1, hard: { baseline: [], candidate: [] } });
    const { m, f } = result!.detail.similarity!;
    for (const { value, raw, floor, ceiling } of [m, f]) expect(value).toBeCloseTo((raw! - floor!) / (ceiling! - floor!), 12);
    expect(result!.why).toContain(`(${m.raw!.toFixed(2)} between floor ${m.floor!.toFixed(2)} and ceiling ${m.ceiling!.toFixed(2)})`);
  });

  test.each(['truncated', 'unreachable', 'empty', 'missing'] as const)('is 0 for an answer that is %s, and says so', async (state) => {
    const [result] = await similarity(suite(answerOf(state === 'truncated' ? bread[0]! : '', state)), { embedder });
    expect(result).toMatchObject({ baseline: 1, candidate: 0, why: `the candidate's answer is ${state}` });
    expect(result!.detail.similarity!.m.raw).toBe(state === 'empty' ? 0 : null);
  });

  test('is 0 for a blank answer', async () => {
    expect(await valueOf(' \n ')).toBe(0);
  });

  test('is null on both sides without a baseline sample, and the other cases are judged all the same', async () => {
    const results = await similarity([scoringCase('Where is Paris?', [], 'here'), ...suite(bread[0]!)], { embedder });
    expect(results[0]).toMatchObject({ baseline: null, candidate: null, why: 'no usable baseline sample to compare with' });
    expect(results[1]!.candidate).toBe(1);
  });

  test('is null where echoing the prompt is as good as the answer', async () => {
    const [result] = await similarity([scoringCase('Repeat this sentence for me', ['Repeat this sentence for me'], 'no')], { embedder });
    expect(result).toMatchObject({ baseline: null, candidate: null });
    expect(result!.why).toMatch(/^not informative/);
  });

  test('compares a sample that plays the candidate with the others only, under the same ceiling', async () => {
    const asCandidate = [scoringCase('How do I make bread?', bread, bread[1]!, 1), scoringCase('Where is Paris?', paris, paris[1]!, 1)];
    const judged = (await similarity(asCandidate, { embedder }))[0]!.detail.similarity!;
    const plain = (await similarity(suite(bread[1]!), { embedder }))[0]!.detail.similarity!;
    expect(judged.m.ceiling).toBe(plain.m.ceiling);
    expect(judged.m.raw).toBeLessThan(plain.m.raw!);
  });

  test('does not depend on which candidates the other cases have', async () => {
    const [a] = await similarity([suite(bread[1]!)[0]!, scoringCase('Where is Paris?', paris, answerOf('', 'unreachable'))], { embedder });
    const [b] = await similarity(suite(bread[1]!), { embedder });
    expect(a).toEqual(b);
  });

  test('of no cases is no result', async () => {
    expect(await similarity([], { embedder })).toEqual([]);
  });

  test('progress ends at all texts: prompts, samples, candidates and the answers drawn for the floor', async () => {
    const seen: [number, number][] = [];
    await similarity(suite(bread[0]!), { embedder, onProgress: (...now) => seen.push(now) });
    expect(seen.at(-1)).toEqual([10, 10]);
    expect(seen.every(([done], i) => i === 0 || done >= seen[i - 1]![0])).toBe(true);
  });
});

test('more cases than are drawn for the floor of F: all are judged, the same each time', async () => {
  const names = Array.from({ length: 150 }, (_, i) =>
    String.fromCodePoint(97 + (i % 26), 97 + ((i * 7) % 26), 97 + ((i * 3) % 26)).repeat(2),
  );
  const cases = names.map((name, i) =>
    scoringCase(`Who is ${name}?`, [`The person ${name} sells many hats in town ${i % 9}`], `${name} sells hats`),
  );
  const first = await similarity(cases, { embedder });
  expect(first).toHaveLength(150);
  expect(first.every(({ candidate }) => candidate !== null && candidate >= 0 && candidate <= 1)).toBe(true);
  expect(await similarity(cases, { embedder })).toEqual(first);
});

test("the ceiling's method is a sentence", () => {
  expect(ceilingMethod([])).toMatch(/no baseline sample/);
  expect(ceilingMethod([1])).toMatch(/^1 baseline sample: the ceiling is 1/);
  expect(ceilingMethod([2])).toBe('2 baseline samples, half case, half suite mean');
  expect(ceilingMethod([2, 1])).toContain('1 of 2 cases have two or more');
});
