/** Answers that stand in no suite, judged by the similarity scorer of a run. */
import type { Answer, Case, Embedder, ScoringCase } from '../../src/record.ts';
import { similarity } from '../../src/scorers/similarity.ts';

export interface Asked {
  id: string;
  prompt: string;
  /** what the baseline's samples said */
  samples: string[];
  /** what the candidate said */
  text: string;
  /** A/A: index of the sample that plays the candidate, else null */
  isSample: number | null;
}

/** Both sides of each case, 0..1, in order; both null where the case says nothing about similarity. */
export async function similarities(
  asked: readonly Asked[],
  embedder: Embedder,
): Promise<{ baseline: number | null; candidate: number | null }[]> {
  const cases = asked.map(scoringCase);
  const score = await similarity({ cases: cases.map((one) => one.case), answered: cases }, { embedder });
  return cases.map((one, i) => {
    const { baseline, candidate } = score(one, i);
    return { baseline, candidate };
  });
}

function scoringCase({ id, prompt, samples, text, isSample }: Asked): ScoringCase {
  const one: Case = {
    name: id,
    messages: [{ role: 'user', content: prompt }],
    elements: [],
    read: null,
    weights: {},
    params: {},
    tags: [],
    critical: false,
    language: null,
    at: { file: 'validity', line: 1, column: 1 },
  };
  return {
    case: one,
    samples: samples.map((sample, i) => answerOf('baseline', id, i, sample)),
    candidate: answerOf('candidate', id, 0, text),
    candidate_is_sample: isSample,
  };
}

function answerOf(model: string, id: string, sample: number, answer: string): Answer {
  const unknown = { why: null, reasoning: null, finish_reason: null, usage: null, timings: null, reported_model: null };
  return {
    model,
    case: id,
    sample,
    state: answer === '' ? 'empty' : 'ok',
    answer,
    origin: 'file',
    source: null,
    licence: null,
    call: null,
    ...unknown,
  };
}
