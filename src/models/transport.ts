/**
 * HTTP for the openai client. Node's own fetch gives up after 300 s without a header, whatever time-out is set, and costs
 * twice the CPU; undici's `request` does neither. The headers are made here, so that no environment variable adds or changes one.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import { mayUseProxy, openConnect } from '../sockets.ts';

export type Transport = typeof fetch;

const patient = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** The client takes whatever has "timeout" or "abort" in it, or in its cause, for the end of its own patience. */
export class NoConnection extends Error {
  readonly reason: unknown;
  constructor(reason: unknown) {
    super('no connection');
    this.reason = reason;
  }
}

export interface TransportOptions {
  env: NodeJS.ProcessEnv;
  /** told the host of every request, with its port */
  contacted: (host: string) => void;
  /** null where no key is sent */
  authorization: string | null;
  /** what the egress ledger says of the connections */
  purpose: string;
}

export function openTransport({ env, contacted, authorization, purpose }: TransportOptions): Transport {
  const direct = new Agent({ ...patient, connect: openConnect(env, { purpose }) });
  let proxied: ReturnType<typeof proxyOf> | undefined;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    contacted(url.host);
    const proxy = isLoopback(url.hostname) || !mayUseProxy(env, url.hostname) ? null : await (proxied ??= proxyOf(env, purpose));
    const { statusCode, headers, body } = await request
      .call(proxy ?? direct, {
        origin: url.origin,
        path: url.pathname + url.search,
        method: init?.method ?? 'GET',
        headers: {
          accept: 'application/json, text/event-stream',
          'user-agent': 'onpar',
          ...(init?.body != null && { 'content-type': 'application/json' }),
          ...(authorization !== null && { authorization }),
        },
        body: (init?.body as string | undefined) ?? null,
        signal: init?.signal ?? null,
      })
      .catch((error: unknown) => {
        throw init?.signal?.aborted ? error : new NoConnection(error);
      });
    // what the client reads of a Response, without the cost of one
    const ok = statusCode >= 200 && statusCode < 300;
    const text = async () => (ok ? body.text() : underError(await body.text()));
    const response = { ok, status: statusCode, headers: new Received(headers), url: url.href, body, text, json: () => body.json() };
    return response as unknown as Response;
  };
}

/** What is read of Headers, without the cost of them: the client goes through them three times a request, to log nothing. */
class Received {
  readonly #values: ReadonlyMap<string, string>;
  constructor(headers: IncomingHttpHeaders) {
    // names come in small letters
    this.#values = new Map(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  }
  get = (name: string): string | null => this.#values.get(name.toLowerCase()) ?? null;
  has = (name: string): boolean => this.#values.has(name.toLowerCase());
  entries = (): Iterable<[string, string]> => this.#values.entries();
}

/** The company's proxy, for what is not on this machine. */
async function proxyOf(env: NodeJS.ProcessEnv, purpose: string): Promise<Dispatcher | null> {
  const httpProxy = env['HTTP_PROXY'] ?? env['http_proxy'];
  const httpsProxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  const noProxy = env['NO_PROXY'] ?? env['no_proxy'];
  if (!httpProxy && !httpsProxy) return null;
  const { EnvHttpProxyAgent, Pool } = await import('undici');
  return new EnvHttpProxyAgent({
    ...patient,
    connect: openConnect(env, { purpose }),
    clientFactory: (origin) => new Pool(origin, { connect: openConnect(env, { purpose, isProxy: true }) }),
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  });
}

/** The client reads of a failure only what stands under `error`; vLLM, FastAPI and others say it without that key. */
function underError(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const isNested = typeof value === 'object' && value !== null && 'error' in value && value.error;
    return isNested ? text : JSON.stringify({ error: value });
  } catch {
    return text;
  }
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
