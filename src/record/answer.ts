/** Models, and what they answered. */
import type { Position } from '../errors.ts';
import type { Params } from './suite.ts';

/** Another way to put the same case: it changes what is sent, not what is judged. */
export interface PromptVariant {
  /** stands before the case's own system message */
  system?: string | undefined;
  /** the last user message, `{{prompt}}` in its place */
  wrap?: string | undefined;
}

/** An entry of models.yaml; options of a provider's own are kept in `options`. */
export interface Model {
  name: string;
  provider: string;
  /** id sent on the wire */
  model: string;
  answers: 'live' | 'recorded' | 'auto';
  /** parameters of this model; they win over the suite's */
  params: Params;
  /** how this entry puts a case's messages; absent: as they are */
  prompt?: PromptVariant;
  /** the provider's own options, already checked by the provider's schema */
  options: Record<string, unknown>;
  at: Position;
}

/** What a model said, be it little: evidence of the model. Only `ok` can make a case pass; the others are hard failures. */
export const SPOKEN_STATES = ['ok', 'empty', 'truncated', 'refused', 'context_overflow'] as const;

/** Nothing was heard of the model under test: no evidence, the suite is incomplete. Each is named in the report. */
export const UNHEARD_STATES = [
  /** no recording, no line in the file */
  'missing',
  /** what came is not an answer: HTML, broken JSON, an error inside a 200 */
  'malformed',
  /** the budget is spent, or the model is down */
  'not_asked',
  /** another model answered */
  'wrong_model',
  /** a proxy let its fallback answer */
  'fallback',
  'unauthorized',
  /** the server does not know the model, or not any more */
  'unknown_model',
  'out_of_quota',
  /** the server will not take this request: 400, 422 … */
  'rejected',
  'rate_limited',
  /** a proxy holds all deployments back after failures */
  'cooldown',
  'timed_out',
  /** refused, reset or broken off in the middle */
  'unreachable',
  'server_error',
] as const;

/** How asking ended. */
export const ANSWER_STATES = [...SPOKEN_STATES, ...UNHEARD_STATES] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
export type UnheardState = (typeof UNHEARD_STATES)[number];

export interface Answer {
  /** name in models.yaml */
  model: string;
  case: string;
  /** 0-based */
  sample: number;
  state: AnswerState;
  /** why the state is not `ok`; null when it is */
  why: string | null;
  /** the scored text, reasoning removed; '' when there is none */
  answer: string;
  /** what the model thought; kept and shown, never scored */
  reasoning: string | null;
  /** null when unknown (imported answers may not know theirs) */
  finish_reason: string | null;
  usage: {
    input_tokens: number;
    output_tokens: number;
    /** part of the output tokens */
    reasoning_tokens: number | null;
    /** part of the input tokens, read from the server's cache; absent or null where the server does not tell */
    cached_input_tokens?: number | null | undefined;
  } | null;
  timings: { total_ms: number; first_token_ms: number | null; tokens_per_second: number | null } | null;
  /** id the server reported; null when unknown */
  reported_model: string | null;
  /** where the answer came from */
  origin: 'live' | 'recording' | 'file';
  source: string | null;
  licence: string | null;
  /** how it was asked; null for answers that were imported or come from a file */
  call: Call | null;
}

/** What is known of the request that brought an answer. Never a key, never a header that holds one. */
export interface Call {
  /** sha256 of model, messages, params and sample, hex */
  request: string;
  /** ISO 8601 */
  recorded_at: string;
  /** tries made, 1 or more */
  attempts: number;
  /** what the server tells of itself: `server`, `quantization`, `context_length`, `fingerprint`, `litellm_model_id` … */
  provenance: Record<string, string | number | null>;
  /** null when the price is unknown, never 0 for that */
  cost_usd: number | null;
  /** unit prices that the cost was made with; null when unknown, and where the cost is that of a machine's time */
  prices: Prices | null;
}

/** US dollars a million tokens. */
export interface Prices {
  input_per_million: number;
  output_per_million: number;
  /** only where cached input was counted */
  cached_input_per_million?: number | undefined;
}
