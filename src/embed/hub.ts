/** The hub over HTTPS: redirects, proxies and the token, which nobody but the hub's own host gets. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool, request } from 'undici';
import { InputError } from '../errors.ts';
import { mayUseProxy, NotLocal, openConnect } from '../sockets.ts';
import { CannotHave } from './cannot-have.ts';
import { HUB } from './catalogue.ts';

/** A failure that may be gone in a moment: worth another try. */
export class Passing extends Error {
  override readonly name = 'Passing';
}

export interface HubAnswer {
  status: number;
  /** null where it is not said */
  header: (name: string) => string | null;
  body: AsyncIterable<Buffer> & { dump: () => Promise<void> };
}

export interface Hub {
  /** without a slash at the end */
  address: string;
  /** the answer for the file from byte `from` on, behind every redirect; rejects with Passing or CannotHave */
  get: (url: string, from: number, signal: AbortSignal) => Promise<HubAnswer>;
  close: () => Promise<void>;
}

const PURPOSE = 'fetching an encoder';
const REDIRECTS = 8;
/** a connection that says nothing for so long is dead */
const patient = { headersTimeout: 60_000, bodyTimeout: 60_000 } as const;

/** `--mirror`, else HF_ENDPOINT, else the hub; InputError where that is no address. */
export function hubAddress(mirror: string | null, env: NodeJS.ProcessEnv): string {
  const [text, where] = mirror !== null ? [mirror, '--mirror'] : env['HF_ENDPOINT'] ? [env['HF_ENDPOINT'], 'HF_ENDPOINT'] : [HUB, ''];
  const url = parseUrl(text);
  const isPlain = url !== null && ['https:', 'http:'].includes(url.protocol) && url.search === '' && url.hash === '';
  if (isPlain && url.username === '' && url.password === '') return url.href.replace(/\/+$/, '');
  const isSecret = url !== null && url.username + url.password !== '';
  throw new InputError({
    code: 'embed/bad-hub',
    // what stands before an @ may be a password
    what: isSecret ? `${where}: an address with a name or password in it is not taken` : `${where} ${text}: this is no address of a hub`,
    fix: isSecret ? 'leave it out of the address, and set HF_TOKEN' : `write it as ${HUB}, or with a path behind it`,
  });
}

export function openHub(address: string, env: NodeJS.ProcessEnv): Hub {
  const home = new URL(address);
  const token = env['HF_TOKEN']?.trim() || null;
  const direct = new Agent({ ...patient, connect: openConnect(env, { purpose: PURPOSE }) });
  const proxy = proxyOf(env);

  async function once(url: URL, from: number, signal: AbortSignal): Promise<HubAnswer> {
    const isHome = url.origin === home.origin && (url.protocol === 'https:' || isLoopback(url.hostname));
    const { statusCode, headers, body } = await request(url, {
      headers: {
        'user-agent': 'onpar',
        // the bytes themselves: their sha256 is taken
        'accept-encoding': 'identity',
        ...(from > 0 && { range: `bytes=${from}-` }),
        ...(token !== null && isHome && { authorization: `Bearer ${token}` }),
      },
      signal,
      dispatcher: proxy !== null && !isLoopback(url.hostname) && mayUseProxy(env, url.hostname) ? proxy : direct,
    }).catch((error: unknown) => {
      throw signal.aborted ? error : failure(error, url.host);
    });
    const header = (name: string) => {
      const value = headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    };
    return { status: statusCode, header, body };
  }

  return {
    address,
    async get(start, from, signal) {
      let url = new URL(start);
      for (let hops = 0; hops <= REDIRECTS; hops++) {
        const answer = await once(url, from, signal);
        const location = [301, 302, 303, 307, 308].includes(answer.status) ? answer.header('location') : null;
        if (location === null) return answer;
        await answer.body.dump();
        const next = parseUrl(location, url);
        if (next === null || !['https:', 'http:'].includes(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:'))
          throw new CannotHave({
            code: 'embed/bad-redirect',
            what: `${url.host} sends on to an address that is not taken`,
            fix: OTHERWISE,
          });
        url = next;
      }
      throw new CannotHave({ code: 'embed/bad-redirect', what: `${home.host} sends on from one address to the next`, fix: OTHERWISE });
    },
    async close() {
      await Promise.all([direct.destroy(), proxy?.destroy()]);
    },
  };
}

/** How else the files can be had. */
export const OTHERWISE = 'set HTTPS_PROXY, or a mirror with --mirror URL; or copy the folder from a machine that has it';

/** Errors of a connection that was there, or of a name server that is busy. */
const PASSING = new Set([
  ...['ECONNRESET', 'ECONNABORTED', 'ENETRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
]);

/** What went wrong with a connection. An address may be signed, so only its host is told. */
export function failure(error: unknown, host: string): Error {
  if (error instanceof NotLocal) return new CannotHave({ code: 'embed/not-local', what: error.message }, { cause: error });
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const why = code || message || 'unknown error';
  if (PASSING.has(code)) return new Passing(`${host}: ${why}`, { cause: error });
  return new CannotHave({ code: 'embed/no-connection', what: `${host} cannot be reached (${why})`, fix: OTHERWISE }, { cause: error });
}

function parseUrl(text: string, base?: URL): URL | null {
  return URL.canParse(text, base?.href) ? new URL(text, base) : null;
}

/** The company's proxy, for what is not on this machine. */
function proxyOf(env: NodeJS.ProcessEnv): Dispatcher | null {
  const httpProxy = env['HTTP_PROXY'] ?? env['http_proxy'];
  const httpsProxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  const noProxy = env['NO_PROXY'] ?? env['no_proxy'];
  if (!httpProxy && !httpsProxy) return null;
  return new EnvHttpProxyAgent({
    ...patient,
    connect: openConnect(env, { purpose: PURPOSE }),
    clientFactory: (origin) => new Pool(origin, { connect: openConnect(env, { purpose: PURPOSE, isProxy: true }) }),
    ...(httpProxy && { httpProxy }),
    ...(httpsProxy && { httpsProxy }),
    ...(noProxy && { noProxy }),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
