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

export function answerFromText(raw: RawAnswer): Answer {
  const { answer, reasoning, isUnclosed } = separateReasoning(raw.text);
  const { finish_reason = null } = raw;
  const { state, why } = stateOf(answer, isUnclosed, finish_reason);
  // one literal: thousands of these may be held, and a spread makes a shape of its own for each
  return {
    model: raw.model,
    case: raw.case,
    sample: raw.sample,
    state,
    why,
    answer,
    reasoning: [raw.reasoning, reasoning].filter(Boolean).join('\n\n') || null,
    finish_reason,
    usage: raw.usage ?? null,
    timings: raw.timings ?? null,
    reported_model: raw.reported_model ?? null,
    origin: raw.origin,
    source: raw.source ?? null,
    licence: raw.licence ?? null,
    call: raw.call ?? null,
  };
}

/** OpenAI says "length"; the others are Mistral's, Anthropic's and Gemini's words for it, as proxies pass them on. */
const CUT = /^(length|model_length|max_(output_)?tokens)$/i;
/** Not the model ended the answer, but its server: vLLM, OpenRouter, DeepSeek. */
const BROKEN_OFF = /^(abort(ed)?|cancel(l?ed)?|error|insufficient_system_resource)$/i;

function stateOf(answer: string, isUnclosed: boolean, finishReason: string | null): Pick<Answer, 'state' | 'why'> {
  const told = finishReason ?? '';
  if (CUT.test(told)) return { state: 'truncated', why: `the answer was cut at its token limit (finish_reason "${told}")` };
  if (BROKEN_OFF.test(told)) return { state: 'truncated', why: `the server broke the answer off (finish_reason "${told}")` };
  if (isUnclosed) return { state: 'truncated', why: "the text ends inside the model's reasoning" };
  if (told === 'content_filter') return { state: 'refused', why: 'a content filter stopped the answer (finish_reason "content_filter")' };
  if (answer.trim() === '') return { state: 'empty', why: 'the answer is empty' };
  return { state: 'ok', why: null };
}
