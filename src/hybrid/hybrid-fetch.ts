/** A `fetch` with two servers behind it: the openai client above it builds requests and reads answers as it always does. */
import { relay } from './relay.ts';
import { type Body, isAgainst, type Path } from './side.ts';
import { NoAnswer, type Onpar, route, type Routed, type Sides } from './route.ts';
import type { Answered, Call } from './try-side.ts';

export interface HybridFetch {
  fetch: typeof fetch;
  /** who answered, of a response that this fetch gave: at once, or when its stream has ended; null where nobody did */
  told: (response: Response) => Onpar | Promise<Onpar> | null;
}

const PATHS: readonly string[] = ['/chat/completions', '/responses'] satisfies Path[];

export function openHybridFetch(sides: Sides, health: () => number): HybridFetch {
  const told = new WeakMap<Response, Onpar | Promise<Onpar>>();
  const answer = async (call: Call): Promise<Response> => {
    const startedAt = performance.now();
    const routed = await route(call, sides);
    const onpar = (): Onpar => onparOf(routed, health(), performance.now() - startedAt);
    const { answered } = routed;
    const headers = headersOf(answered, onpar());
    if (answered.whole !== null) {
      answered.limit.release();
      const at = onpar();
      const response = new Response(JSON.stringify({ ...answered.whole, onpar: at }), { headers });
      told.set(response, at);
      return response;
    }
    answered.limit.extend(routed.endsAt - performance.now());
    let resolve: (onpar: Onpar) => void = () => undefined;
    const end = new Promise<Onpar>((done) => (resolve = done));
    const stream = relay({
      call,
      answered,
      onpar,
      onEnd: (broken) => {
        resolve(
          broken === null ? onpar() : { ...onpar(), reason: 'stream_broken', why: broken instanceof Error ? broken.message : 'broken' },
        );
        const isOurs = broken !== null && answered.side === sides.candidate;
        if (isOurs && isAgainst(broken)) sides.circuit.run(() => Promise.reject(broken as Error)).catch(() => undefined);
      },
    });
    const response = new Response(stream, { headers });
    told.set(response, end);
    return response;
  };
  const hybridFetch: typeof fetch = async (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const why = refusal(pathname + search, init);
    if (why !== null) return errorResponse(404, { message: why, type: 'onpar_error', code: 'not_hybrid' });
    const body = JSON.parse(init?.body as string) as Body;
    const elsewhere = whatIsElsewhere(body);
    if (elsewhere !== null) return errorResponse(400, { message: elsewhere, type: 'onpar_error', code: 'state_elsewhere' });
    const signal = init?.signal ?? new AbortController().signal;
    try {
      return await answer({ path: pathname as Path, body, isStream: body['stream'] === true, signal });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return noAnswer(error, sides.baseline === null, health());
    }
  };
  return { fetch: hybridFetch, told: (response) => told.get(response) ?? null };
}

function refusal(path: string, init: RequestInit | undefined): string | null {
  const isPost = init?.method?.toUpperCase() === 'POST';
  if (isPost && PATHS.includes(path) && typeof init.body === 'string') return null;
  return `the hybrid client answers chat.completions.create and responses.create only, not ${init?.method ?? 'GET'} ${path}: ask a client of your own`;
}

/** What one server keeps or runs, the other does not have; some answer all the same, as if nothing had been asked (llama.cpp). */
function whatIsElsewhere(body: Body): string | null {
  const kept = KEPT.find((key) => body[key] !== undefined && body[key] !== null && body[key] !== false);
  if (kept !== undefined)
    return `${kept} is about what one server keeps or runs, and the hybrid client may ask another: send the whole conversation, and wait for its answer`;
  const tools = Array.isArray(body['tools']) ? (body['tools'] as { type?: unknown }[]) : [];
  const hosted = tools.find((tool) => !OWN_TOOLS.includes(tool?.type));
  if (hosted === undefined) return null;
  return `a tool of type "${String(hosted.type)}" is run by one server, and the hybrid client may ask another: run it yourself, as a function`;
}

const KEPT = ['previous_response_id', 'conversation', 'prompt', 'background', 'web_search_options'];
const OWN_TOOLS: unknown[] = ['function', 'custom'];

function onparOf({ answered, reason, why, attempts, lostMs }: Routed, health: number, ms: number): Onpar {
  const { side, model } = answered;
  const times = { ms: Math.round(ms), lost_ms: Math.round(lostMs) };
  return { answered_by: side.name, model, reason, why, attempts: { ...attempts }, health: rounded(health), ...times };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** The server's own, but for what describes bytes that were written anew; and who answered, for code that sees headers only. */
function headersOf({ headers: own, stream }: Answered, { answered_by, reason, attempts, lost_ms }: Onpar): Headers {
  const headers = new Headers();
  for (const [name, value] of own.entries()) if (!DROPPED.test(name)) headers.set(name, value);
  headers.set('content-type', stream === null ? 'application/json' : 'text/event-stream');
  headers.set('x-onpar-answered-by', answered_by);
  headers.set('x-onpar-reason', reason);
  headers.set('x-onpar-attempts', `${attempts.candidate}+${attempts.baseline}`);
  headers.set('x-onpar-lost-ms', String(lost_ms));
  return headers;
}

const DROPPED = /^(content-(type|length|encoding)|transfer-encoding|connection|keep-alive)$/;

/** As the openai client turns into its own errors: 504 and 503, or what the baseline itself said of the request. */
function noAnswer(error: NoAnswer, isLocalOnly: boolean, health: number): Response {
  const last = error.failures.baseline ?? error.failures.candidate;
  const state = last?.state ?? 'server_error';
  const status = STATUS[state] ?? 503;
  const message = `nobody answered${isLocalOnly ? ' (local only: there is no fallback)' : ''}: ${error.message}`;
  return errorResponse(status, {
    message,
    type: 'onpar_error',
    code: state,
    onpar: { failures: error.failures, attempts: error.attempts, health: rounded(health) },
  });
}

const STATUS: Readonly<Record<string, number>> = {
  rejected: 400,
  context_overflow: 400,
  unauthorized: 401,
  unknown_model: 404,
  rate_limited: 429,
  out_of_quota: 429,
  cooldown: 429,
  malformed: 502,
  empty: 502,
  wrong_model: 502,
  timed_out: 504,
};

/** Never tried again by the client above: whatever helps was tried. */
function errorResponse(status: number, error: object): Response {
  return new Response(JSON.stringify({ error }), {
    status,
    headers: { 'content-type': 'application/json', 'x-should-retry': 'false' },
  });
}
