/** The protocol of `/responses`: one try, streamed. */
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Params } from '../record.ts';
import { errorEvent, type Heard, readEvents } from './chat-stream.ts';
import { type Failure, failureInside, malformed } from './failures.ts';
import { type Asked, attempt } from './openai-chat.ts';
import type { Attempt } from './provider.ts';

const part = z.object({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() });
const count = z.number().min(0).nullish().catch(null);
const responseSchema = z.object({
  status: z.string().nullish(),
  error: z.unknown().optional(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  model: z.string().nullish(),
  output: z
    .array(
      z.object({
        type: z.string(),
        content: z.array(part).nullish(),
        summary: z.array(part).nullish(),
        name: z.string().optional(),
        arguments: z.string().optional(),
      }),
    )
    .nullish(),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
      output_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});
type Response = z.infer<typeof responseSchema>;

export function askResponses(asked: Asked): Promise<Attempt> {
  const body = bodyOf(asked);
  return attempt(asked, async (signal) => {
    const response = await asked.endpoint.client.responses.create({ ...body, stream: true } as never, { signal }).asResponse();
    const result = await hearResponse(response.body as unknown as Readable, asked.limitOf?.(response.headers) ?? limitOf(body));
    return { ...result, headers: response.headers };
  });
}

export function bodyOf({ question, dialect, modelId }: Asked): Params {
  return { ...responsesParams(dialect.paramsOf(question.params, modelId)), model: modelId, input: question.messages };
}

/** Chat's parameters under the names that this protocol has for them. */
export function responsesParams({ max_tokens, max_completion_tokens, reasoning_effort, response_format, ...rest }: Params): Params {
  const limit = max_completion_tokens ?? max_tokens;
  const format = typeof response_format === 'object' && response_format !== null ? flatFormat(response_format) : null;
  return {
    ...rest,
    ...(limit !== undefined && { max_output_tokens: limit }),
    ...(reasoning_effort !== undefined && { reasoning: { effort: reasoning_effort } }),
    ...(format !== null && { text: { format } }),
  };
}

/** `{ type, json_schema: { name, schema } }` is `{ type, name, schema }` here. */
function flatFormat(format: object): object {
  const { json_schema, ...rest } = format as { json_schema?: object };
  return { ...rest, ...json_schema };
}

function limitOf(params: Params): number | null {
  return typeof params['max_output_tokens'] === 'number' ? params['max_output_tokens'] : null;
}

async function hearResponse(body: Readable, limit: number | null): Promise<{ heard: Heard } | { failure: Failure }> {
  let firstTokenAt: number | null = null;
  let last: unknown = null;
  let problem: Failure | null = null;
  const read = await readEvents(body, (data, name) => {
    const event = parse(data);
    const { type, response, error } = (event ?? {}) as { type?: string; response?: unknown; error?: unknown };
    if (name === 'error' || type === 'error' || error) return void (problem ??= errorEvent(data));
    if (event === null) return void (problem ??= malformed(`broken JSON: ${data}`));
    if (type?.endsWith('.delta')) firstTokenAt ??= performance.now();
    if (/^response\.(completed|incomplete|failed)$/.test(type ?? '')) last = response;
  });
  if (problem !== null) return { failure: problem };
  if ('failure' in read) return read;
  if (!read.isStream) return heardOf(parse(read.text), null, limit);
  if (last === null) return { failure: malformed('the stream ended without a final response') };
  return heardOf(last, firstTokenAt, limit);
}

export function heardOf(value: unknown, firstTokenAt: number | null, limit: number | null): { heard: Heard } | { failure: Failure } {
  const parsed = responseSchema.safeParse(value);
  if (!parsed.success || (!parsed.data.output && !parsed.data.error)) return { failure: malformed('not a response of the Responses API') };
  const { error, status, output, model, usage: used } = parsed.data;
  if (error !== null && error !== undefined) return { failure: failureInside(error) };
  if (status !== 'completed' && status !== 'incomplete')
    return { failure: failureInside(`the response is ${status ?? 'without a status'}`) };
  const textsOf = (type: string, kind: RegExp) =>
    (output ?? [])
      .filter((item) => item.type === type)
      .flatMap(({ content, summary }) => [...(summary ?? []), ...(content ?? [])].filter((p) => kind.test(p.type)));
  const usage = used && {
    input_tokens: used.input_tokens ?? null,
    output_tokens: used.output_tokens ?? null,
    reasoning_tokens: used.output_tokens_details?.reasoning_tokens ?? null,
    cached_input_tokens: used.input_tokens_details?.cached_tokens ?? null,
  };
  const heard: Heard = {
    content: textsOf('message', /^output_text$/)
      .map((p) => p.text ?? '')
      .join(''),
    reasoning: textsOf('reasoning', /text$/)
      .map((p) => p.text ?? '')
      .join('\n'),
    usage: usage ?? null,
    refusal: textsOf('message', /^refusal$/)
      .map((p) => p.refusal ?? '')
      .join(''),
    toolCalls: (output ?? []).filter((i) => i.type === 'function_call').map((i) => ({ name: i.name ?? '', arguments: i.arguments ?? '' })),
    finishReason: finishReason(parsed.data, limit),
    model: model ?? null,
    fingerprint: null,
    tokensPerSecond: null,
    firstTokenAt,
    isStream: firstTokenAt !== null,
    hasChoice: true,
  };
  return { heard };
}

/** In the words of chat completions. llama.cpp says "completed" of an answer that was cut at its limit. */
function finishReason({ status, incomplete_details, usage }: Response, limit: number | null): string | null {
  if (status === 'incomplete') return incomplete_details?.reason === 'content_filter' ? 'content_filter' : 'length';
  if (limit !== null && (usage?.output_tokens ?? 0) >= limit) return 'length';
  return status === 'completed' ? 'stop' : null;
}

export function parse(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
