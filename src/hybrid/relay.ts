/** A stream from its first token on, handed to the caller as it comes. What breaks now is an error: the caller has seen a part already. */
import { malformed } from './side.ts';
import { type Event, readEvent } from './protocol.ts';
import type { Onpar } from './route.ts';
import { type Answered, type Call, failedBy } from './try-side.ts';

interface Relay {
  call: Call;
  answered: Answered;
  /** what is told on the last event */
  onpar: () => Onpar;
  /** called once: null when the stream was complete, or the caller left */
  onEnd: (broken: unknown) => void;
}

/** Server-sent events. A break becomes an event that the openai client throws as APIError, with code `stream_broken`. */
export function relay({ call, answered, onpar, onEnd }: Relay): ReadableStream<Uint8Array> {
  const { side, limit } = answered;
  const pieces = relayed(call, answered, onpar);
  const encoder = new TextEncoder();
  const end = (broken: unknown) => {
    limit.cut();
    onEnd(broken);
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await pieces.next();
        if (!next.done) return controller.enqueue(encoder.encode(next.value));
        end(null);
        controller.close();
      } catch (error) {
        const failed = failedBy(error, side, call, limit);
        if (call.signal.aborted) {
          end(null);
          return controller.error(call.signal.reason);
        }
        controller.enqueue(encoder.encode(brokenEvent(failed, side.name, onpar())));
        end(failed);
        controller.close();
      }
    },
    cancel() {
      end(null);
    },
  });
}

async function* relayed({ path }: Call, { side, stream }: Answered, onpar: () => Onpar): AsyncGenerator<string> {
  if (stream === null) throw new Error('only a stream is relayed');
  let isComplete = false;
  for await (const event of chain(stream.held, stream.rest)) {
    const { isFinal, value } = readEvent(event, path, side);
    isComplete ||= isFinal;
    if (!isFinal || value === null) yield written(event);
    else {
      const response = typeof value['response'] === 'object' ? { response: { ...value['response'], onpar: onpar() } } : {};
      yield written({ event: event.event, data: JSON.stringify({ ...value, ...response, onpar: onpar() }) });
    }
    if (value === null) break;
  }
  if (!isComplete) throw malformed('the stream ended before the answer was complete');
}

async function* chain(first: Event[], rest: AsyncIterable<Event>): AsyncGenerator<Event> {
  yield* first;
  yield* rest;
}

const written = ({ event, data }: Event): string => {
  const lines = data.split('\n').map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`;
};

function brokenEvent(failed: unknown, side: string, onpar: Onpar): string {
  const why = failed instanceof Error ? failed.message : String(failed);
  const message = `the ${side}'s stream broke off after its first token (${why}); it was not started again, since a part of it was handed over`;
  return written({ event: undefined, data: JSON.stringify({ error: { message, type: 'onpar_error', code: 'stream_broken', onpar } }) });
}
