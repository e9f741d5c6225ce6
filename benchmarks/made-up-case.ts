/** Cases and answers that come from no suite and no run: only what is judged is in them. */
import type { Answer, Case } from '../src/record.ts';

export function caseOf(name: string, prompt: string): Case {
  const none = { elements: [], read: null, weights: {}, params: {}, tags: [], critical: false, language: null };
  return { ...none, name, messages: [{ role: 'user', content: prompt }], at: { file: name, line: 1, column: 1 } };
}

export function answerOf(model: string, answer: string, sample = 0): Answer {
  const unknown = {
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
  return { model, case: 'case', sample, state: answer === '' ? 'empty' : 'ok', answer, origin: 'file', ...unknown };
}
