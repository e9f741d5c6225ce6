/** What was heard of a model → an Answer with its state named. */
import type { Answer, Call } from '../record.ts';
import { answerFromText } from './answer-from-text.ts';
import type { Heard } from './chat-stream.ts';
import type { Question } from './provider.ts';

/** Another model answered than the one under test. */
export interface Objection {
  state: 'wrong_model' | 'fallback';
  why: string;
}

export interface Hearing {
  model: string;
  question: Question;
  heard: Heard;
  objection: Objection | null;
  provenance: Call['provenance'];
  startedAt: number;
  endedAt: number;
  date: Date;
}

export function answerFromHeard({ model, question, heard, objection, provenance, startedAt, endedAt, date }: Hearing): Answer {
  const { usage, firstTokenAt } = heard;
  const total_ms = Math.round(endedAt - startedAt);
  const first_token_ms = firstTokenAt === null ? null : Math.round(firstTokenAt - startedAt);
  const answer = answerFromText({
    model,
    case: question.case,
    sample: question.sample,
    origin: 'live',
    text: textOf(heard),
    reasoning: heard.reasoning.trim() || null,
    finish_reason: heard.finishReason,
    timings: { total_ms, first_token_ms, tokens_per_second: heard.tokensPerSecond ?? speedOf(usage, firstTokenAt, endedAt) },
    reported_model: heard.model,
    call: { request: '', recorded_at: date.toISOString(), attempts: 1, provenance, cost_usd: null, prices: null },
  });
  const { state, why } = objection ?? stateOf(heard, answer);
  return { ...answer, state, why, usage: believable(usage, answer.answer, answer.reasoning) };
}

/** A model that calls a function says it in no other words: its calls are the answer, as JSON. */
function textOf({ content, refusal, toolCalls }: Heard): string {
  if (content.trim() !== '' || toolCalls.length === 0) return content.trim() === '' ? refusal : content;
  const calls = toolCalls.filter(Boolean).map(({ name, arguments: written }) => ({ name, arguments: parsed(written) }));
  return JSON.stringify(calls.length === 1 ? calls[0] : calls);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/**
 * Zeros beside a text are no measurement: LM Studio sends them, and LiteLLM makes up a count of reasoning tokens. Nor is a
 * count without its other half.
 */
function believable(told: Heard['usage'], answer: string, reasoning: string | null): Answer['usage'] {
  if (told === null) return null;
  const { input_tokens, output_tokens, reasoning_tokens } = told;
  if (!input_tokens || output_tokens === null || (output_tokens === 0 && (answer !== '' || reasoning !== null))) return null;
  return { ...told, input_tokens, output_tokens, reasoning_tokens: reasoning_tokens === 0 && reasoning !== null ? null : reasoning_tokens };
}

function stateOf(heard: Heard, { state, why }: Answer): Pick<Answer, 'state' | 'why'> {
  if (heard.isStream && heard.finishReason === null)
    return { state: 'truncated', why: 'the stream ended without saying that the answer was complete' };
  if (state === 'ok' && heard.content.trim() === '' && heard.refusal.trim() !== '')
    return { state: 'refused', why: `the model refused: ${heard.refusal}` };
  if (state === 'empty' && heard.reasoning.trim() !== '') return { state, why: 'the answer is empty: everything is in the reasoning' };
  return { state, why };
}

/** Tokens a second after the first one; null where it cannot be told. */
function speedOf(usage: Heard['usage'], firstTokenAt: number | null, endedAt: number): number | null {
  if (!usage?.output_tokens || firstTokenAt === null || usage.output_tokens < 2 || endedAt <= firstTokenAt) return null;
  return Number((((usage.output_tokens - 1) * 1000) / (endedAt - firstTokenAt)).toFixed(1));
}
