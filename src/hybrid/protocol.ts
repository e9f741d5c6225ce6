/** What this room reads of the two protocols: whether something was said, whether it is complete, and by whom. */
import { type Body, Failed, malformed, type Path, type Side } from './side.ts';

/** One server-sent event. */
export interface Event {
  event: string | undefined;
  data: string;
}

export interface Read {
  /** something of the answer, the reasoning or a tool call; or why there is nothing */
  isToken: boolean;
  /** indices of the choices that it tells of; a response is the choice 0 */
  choices: number[];
  /** those of which it says why they ended */
  ended: number[];
  model: string | null;
  /** `data` as it was read; null for [DONE] */
  value: Body | null;
}

const isMap = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);
const asMap = (value: unknown): Body => (isMap(value) ? value : {});
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const maps = (value: unknown): Body[] => (Array.isArray(value) ? value.filter(isMap) : []);

/** Throws `Failed` for an event that is an error, or is none of the protocol's. */
export function readEvent({ event, data }: Event, path: Path, side: Side): Read {
  if (data.trim() === '[DONE]') return { isToken: false, choices: [], ended: [], model: null, value: null };
  const value = parsed(data);
  const error = value['error'] ?? (event === 'error' || value['type'] === 'error' ? value : null);
  if (error !== null && error !== undefined) throw new Failed(side.failureInside(error));
  return path === '/responses' ? readResponseEvent(value, side) : readChunk(value);
}

function readChunk(value: Body): Read {
  const choices = maps(value['choices']);
  const isToken = choices.some(({ delta, finish_reason }) => (isMap(delta) && isSaid(delta)) || isExplained(finish_reason));
  const ended = choices.filter(({ finish_reason }) => text(finish_reason) !== null);
  return { isToken, choices: choices.map(indexOf), ended: ended.map(indexOf), model: text(value['model']), value };
}

const indexOf = ({ index }: Body): number => (typeof index === 'number' ? index : 0);

function readResponseEvent(value: Body, side: Side): Read {
  const type = text(value['type']) ?? '';
  const response = asMap(value['response']);
  if (type === 'response.failed') throw new Failed(side.failureInside(response['error'] ?? 'the response failed'));
  const isFinal = type === 'response.completed' || type === 'response.incomplete';
  const isToken = type.endsWith('.delta') || (isFinal && !isEmptyResponse(response));
  return { isToken, choices: [0], ended: isFinal ? [0] : [], model: text(response['model']), value };
}

const SAID = ['content', 'reasoning_content', 'reasoning', 'refusal'];
const CALLED = ['tool_calls', 'function_call', 'audio'];

const isThere = (value: unknown): boolean => text(value) !== null || maps(value).length > 0 || isMap(value);

/** Reasoning counts in a stream: what comes after it is not known yet. */
const isSaid = (delta: Body): boolean => [...SAID, ...CALLED].some((key) => isThere(delta[key]));

/** An answer that was cut at its limit is what was asked for; one that a filter withheld is told. */
const isExplained = (finishReason: unknown): boolean => finishReason === 'length' || finishReason === 'content_filter';

export interface Whole {
  value: Body;
  model: string | null;
  /** null when the server does not tell */
  outputTokens: number | null;
}

const UNANSWERED: unknown[] = ['failed', 'cancelled'];

/** An answer that came in one piece. Throws `Failed` when it is none, or says nothing at all. */
export function readWhole(json: string, path: Path, side: Side): Whole {
  if (/^\s*</.test(json)) throw malformed('not an answer but a page');
  const value = parsed(json);
  if (value['error'] !== null && value['error'] !== undefined) throw new Failed(side.failureInside(value['error']));
  if (path === '/responses' && UNANSWERED.includes(value['status']))
    throw new Failed(side.failureInside(`the response is ${value['status'] as string}`));
  const usage = asMap(value['usage']);
  const tokens = usage[path === '/responses' ? 'output_tokens' : 'completion_tokens'];
  const isEmpty = path === '/responses' ? isEmptyResponse(value) : isEmptyChat(value);
  if (isEmpty) throw new Failed({ state: 'empty', why: 'the answer is empty', isTransient: false, retryAfterMs: null });
  return { value, model: text(value['model']), outputTokens: typeof tokens === 'number' && tokens > 0 ? tokens : null };
}

/** A server that overflows its context may say 200 and nothing. */
function isEmptyChat(value: Body): boolean {
  const choices = maps(value['choices']);
  if (choices.length === 0 || !choices.every(({ message }) => isMap(message))) throw malformed('not a chat completion');
  const isAnswer = ({ message, finish_reason }: Body) =>
    isExplained(finish_reason) || ['content', 'refusal', ...CALLED].some((key) => isThere(asMap(message)[key]));
  return !choices.some(isAnswer);
}

/** Reasoning alone is no answer. */
function isEmptyResponse({ status, output }: Body): boolean {
  if (!Array.isArray(output)) throw malformed('not a response of the Responses API');
  const isAnswer = ({ type, content }: Body) =>
    type === 'message' ? maps(content).some((part) => isThere(part['text']) || isThere(part['refusal'])) : type !== 'reasoning';
  return status === 'completed' && !maps(output).some(isAnswer);
}

function parsed(json: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed('broken JSON');
  }
  if (!isMap(value)) throw malformed('not an answer');
  return value;
}
