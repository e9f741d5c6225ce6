/**
 * HTTP for the openai client. Node's own fetch gives up after 300 s without a header, whatever time-out is set, and costs
 * twice the CPU; undici's `request` does neither. Only headers named here leave, so that no environment variable adds one.
 */
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';

export type Transport = typeof fetch;

const SENT_HEADERS = ['accept', 'authorization', 'content-type', 'user-agent'];
const patient = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** `contacted` is told the host of every request, with its port. */
export function openTransport(env: NodeJS.ProcessEnv, contacted: (host: string) => void): Transport {
  const direct = new Agent(patient);
  const proxy = proxyOf(env);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    contacted(url.host);
    const { statusCode, headers, body } = await request(url, {
      method: (init?.method ?? 'GET'),
      headers: sentHeaders(new Headers(init?.headers)),
      body: (init?.body as string | undefined) ?? null,
      signal: init?.signal ?? null,
      dispatcher: proxy !== null && !isLoopback(url.hostname) ? proxy : direct,
    });
    const received = new Headers();
    for (const [name, value] of Object.entries(headers)) received.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
    // what the client reads of a Response, without the cost of one
    const ok = statusCode >= 200 && statusCode < 300;
    const response = { ok, status: statusCode, headers: received, url: url.href, body, text: () => body.text(), json: () => body.json() };
    return response as unknown as Response;
  };
}

/** The company's proxy, for what is not on this machine. */
function proxyOf(env: NodeJS.ProcessEnv): Dispatcher | null {
  const httpProxy = env['HTTP_PROXY'] ?? env['http_proxy'];
  const httpsProxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  const noProxy = env['NO_PROXY'] ?? env['no_proxy'];
  if (!httpProxy && !httpsProxy) return null;
  return new EnvHttpProxyAgent({
    ...patient,
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  });
}

function sentHeaders(all: Headers): Record<string, string> {
  return Object.fromEntries(SENT_HEADERS.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? '']] : [])));
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
