/** What this room reads of the two protocols: whether something was said, whether it is complete, and by whom. */
import { type Body, Failed, malformed, type Path, type Side } from './side.ts';

/** One server-sent event. */
export interface Event {
  event: string | undefined;
  data: string;
}

export interface Read {
  /** something of the answer, the reasoning or a tool call */
  isToken: boolean;
  /** says why the answer ended */
  isFinal: boolean;
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
  if (data.trim() === '[DONE]') return { isToken: false, isFinal: false, model: null, value: null };
  const value = parsed(data);
  const error = value['error'] ?? (event === 'error' || value['type'] === 'error' ? value : null);
  if (error !== null && error !== undefined) throw new Failed(side.failureInside(error));
  return path === '/responses' ? readResponseEvent(value, side) : readChunk(value);
}

function readChunk(value: Body): Read {
  const choices = maps(value['choices']);
  const isToken = choices.some(({ delta }) => isMap(delta) && isSaid(delta));
  const isFinal = choices.some(({ finish_reason }) => text(finish_reason) !== null);
  return { isToken, isFinal, model: text(value['model']), value };
}

function readResponseEvent(value: Body, side: Side): Read {
  const type = text(value['type']) ?? '';
  const response = asMap(value['response']);
  if (type === 'response.failed') throw new Failed(side.failureInside(response['error'] ?? 'the response failed'));
  const isFinal = type === 'response.completed' || type === 'response.incomplete';
  return { isToken: type.endsWith('.delta'), isFinal, model: text(response['model']), value };
}

const SAID = ['content', 'reasoning_content', 'reasoning', 'refusal'];

function isSaid(message: Body): boolean {
  return SAID.some((key) => text(message[key]) !== null || maps(message[key]).length > 0) || maps(message['tool_calls']).length > 0;
}

export interface Whole {
  value: Body;
  model: string | null;
  /** null when the server does not tell */
  outputTokens: number | null;
}

/** An answer that came in one piece. Throws `Failed` when it is none, or says nothing at all. */
export function readWhole(json: string, path: Path, side: Side): Whole {
  if (/^\s*</.test(json)) throw malformed('not an answer but a page');
  const value = parsed(json);
  if (value['error'] !== null && value['error'] !== undefined) throw new Failed(side.failureInside(value['error']));
  const usage = asMap(value['usage']);
  const tokens = usage[path === '/responses' ? 'output_tokens' : 'completion_tokens'];
  const isEmpty = path === '/responses' ? isEmptyResponse(value) : isEmptyChat(value);
  if (isEmpty) throw new Failed({ state: 'empty', why: 'the answer is empty', isTransient: false, retryAfterMs: null });
  return { value, model: text(value['model']), outputTokens: typeof tokens === 'number' && tokens > 0 ? tokens : null };
}

/** A server that overflows its context may say 200 and nothing. An answer that was cut at its limit is what was asked for. */
function isEmptyChat(value: Body): boolean {
  const [choice] = maps(value['choices']);
  if (!choice || !isMap(choice['message'])) throw malformed('not a chat completion');
  const { content, refusal, tool_calls, function_call, audio } = choice['message'];
  const isThere = text(content) ?? text(refusal) ?? maps(tool_calls)[0] ?? function_call ?? audio ?? null;
  return isThere === null && maps(content).length === 0 && choice['finish_reason'] !== 'length';
}

function isEmptyResponse(value: Body): boolean {
  if (!Array.isArray(value['output'])) throw malformed('not a response of the Responses API');
  return maps(value['output']).length === 0 && value['status'] === 'completed';
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
