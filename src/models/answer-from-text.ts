/** Text that came back (live, from a recording, or from a file) → an Answer whose state is named. */
import type { Answer, AnswerState } from '../record.ts';
import { separateReasoning } from './separate-reasoning.ts';

export type RawAnswer = Pick<Answer, 'model' | 'case' | 'sample' | 'origin'> & { text: string } & Partial<
    Pick<Answer, 'reasoning' | 'finish_reason' | 'usage' | 'timings' | 'reported_model' | 'source' | 'licence' | 'call'>
  >;

const EMPTY: Omit<Answer, 'model' | 'case' | 'sample' | 'origin' | 'state' | 'why'> = {
  answer: '',
  reasoning: null,
  finish_reason: null,
  usage: null,
  timings: null,
  reported_model: null,
  source: null,
  licence: null,
  call: null,
};

/** An answer that was never had: missing, failed, malformed … */
export function noAnswer(of: Pick<Answer, 'model' | 'case' | 'sample' | 'origin'>, state: AnswerState, why: string): Answer {
  const { model, case: name, sample, origin } = of;
  return { ...EMPTY, model, case: name, sample, origin, state, why };
}

export function answerFromText({ text, ...raw }: RawAnswer): Answer {
  const { answer, reasoning, isUnclosed } = separateReasoning(text);
  const thought = [raw.reasoning, reasoning].filter(Boolean).join('\n\n') || null;
  return { ...EMPTY, ...raw, ...stateOf(answer, isUnclosed, raw.finish_reason ?? null), answer, reasoning: thought };
}

function stateOf(answer: string, isUnclosed: boolean, finishReason: string | null): Pick<Answer, 'state' | 'why'> {
  if (finishReason === 'length') return { state: 'truncated', why: 'the answer was cut at its token limit (finish_reason "length")' };
  if (isUnclosed) return { state: 'truncated', why: "the text ends inside the model's reasoning" };
  if (answer.trim() === '') return { state: 'empty', why: 'the answer is empty' };
  if (finishReason === 'content_filter')
    return { state: 'refused', why: 'a content filter stopped the answer (finish_reason "content_filter")' };
  return { state: 'ok', why: null };
}
