/** One try at one side: its answer whole, or its stream up to the first token. Until then nothing has reached the caller. */
import { createParser } from 'eventsource-parser';
import type { Timed } from './circuit.ts';
import type { Limit } from './limit.ts';
import { type Event, readEvent, readWhole } from './protocol.ts';
import { type Body, Failed, malformed, type Path, type Side, wrongModel } from './side.ts';

export interface Call {
  path: Path;
  body: Body;
  isStream: boolean;
  /** the caller's */
  signal: AbortSignal;
}

export interface Answered extends Timed {
  side: Side;
  headers: Headers;
  model: string | null;
  /** null for a stream */
  whole: Body | null;
  /** what was held back until the first token, and what comes after it; null for an answer that came whole */
  stream: { held: Event[]; rest: AsyncGenerator<Event> } | null;
  /** still counts for a stream */
  limit: Limit;
}

/** Rejects with `Failed`, or with the caller's own reason when the caller gave up. */
export async function trySide(side: Side, call: Call, limit: Limit): Promise<Answered> {
  const startedAt = performance.now();
  try {
    const reply = await side.send(call.path, side.bodyOf(call.body, call.path), limit.signal);
    const got = call.isStream ? await hearStart(side, call, reply) : await hearWhole(side, call, reply, startedAt);
    const why = side.objectTo(got.model, reply.headers);
    if (why !== null) throw wrongModel(why);
    const ms = performance.now() - startedAt;
    const time = call.isStream ? ({ kind: 'first_token', value: ms, totalMs: ms } as const) : got.time;
    return { ...got, side, headers: reply.headers, limit, time };
  } catch (error) {
    limit.cut();
    throw failedBy(error, side, call, limit);
  }
}

/** Any error on the way as a `Failed`, but for the caller's own abort. */
export function failedBy(error: unknown, side: Side, { signal }: Call, limit: Limit): unknown {
  if (signal.aborted) return signal.reason;
  if (limit.isLate()) return new Failed({ state: 'timed_out', why: 'no answer in time', isTransient: true, retryAfterMs: null });
  return error instanceof Failed ? error : new Failed(side.failureOf(error));
}

type Heard = Pick<Answered, 'model' | 'whole' | 'stream' | 'time'>;
type Reply = Awaited<ReturnType<Side['send']>>;

async function hearWhole(side: Side, { path }: Call, reply: Reply, startedAt: number): Promise<Heard> {
  const { value, model, outputTokens } = readWhole(await reply.text(), path, side);
  const totalMs = performance.now() - startedAt;
  const time = outputTokens === null ? null : ({ kind: 'per_token', value: totalMs / outputTokens, totalMs } as const);
  return { model, whole: value, stream: null, time };
}

async function hearStart(side: Side, { path }: Call, { body }: Reply): Promise<Heard> {
  const rest = events(body);
  const held: Event[] = [];
  let model: string | null = null;
  let isOver = false;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    const read = readEvent(next.value, path, side);
    held.push(next.value);
    model ??= read.model;
    isOver ||= read.ended.length > 0;
    if (read.isToken) return { model, whole: null, stream: { held, rest }, time: null };
  }
  if (isOver) throw new Failed({ state: 'empty', why: 'the answer is empty', isTransient: false, retryAfterMs: null });
  throw malformed('the stream ended before its first token');
}

async function* events(body: AsyncIterable<Uint8Array>): AsyncGenerator<Event> {
  const decoder = new TextDecoder();
  const ready: Event[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => void ready.push({ event, data }) });
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* ready.splice(0);
  }
  // the last event may lack its blank line
  parser.feed('\n\n');
  yield* ready.splice(0);
}
