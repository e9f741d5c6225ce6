/** A stream from its first token on, handed to the caller as it comes. What breaks now is an error: the caller has seen a part already. */
import { type Body, Failed, malformed, type Side, wrongModel } from './side.ts';
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

/** Server-sent events. A break becomes an event that the openai client throws as APIError, with code `stream_broken`, or `wrong_model`. */
export function relay({ call, answered, onpar, onEnd }: Relay): ReadableStream<Uint8Array> {
  const { side, limit } = answered;
  const pieces = relayed(call, answered, onpar);
  const encoder = new TextEncoder();
  let isOver = false;
  const leave = () => end(null);
  const end = (broken: unknown) => {
    if (isOver) return;
    isOver = true;
    call.signal.removeEventListener('abort', leave);
    limit.cut();
    onEnd(broken);
  };
  // a stream that nobody reads any more is not pulled
  call.signal.addEventListener('abort', leave);
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

async function* relayed({ path, body }: Call, answered: Answered, onpar: () => Onpar): AsyncGenerator<string> {
  const { side, stream, headers } = answered;
  if (stream === null) throw new Error('only a stream is relayed');
  const [open, ended] = [new Set<number>(), new Set<number>()];
  const wanted = typeof body['n'] === 'number' ? body['n'] : 1;
  // a server may end without [DONE], or give fewer choices than were asked for
  const isComplete = (isLast: boolean) => ended.size > 0 && ended.size === open.size && (isLast || ended.size >= wanted);
  for await (const event of chain(stream.held, stream.rest)) {
    const read = readEvent(event, path, side);
    read.choices.forEach((index) => open.add(index));
    read.ended.forEach((index) => ended.add(index));
    // llama.cpp tells the model of a response with its last event only
    if (answered.model === null && read.model !== null) checkModel((answered.model = read.model), side, headers);
    const isLast = read.value === null || (path === '/responses' && ended.size > 0);
    // the openai client reads nothing after [DONE], and would not see that the answer is broken
    if (isLast && !isComplete(true)) break;
    yield read.ended.length === 0 ? written(event) : written({ ...event, data: told(read.value, onpar()) });
    if (isLast) return;
  }
  if (!isComplete(false)) throw malformed('the stream ended before the answer was complete');
}

function checkModel(model: string, side: Side, headers: Headers): void {
  const why = side.objectTo(model, headers);
  if (why !== null) throw wrongModel(why);
}

function told(value: Body | null, onpar: Onpar): string {
  const response = value?.['response'];
  const isInside = typeof response === 'object' && response !== null;
  return JSON.stringify({ ...value, ...(isInside && { response: { ...response, onpar } }), onpar });
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
  const code = failed instanceof Failed && failed.failure.state === 'wrong_model' ? 'wrong_model' : 'stream_broken';
  const message = `the ${side}'s stream broke off after its first token (${why}); it was not started again, since a part of it was handed over`;
  return written({ event: undefined, data: JSON.stringify({ error: { message, type: 'onpar_error', code, onpar } }) });
}
