/** A chat completion as it comes over the wire (server-sent events, or one JSON body) → what was heard. Every piece is checked. */
import { createParser } from 'eventsource-parser';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { brokenConnection, type Failure, failureInside, malformed } from './failures.ts';

export interface ToolCall {
  name: string;
  /** JSON text, as the model wrote it */
  arguments: string;
}

/** Counts as a server tells them, believable or not. */
export interface TokensTold {
  input_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  cached_input_tokens: number | null;
}

/** What was heard of a model, before it is judged. */
export interface Heard {
  content: string;
  reasoning: string;
  /** the key under which the reasoning came; absent when none did, or the protocol has no such key */
  reasoningField?: 'reasoning_content' | 'reasoning';
  refusal: string;
  toolCalls: ToolCall[];
  /** null when the stream ended without saying why, or the body did not tell */
  finishReason: string | null;
  /** id the server reported */
  model: string | null;
  fingerprint: string | null;
  /** as it was told; null when it was not */
  usage: TokensTold | null;
  /** as the server measured it; null when it did not */
  tokensPerSecond: number | null;
  /** on the clock of `now`; null when nothing came */
  firstTokenAt: number | null;
  isStream: boolean;
  hasChoice: boolean;
}

// What is not the answer itself is dropped where it has an odd shape, and does not spoil the answer.
const aside = z.string().nullish().catch(null);
const part = z.object({ type: aside, text: z.string().nullish(), refusal: aside });
const texts = z.union([z.string(), z.array(part)]).nullish();
const toolCall = z.object({
  index: z.int().min(0).nullish(),
  // arguments are JSON text, and with some servers the value itself
  function: z.object({ name: z.string().nullish(), arguments: z.unknown() }).nullish(),
});
const said = z.object({
  content: texts,
  reasoning_content: aside,
  reasoning: aside,
  refusal: aside,
  tool_calls: z.array(toolCall).nullish(),
});
const count = z.number().min(0).nullish().catch(null);
const chunkSchema = z.object({
  model: aside,
  system_fingerprint: aside,
  choices: z
    .array(z.object({ index: z.int().nullish(), delta: said.nullish(), message: said.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
      completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  timings: z.object({ predicted_per_second: count }).nullish().catch(null),
});

type Chunk = z.infer<typeof chunkSchema>;
type Part = Partial<z.infer<typeof part>>;
/** Parts of a content that are no part of the answer. */
const THOUGHT = /think|reason/;

/** Reads a body to its end. Never rejects: a broken connection is a failure, too. */
export async function hearChat(body: Readable, now: () => number): Promise<{ heard: Heard } | { failure: Failure }> {
  const heard = silence();
  let problem: Failure | null = null;
  const take = (json: string, event: string | null) => {
    if (problem === null) problem = event === 'error' ? errorEvent(json) : takeChunk(json, heard, now);
  };
  const end = await readEvents(body, take);
  if (problem !== null) return { failure: problem };
  if ('failure' in end) return end;
  heard.isStream = end.isStream;
  const whole = end.isStream ? null : takeBody(end.text, heard, now);
  if (whole !== null) return { failure: whole };
  return heard.hasChoice ? { heard } : { failure: malformed(`the ${end.isStream ? 'stream' : 'response'} holds no answer`) };
}

/** How long a server may keep a stream open after it said [DONE]. */
const GRACE_MS = 1000;

/** How an event stream begins. Told by what it says, since servers get the content type wrong. */
const EVENT = /^\uFEFF?\s*(data|event|id|retry)?:/;
const LONGEST_FIELD = 'event:'.length;

export type Read = { isStream: true } | { isStream: false; text: string } | { failure: Failure };

/** Hands over the data of every event, and its name; a body that is no event stream is given back whole. */
export async function readEvents(body: Readable, take: (data: string, event: string | null) => void): Promise<Read> {
  const decoder = new TextDecoder();
  const grace: { timer: NodeJS.Timeout | null } = { timer: null };
  const parser = createParser({
    onEvent: ({ data, event }) => {
      if (data.trim() !== '[DONE]') return take(data, event ?? null);
      grace.timer ??= setTimeout(() => body.destroy(), GRACE_MS);
    },
  });
  let isStream: boolean | null = null;
  let text = '';
  try {
    for await (const bytes of body) {
      const piece = decoder.decode(bytes as Uint8Array, { stream: true });
      if (isStream) {
        parser.feed(piece);
        continue;
      }
      text += piece;
      if (isStream !== null || text.trimStart().length < LONGEST_FIELD) continue;
      isStream = EVENT.test(text);
      if (isStream) parser.feed(text);
    }
  } catch (error) {
    if (grace.timer === null) return { failure: brokenConnection(error) };
  } finally {
    if (grace.timer) clearTimeout(grace.timer);
  }
  if (isStream === null && EVENT.test(text)) {
    isStream = true;
    parser.feed(text);
  }
  // the last event may lack its blank line
  if (isStream) parser.feed('\n\n');
  return isStream ? { isStream } : { isStream: false, text };
}

/** Nothing heard yet. */
export function silence(): Heard {
  const nothing = { finishReason: null, model: null, fingerprint: null, usage: null, tokensPerSecond: null, firstTokenAt: null };
  return { content: '', reasoning: '', refusal: '', toolCalls: [], ...nothing, isStream: false, hasChoice: false };
}

function takeBody(text: string, heard: Heard, now: () => number): Failure | null {
  if (text.trim() === '') return malformed('the body of the response is empty');
  if (/^\s*</.test(text)) return malformed(`not an answer but a page: ${text.trim()}`);
  const problem = takeChunk(text, heard, now);
  // a whole body does not tell when its first token came
  heard.firstTokenAt = null;
  return problem;
}

/** What came under `event: error`, which is an error whatever it says. */
export function errorEvent(data: string): Failure {
  try {
    const value: unknown = JSON.parse(data);
    const isNested = typeof value === 'object' && value !== null && 'error' in value && value.error;
    return failureInside(isNested ? value.error : value);
  } catch {
    return failureInside(data);
  }
}

function takeChunk(json: string, heard: Heard, now: () => number): Failure | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return malformed(`broken JSON: ${json}`);
  }
  const isError = typeof value === 'object' && value !== null && 'error' in value && value.error !== null && value.error !== undefined;
  if (isError) return failureInside((value as { error: unknown }).error);
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success) return malformed(`not a chat completion: ${json}`);
  const { choices, usage } = parsed.data;
  // an error without the key `error`
  if (!choices && !usage && typeof value === 'object' && value !== null && ('message' in value || 'detail' in value))
    return failureInside(value);
  addChunk(parsed.data, heard, now);
  return null;
}

function addChunk({ choices, usage, model, system_fingerprint, timings }: Chunk, heard: Heard, now: () => number): void {
  heard.model ||= model || null;
  heard.fingerprint ||= system_fingerprint || null;
  heard.tokensPerSecond = timings?.predicted_per_second ?? heard.tokensPerSecond;
  if (usage) {
    heard.usage = {
      input_tokens: usage.prompt_tokens ?? null,
      output_tokens: usage.completion_tokens ?? null,
      reasoning_tokens: usage.completion_tokens_details?.reasoning_tokens ?? null,
      cached_input_tokens: usage.prompt_tokens_details?.cached_tokens ?? null,
    };
  }
  const choice = choices?.find(({ index }) => (index ?? 0) === 0);
  if (!choice) return;
  // some servers say "" until they have a reason
  heard.finishReason = choice.finish_reason || heard.finishReason;
  const message = choice.delta ?? choice.message;
  if (!message) return;
  heard.hasChoice = true;
  const { content, reasoning, refusal } = saidIn(message);
  heard.content += content;
  heard.reasoning += reasoning;
  if (message.reasoning_content) heard.reasoningField ??= 'reasoning_content';
  else if (message.reasoning) heard.reasoningField ??= 'reasoning';
  heard.refusal += refusal;
  (message.tool_calls ?? []).forEach((call, position) => addToolCall(call, position, heard));
  if (heard.firstTokenAt === null && (content || reasoning || refusal || message.tool_calls?.length)) heard.firstTokenAt = now();
}

/** Content may be a list of parts, of which some are a thought or a refusal. */
function saidIn({
  content,
  reasoning_content,
  reasoning,
  refusal,
}: z.infer<typeof said>): Record<'content' | 'reasoning' | 'refusal', string> {
  const parts: Part[] = typeof content === 'string' ? [{ text: content }] : (content ?? []);
  const textOf = (isThought: boolean) => parts.map((p) => (THOUGHT.test(p.type ?? '') === isThought ? (p.text ?? '') : '')).join('');
  return {
    content: textOf(false),
    reasoning: reasoning_content || reasoning || textOf(true),
    refusal: refusal || parts.map((p) => p.refusal ?? '').join(''),
  };
}

function addToolCall({ index, function: called }: z.infer<typeof toolCall>, position: number, heard: Heard): void {
  const call = (heard.toolCalls[index ?? position] ??= { name: '', arguments: '' });
  call.name += called?.name ?? '';
  const written = called?.arguments ?? '';
  call.arguments += typeof written === 'string' ? written : JSON.stringify(written);
}
