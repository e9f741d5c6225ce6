/** An OpenAI-compatible `/v1/embeddings`: asks, tries again what may pass, and trusts nothing of what comes. */
import { Agent, type Dispatcher, request } from 'undici';
import { suggestName } from '../errors.ts';
import { NotLocal, openConnect } from '../sockets.ts';
import { CannotHave } from './cannot-have.ts';
import { nearOnly, type ServedAddress } from './served-address.ts';

export interface ServedTools {
  env: NodeJS.ProcessEnv;
  /** told the host, with its port, before every request */
  contacted: (host: string) => void;
  wait?: (ms: number) => Promise<void>;
}

export interface ServedClient {
  /** what the server says of the model in `/models`, null where it lists none; rejects where it lists others only */
  model: () => Promise<Record<string, unknown> | null>;
  /** one unit vector a text, same order; at most 32 texts, none of them empty */
  embed: (texts: readonly string[]) => Promise<Float32Array[]>;
  close: () => Promise<void>;
}

/** Before the tries after the first: half a minute in all, while a model is loaded. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const LONGEST_PAUSE_MS = 30_000;
/** A large encoder may take minutes over 32 texts on a CPU. */
const PATIENCE_MS = 600_000;
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);
/** llama.cpp, vLLM, LM Studio; some say it with 500. */
const TOO_LONG = /too large to process|context length|context size|maximum.{0,20}(?:length|tokens)|exceeds? the/i;

export function openServedClient({ base, host, hostname, model }: ServedAddress, tools: ServedTools): ServedClient {
  const { env, contacted, wait = (ms) => new Promise<void>((done) => setTimeout(done, ms)) } = tools;
  const connect = openConnect(env, { purpose: 'embedding', timeout: 10_000, lookup: nearOnly(env) });
  const agent = new Agent({ headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS, connect });
  const key = env['ONPAR_EMBEDDER_KEY']?.trim();
  const headers = { 'user-agent': 'onpar', accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const cannot = (code: string, what: string, fix: string, cause?: unknown) =>
    new CannotHave({ code: `embed/${code}`, what: `${host}: ${what}`, fix }, { cause });

  /** The body of a 200 as JSON; null for a 404 where that is an answer. */
  async function ask(path: string, body: object | null): Promise<unknown> {
    for (let failures = 0; ; failures++) {
      const answer = await once(path, body);
      if ('json' in answer) return answer.json;
      const pause = PAUSES_MS[failures];
      if (pause === undefined) throw cannot('server-given-up', `${answer.passing}, ${failures + 1} times`, 'see what the server logs');
      await wait(Math.min(LONGEST_PAUSE_MS, Math.max(pause, answer.afterMs)));
    }
  }

  async function once(path: string, body: object | null): Promise<{ json: unknown } | { passing: string; afterMs: number }> {
    contacted(host);
    let status: number;
    let text: string;
    let received: Dispatcher.ResponseData['headers'];
    try {
      const response = await request(`${base}${path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: { ...headers, ...(body !== null && { 'content-type': 'application/json' }) },
        body: body === null ? null : JSON.stringify(body),
        dispatcher: agent,
      });
      ({ statusCode: status, headers: received } = response);
      text = await response.body.text();
    } catch (error) {
      return connectionFailure(error);
    }
    if (path === '/models' && status === 404) return { json: null };
    const said = messageOf(text);
    if (TOO_LONG.test(said)) throw cannot('text-too-long', said, LONGER);
    if (status === 408 || status === 429 || (status >= 500 && status !== 501))
      return { passing: `it says ${status}${said && `, ${said}`}`, afterMs: 1000 * (Number(received['retry-after']) || 0) };
    if (status === 401 || status === 403) throw cannot('refused', `it says ${status}`, 'set ONPAR_EMBEDDER_KEY to its key');
    if (status !== 200) throw cannot('refused', `it says ${status} to ${base}${path}${said && `: ${said}`}`, `${LOADED} ${ENDS}`);
    return { json: parse(text, said) };
  }

  function connectionFailure(error: unknown): { passing: string; afterMs: number } {
    if (error instanceof CannotHave) throw error;
    if (error instanceof NotLocal) throw new CannotHave({ code: 'embed/not-local', what: error.message }, { cause: error });
    const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
    if (PASSING.has(code)) return { passing: code, afterMs: 0 };
    const why = code || message || 'unknown error';
    throw cannot('no-server', `no server answers there (${why})`, `start it, or correct the address; ${hostname} was asked`, error);
  }

  /** LM Studio puts what is wrong into a 200. */
  function parse(text: string, said: string): unknown {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      const what = /^\s*</.test(text) ? 'it answers with a web page' : 'its answer is not JSON';
      throw cannot('not-an-embedding-server', `${what}, at ${base}`, ENDS);
    }
    if (typeof json === 'object' && json !== null && 'error' in json && json.error)
      throw cannot('refused', said || 'it answers with an error', `${LOADED} ${ENDS}`);
    return json;
  }

  return {
    async model() {
      const listed = (await ask('/models', null)) as { data?: unknown } | null;
      if (!Array.isArray(listed?.data)) return null;
      const models = listed.data as Record<string, unknown>[];
      const found = models.find(({ id, aliases }) => id === model || (Array.isArray(aliases) && aliases.includes(model)));
      if (found) return found;
      const names = models.map(({ id }) => String(id));
      const fix = names.length === 0 ? 'load one' : suggestName(model, names);
      throw cannot('no-such-model', `it has no model "${model}"`, fix);
    },
    async embed(texts) {
      const answer = await ask('/embeddings', { model, input: texts, encoding_format: 'float' });
      const checked = readVectors(answer, texts.length, model);
      if (typeof checked === 'string') throw cannot('bad-vectors', checked, 'another server, or another version of it, may do better');
      return checked;
    },
    close: () => agent.destroy(),
  };
}

const LOADED = 'see that an embedding model is loaded (llama.cpp: --embedding --pooling cls or mean),';
const ENDS = 'and that the address ends where /embeddings begins, mostly in /v1';
const LONGER = 'start the server with a context and a batch of at least 1,024 tokens (llama.cpp: --ctx-size and --ubatch-size)';

/** The vectors in the order of the texts, each of length 1; or what is wrong with them. */
export function readVectors(answer: unknown, count: number, model: string): Float32Array[] | string {
  const { data, model: answered } = (answer ?? {}) as { data?: unknown; model?: unknown };
  if (!Array.isArray(data)) return 'its answer has no "data"';
  if (typeof answered === 'string' && answered !== '' && answered !== model) return `"${answered}" answered where "${model}" was asked`;
  if (data.length !== count) return `${data.length} vectors came for ${count} texts`;
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const entry of data as { index?: unknown; embedding?: unknown }[]) {
    const index = Number.isInteger(entry?.index) ? (entry.index as number) : -1;
    if (index < 0 || index >= count || vectors[index]) return 'its vectors do not say which text each belongs to ("index")';
    const vector = unitVector(entry.embedding);
    if (typeof vector === 'string') return vector;
    if (vectors.some((other) => other && other.length !== vector.length)) return 'its vectors differ in their dimensions';
    vectors[index] = vector;
  }
  return vectors as Float32Array[];
}

function unitVector(values: unknown): Float32Array | string {
  if (typeof values === 'string') return 'its vectors are base64, though "float" was asked for';
  if (!Array.isArray(values) || values.length === 0) return 'a vector of it is no list of numbers';
  const numbers = values as unknown[];
  if (!numbers.every((x): x is number => Number.isFinite(x))) return 'a vector of it holds something that is not a finite number';
  const length = Math.hypot(...numbers);
  return length > 0 && length < Infinity ? Float32Array.from(numbers, (x) => x / length) : 'a vector of it has no direction';
}

/** What a server says of a failure, on one line; '' where it says nothing that can be read. */
function messageOf(text: string): string {
  try {
    const json = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown } | null;
    const error = json?.error as { message?: unknown } | string | undefined;
    const said = typeof error === 'string' ? error : (error?.message ?? json?.message ?? json?.detail);
    return typeof said === 'string' ? said.replace(/\s+/g, ' ').trim().slice(0, 300) : '';
  } catch {
    return '';
  }
}
