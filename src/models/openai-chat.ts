/** The protocol of `/chat/completions`, as OpenAI, LM Studio, LiteLLM, llama.cpp, vLLM and Ollama speak it: one try, streamed. */
import type { Readable } from 'node:stream';
import type { Answer, Call, Params } from '../record.ts';
import { answerFromHeard, type Objection } from './answer-from-heard.ts';
import { noAnswer } from './answer-from-text.ts';
import { hearChat, type Heard } from './chat-stream.ts';
import { type Endpoint, redact } from './endpoint.ts';
import { type Failure, failureOf, NO_ANSWER_IN_TIME, shortened } from './failures.ts';
import type { Attempt, Question } from './provider.ts';

/** How one server's answers differ from another's. */
export interface Dialect {
  /** parameters as this server takes them */
  paramsOf: (params: Params, modelId: string) => Params;
  /** null when the model under test answered */
  objectTo: (heard: Heard, headers: Headers) => Objection | null;
  /** what the server tells of itself beside an answer */
  provenance: (heard: Heard, headers: Headers) => Call['provenance'];
}

/** One try's surroundings. */
export interface Asked {
  name: string;
  modelId: string;
  question: Question;
  endpoint: Endpoint;
  dialect: Dialect;
  signal: AbortSignal;
  date: () => Date;
  /** tokens at which whoever answered cuts an answer, where the question does not say; null where nobody does */
  limitOf?: (headers: Headers) => number | null;
}

export async function askChat(asked: Asked): Promise<Attempt> {
  const { question, endpoint, dialect, modelId } = asked;
  const body = {
    ...dialect.paramsOf(question.params, modelId),
    model: modelId,
    messages: question.messages,
    stream: true as const,
    stream_options: { include_usage: true },
  };
  return attempt(asked, async (signal) => {
    const response = await endpoint.client.chat.completions.create(body as never, { signal }).asResponse();
    const result = await hearChat(response.body as unknown as Readable, () => performance.now());
    return { ...result, headers: response.headers };
  });
}

export type Result =
  | {
      heard: Heard;
      headers: Headers;
      /** milliseconds to the answer, where that was not this try alone; null: unknown */
      tookMs?: number | null;
    }
  | {
      failure: Failure;
      /** the id of a job that runs on at the server */
      job?: string;
    };

/** Runs one try under its deadline, and turns whatever comes of it into an answer. */
export async function attempt(asked: Asked, run: (signal: AbortSignal) => Promise<Result>): Promise<Attempt> {
  const { name, question, endpoint, dialect, signal, date } = asked;
  const deadline = withDeadline([signal], endpoint.timeoutMs);
  const startedAt = performance.now();
  try {
    const result = await run(deadline.signal);
    if ('failure' in result) return failed(asked, result.failure, result.job);
    const { heard, headers, tookMs } = result;
    const objection = dialect.objectTo(heard, headers);
    const provenance = dialect.provenance(heard, headers);
    const hearing = { model: name, question, heard, objection, provenance, startedAt, endedAt: performance.now(), date: date() };
    const clean = redact(answerFromHeard(hearing), endpoint.secrets);
    const answer = {
      ...clean,
      timings: tookMs === undefined ? clean.timings : timingsOf(tookMs),
      why: clean.why === null ? null : shortened(clean.why),
    };
    // a stream that broke off may come whole another time
    const isTransient = answer.state === 'truncated' && heard.isStream && heard.finishReason === null;
    return { answer, isTransient, retryAfterMs: null };
  } catch (error) {
    return failed(asked, failureOf(error));
  } finally {
    deadline.release();
  }
}

const timingsOf = (ms: number | null): Answer['timings'] =>
  ms === null ? null : { total_ms: ms, first_token_ms: null, tokens_per_second: null };

function failed(asked: Asked, { state, why, isTransient, retryAfterMs }: Failure, job?: string): Attempt {
  const { name, question, endpoint, signal, date } = asked;
  const of = { model: name, case: question.case, sample: question.sample, origin: 'live' as const };
  const isLate = state === 'timed_out' && !signal.aborted && why === NO_ANSWER_IN_TIME;
  const sentence = isLate ? `no answer within ${endpoint.timeoutMs / 1000} s` : why;
  const call = {
    request: '',
    recorded_at: date().toISOString(),
    attempts: 1,
    provenance: job === undefined ? {} : { job },
    cost_usd: null,
    prices: null,
  };
  const { secrets, baseUrl } = endpoint;
  const runsOn = job === undefined ? '' : `; the job ${job} runs on at the server: --resume, --retry-errors or recording again takes it up`;
  const answer = { ...noAnswer(of, state, `${shortened(redact(sentence, secrets))}; asked at ${redact(baseUrl, secrets)}${runsOn}`), call };
  return { answer, isTransient, retryAfterMs };
}

/** Aborted by any of `outer` or after `ms`. Not AbortSignal.any: it keeps every signal of a long run alive. */
export function withDeadline(outer: readonly AbortSignal[], ms: number): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, Math.min(ms, 2 ** 31 - 1));
  for (const one of outer) one.addEventListener('abort', abort, { once: true });
  if (outer.some((one) => one.aborted)) abort();
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      for (const one of outer) one.removeEventListener('abort', abort);
    },
  };
}
