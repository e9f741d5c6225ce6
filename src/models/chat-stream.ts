/** A chat completion as it comes over the wire (server-sent events, or one JSON body) → what was heard. Every piece is checked. */
import { createParser } from 'eventsource-parser';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Answer } from '../record.ts';
import { brokenConnection, type Failure, failureInside, malformed } from './failures.ts';

export interface ToolCall {
  name: string;
  /** JSON text, as the model wrote it */
  arguments: string;
}

/** What was heard of a model, before it is judged. */
export interface Heard {
  content: string;
  reasoning: string;
  refusal: string;
  toolCalls: ToolCall[];
  /** null when the stream ended without saying why, or the body did not tell */
  finishReason: string | null;
  /** id the server reported */
  model: string | null;
  fingerprint: string | null;
  usage: Answer['usage'];
  /** as the server measured it; null when it did not */
  tokensPerSecond: number | null;
  /** on the clock of `now`; null when nothing came */
  firstTokenAt: number | null;
  isStream: boolean;
  hasChoice: boolean;
}

const texts = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish();
const toolCall = z.object({
  index: z.int().optional(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
const said = z.object({
  content: texts,
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
});
const count = z.number().min(0).nullish();
const chunkSchema = z.object({
  model: z.string().nullish(),
  system_fingerprint: z.string().nullish(),
  choices: z
    .array(z.object({ index: z.int().nullish(), delta: said.nullish(), message: said.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: z
    .object({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
    })
    .nullish(),
  timings: z.object({ predicted_per_second: z.number().nullish() }).nullish(),
});

type Chunk = z.infer<typeof chunkSchema>;

/** Reads a body to its end. Never rejects: a broken connection is a failure, too. */
export async function hearChat(body: Readable, now: () => number): Promise<{ heard: Heard } | { failure: Failure }> {
  const heard = silence();
  let problem: Failure | null = null;
  const take = (json: string) => {
    if (problem === null) problem = takeChunk(json, heard, now);
  };
  const end = await readEvents(body, take);
  if (problem !== null) return { failure: problem };
  if ('failure' in end) return end;
  heard.isStream = end.isStream;
  if (!end.isStream) {
    const whole = takeBody(end.text, heard, now);
    if (whole !== null) return { failure: whole };
  }
  heard.usage = believable(heard);
  return { heard };
}

/** How long a server may keep a stream open after it said [DONE]. */
const GRACE_MS = 1000;

/** How an event stream begins. Told by what it says, since servers get the content type wrong. */
const EVENT = /^\uFEFF?\s*(data|event|id|retry)?:/;
const LONGEST_FIELD = 'event:'.length;

export type Read = { isStream: true; sawDone: boolean } | { isStream: false; text: string } | { failure: Failure };

/** Hands over the data of every event; a body that is no event stream is given back whole. */
export async function readEvents(body: Readable, take: (data: string) => void): Promise<Read> {
  const decoder = new TextDecoder();
  const grace: { timer: NodeJS.Timeout | null } = { timer: null };
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data.trim() !== '[DONE]') return take(data);
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
  return isStream ? { isStream, sawDone: grace.timer !== null } : { isStream: false, text };
}

function silence(): Heard {
  const nothing = { finishReason: null, model: null, fingerprint: null, usage: null, tokensPerSecond: null, firstTokenAt: null };
  return { content: '', reasoning: '', refusal: '', toolCalls: [], ...nothing, isStream: false, hasChoice: false };
}

function takeBody(text: string, heard: Heard, now: () => number): Failure | null {
  if (text.trim() === '') return malformed('the body of the response is empty');
  if (/^\s*</.test(text)) return malformed(`not an answer but a page: ${text.trim().slice(0, 80)}`);
  const problem = takeChunk(text, heard, now);
  // a whole body does not tell when its first token came
  heard.firstTokenAt = null;
  return problem ?? (heard.hasChoice ? null : malformed('the response holds no choice'));
}

function takeChunk(json: string, heard: Heard, now: () => number): Failure | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return malformed(`broken JSON: ${json.slice(0, 80)}`);
  }
  const isError = typeof value === 'object' && value !== null && 'error' in value && value.error !== null && value.error !== undefined;
  if (isError) return failureInside((value as { error: unknown }).error);
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success) return malformed(`not a chat completion: ${json.slice(0, 80)}`);
  const { choices, usage } = parsed.data;
  // an error without the key `error`
  if (!choices && !usage && typeof value === 'object' && value !== null && ('message' in value || 'detail' in value))
    return failureInside(value);
  addChunk(parsed.data, heard, now);
  return null;
}

function addChunk({ choices, usage, model, system_fingerprint, timings }: Chunk, heard: Heard, now: () => number): void {
  heard.model ||= model ?? null;
  heard.fingerprint ||= system_fingerprint ?? null;
  heard.tokensPerSecond = timings?.predicted_per_second ?? heard.tokensPerSecond;
  if (usage) {
    heard.usage = {
      input_tokens: usage.prompt_tokens ?? 0,
      output_tokens: usage.completion_tokens ?? 0,
      reasoning_tokens: usage.completion_tokens_details?.reasoning_tokens ?? null,
      cached_input_tokens: usage.prompt_tokens_details?.cached_tokens ?? null,
    };
  }
  const choice = choices?.find(({ index }) => (index ?? 0) === 0);
  if (!choice) return;
  heard.hasChoice = true;
  heard.finishReason = choice.finish_reason ?? heard.finishReason;
  const part = choice.delta ?? choice.message;
  if (!part) return;
  const [content, reasoning] = [textOf(part.content), part.reasoning_content ?? part.reasoning ?? ''];
  heard.content += content;
  heard.reasoning += reasoning;
  heard.refusal += part.refusal ?? '';
  (part.tool_calls ?? []).forEach((call, position) => addToolCall(call, position, heard));
  if (heard.firstTokenAt === null && (content || reasoning || part.refusal || part.tool_calls?.length)) heard.firstTokenAt = now();
}

function addToolCall({ index, function: called }: z.infer<typeof toolCall>, position: number, heard: Heard): void {
  const call = (heard.toolCalls[index ?? position] ??= { name: '', arguments: '' });
  call.name += called?.name ?? '';
  call.arguments += called?.arguments ?? '';
}

function textOf(content: z.infer<typeof texts>): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(({ text }) => text ?? '').join('');
}

/** Zeros beside a text are no measurement: LM Studio sends them, and LiteLLM makes up a count of reasoning tokens. */
export function believable({ usage, content, reasoning }: Pick<Heard, 'usage' | 'content' | 'reasoning'>): Heard['usage'] {
  if (usage === null || (usage.output_tokens === 0 && content + reasoning !== '')) return null;
  return usage.reasoning_tokens === 0 && reasoning !== '' ? { ...usage, reasoning_tokens: null } : usage;
}
