/** What went wrong on the way to an answer → its named state, a sentence, and whether asking again may help. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { ANSWER_STATES, type AnswerState } from '../record.ts';
import { NotLocal } from '../sockets.ts';
import { NoConnection } from './transport.ts';

export interface Failure {
  state: AnswerState;
  why: string;
  isTransient: boolean;
  /** null when the server said nothing */
  retryAfterMs: number | null;
}

export const NO_ANSWER_IN_TIME = 'no answer in time';
const LONGEST_WHY = 300;

/** What a server says of an error, in whatever shape: an object, a bare string, a numeric code. */
interface Said {
  message: string;
  type: string;
  code: string;
}

interface Rule {
  state: AnswerState;
  isTransient: boolean;
  /** any of the statuses, and the text (type, code and message) where one is asked for */
  statuses?: readonly number[];
  text?: RegExp;
}

/** The first that fits decides. Texts go before statuses: a dead box behind a proxy looks like rate limiting, an unloaded model like a bad request. */
const RULES: readonly Rule[] = [
  // LM Studio says 400 or 404 for what another try may mend, and names the length of the context when loading fails
  { state: 'server_error', isTransient: true, text: /no models? loaded|model (is )?unloaded|model has crashed|failed to load model/i },
  {
    state: 'context_overflow',
    isTransient: false,
    text: /context_length_exceeded|exceed_context_size|ContextWindowExceeded|context (length|size|window)|maximum context|context the overflows/i,
  },
  { state: 'out_of_quota', isTransient: false, text: /insufficient_quota|exceeded your current quota/i },
  { state: 'cooldown', isTransient: true, text: /all_deployments_in_cooldown|no deployments available/i },
  { state: 'unauthorized', isTransient: false, text: /no_db_connection|invalid_api_key|incorrect api key/i },
  {
    state: 'unknown_model',
    isTransient: false,
    text: /model_not_found|invalid model name|no healthy deployments for this model|\bmodel\b.{0,80}\b(does not exist|not found)\b/i,
  },
  { state: 'unauthorized', isTransient: false, statuses: [401, 403] },
  { state: 'timed_out', isTransient: true, statuses: [408, 504] },
  { state: 'server_error', isTransient: true, statuses: [409] },
  { state: 'rate_limited', isTransient: true, statuses: [429] },
];

/** A failure that the openai client threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError)
    return failure('timed_out', NO_ANSWER_IN_TIME, true);
  if (error instanceof APIConnectionError || !(error instanceof APIError)) return brokenConnection(error);
  const { status, headers } = error as { status: number | undefined; headers: Headers | undefined };
  // the client begins its own sentence with the status
  return classify(status ?? null, saidOf(error.error ?? error.message.replace(/^\d{3} /, '')), headers ?? null);
}

/** A connection that was refused, reset or broken off. */
export function brokenConnection(error: unknown): Failure {
  const cause = deepestCause(error);
  if (cause instanceof NotLocal) return failure('not_asked', cause.message, false);
  const code = (cause as NodeJS.ErrnoException).code ?? cause.name;
  if (/abort|timeout/i.test(cause.name) && WORDS[code] === undefined) return failure('timed_out', NO_ANSWER_IN_TIME, true);
  return failure(
    'unreachable',
    `${WORDS[code] ?? 'the connection failed'} (${code}${cause.message ? `: ${oneLine(cause.message)}` : ''})`,
    true,
  );
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'nobody answers there',
  // not by us: a proxy that refuses a tunnel ends up here
  UND_ERR_ABORTED: 'the connection broke off',
  ECONNRESET: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection broke off',
  EPIPE: 'the connection broke off',
};

/** An error that stands inside a 200 or a stream. */
export function failureInside(error: unknown): Failure {
  const said = saidOf(error);
  const status = Number(said.code);
  const found = classify(status >= 400 && status < 600 ? status : null, said, null);
  return { ...found, why: `an error inside a 200: ${found.why}` };
}

/** What came cannot be read as an answer. */
export function malformed(why: string): Failure {
  return failure('malformed', why, true);
}

function failure(state: AnswerState, why: string, isTransient: boolean): Failure {
  return { state, why, isTransient, retryAfterMs: null };
}

/** The hybrid client names the state itself, and has tried again already. */
function ownFailure({ type, code, message }: Said): Failure | null {
  if (type !== 'onpar_error') return null;
  return failure(ANSWER_STATES.find((state) => state === code) ?? 'unreachable', oneLine(message), false);
}

function classify(status: number | null, said: Said, headers: Headers | null): Failure {
  const own = ownFailure(said);
  if (own !== null) return own;
  const text = `${said.type} ${said.code} ${said.message}`;
  const rule = RULES.find((r) => (r.text?.test(text) ?? true) && (r.statuses?.includes(status ?? 0) ?? true));
  const { state, isTransient } = rule ?? fallbackRule(status);
  const label = [status, said.type && said.type !== 'null' ? said.type : ''].filter(Boolean).join(' ');
  return { state, isTransient, why: [label, oneLine(said.message)].filter(Boolean).join(': '), retryAfterMs: retryAfterMs(headers) };
}

function fallbackRule(status: number | null): Pick<Rule, 'state' | 'isTransient'> {
  if (status === null) return { state: 'malformed', isTransient: true };
  return status >= 500 ? { state: 'server_error', isTransient: true } : { state: 'rejected', isTransient: false };
}

function saidOf(error: unknown): Said {
  if (typeof error !== 'object' || error === null)
    return { message: typeof error === 'string' ? error : JSON.stringify(error ?? ''), type: '', code: '' };
  const { message, type, code, error: inner } = error as Record<string, unknown>;
  if (message === undefined && inner !== undefined) return saidOf(inner);
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  return { message: typeof message === 'string' ? message : JSON.stringify(message ?? error), type: text(type), code: text(code) };
}

/** `retry-after-ms`, or Retry-After in seconds or as a date; null without one or when it is nonsense. */
function retryAfterMs(headers: Headers | null): number | null {
  const ms = Number(headers?.get('retry-after-ms') ?? NaN);
  if (ms >= 0) return ms;
  const text = headers?.get('retry-after');
  if (text === null || text === undefined || text.trim() === '') return null;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

function deepestCause(error: unknown): Error {
  let cause = error instanceof Error ? error : new Error(String(error));
  for (let next: unknown = cause; next instanceof Error; next = cause instanceof NoConnection ? cause.reason : cause.cause) cause = next;
  // a name with several addresses fails once for each
  const first = cause instanceof AggregateError ? (cause.errors[0] as unknown) : null;
  return first instanceof Error ? first : cause;
}

/** Its length is cut last of all (`shortened`), after secrets were taken out: half a secret would not be found. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A sentence of a length that people read. */
export function shortened(why: string): string {
  return why.length > LONGEST_WHY ? `${why.slice(0, LONGEST_WHY - 1)}…` : why;
}
