/**
 * `onpar/hybrid`: a drop-in for the `openai` client that asks a candidate first and a baseline when the candidate does not answer.
 * This file knows both rooms: it makes the two sides out of the providers of models.yaml (docs/hybrid.md).
 */
import { InputError, suggestName } from './errors.ts';
import { openCircuit } from './hybrid/circuit.ts';
import { type HybridClient, openClient } from './hybrid/client.ts';
import { openHealth } from './hybrid/health.ts';
import { openLimit } from './hybrid/limit.ts';
import { isLocalName, requireLocal } from './hybrid/local-only.ts';
import { type Limits, limitsOf } from './hybrid/options.ts';
import { readWhole } from './hybrid/protocol.ts';
import type { Body, Path, Side, SideName } from './hybrid/side.ts';
import { silence } from './models/chat-stream.ts';
import { openEndpoint, redact } from './models/endpoint.ts';
import { failureInside, failureOf, shortened } from './models/failures.ts';
import { responsesParams } from './models/openai-responses.ts';
import { providers } from './models/index.ts';
import type { ProviderTools } from './models/provider.ts';
import type { ServedProvider } from './models/served.ts';
import type { Model, Params } from './record.ts';
import { ALLOW_HOST, LOCAL_ONLY } from './socket-variables.ts';
import { isLocalOnly as isFenced } from './sockets.ts';

export type { CreateChat, CreateResponse, HybridClient, HybridState, LastTold, StreamTold, Told } from './hybrid/client.ts';
export type { Limits } from './hybrid/options.ts';
export type { Onpar } from './hybrid/route.ts';

/** One side: where it is, and how its dialect of the protocol differs. */
export interface SideOptions {
  /** `openai`, `lmstudio`, `litellm` or `openai-compatible` (docs/models.md) */
  provider: string;
  /** id that is sent to this side, whatever `model` a call names */
  model: string;
  /** needed for `litellm` and `openai-compatible` */
  baseURL?: string;
  /** `openai` takes OPENAI_API_KEY where neither this nor `baseURL` is given */
  apiKey?: string;
  /** parameters of this side; they win over those of a call */
  params?: Params;
  /** further options of the provider, as in models.yaml: `reasoning`, `backend`, `fallbacks`; `api` says in which protocol it is probed */
  options?: Record<string, unknown>;
}

export interface HybridOptions extends Partial<Limits> {
  candidate: SideOptions;
  /** left out only with `localOnly` */
  baseline?: SideOptions;
  /** never falls back, and sends no byte to a host that is neither this machine nor on a private network */
  localOnly?: boolean;
  /** names that `localOnly` takes for local, such as `gpu-box.internal` */
  allowHosts?: readonly string[];
  /** how a candidate that is down is probed: one real answer that is short, or a look at GET /models (`chat`) */
  probe?: 'chat' | 'models';
  /** told when the circuit opens and closes; what it throws is an uncaught exception, and spoils no answer */
  onCircuit?: (state: 'open' | 'closed') => void;
}

/** Rejects with InputError for what is wrong before anything is asked. */
export async function openHybrid(options: HybridOptions): Promise<HybridClient> {
  const tools = { cwd: process.cwd(), env: process.env, contacted: () => undefined, now: () => new Date() };
  const { candidate, baseline } = options;
  const [own, other] = [modelOf('candidate', candidate), baseline === undefined ? null : modelOf('baseline', baseline)];
  return openHybridOf(own, other, options, tools);
}

export type Policy = Omit<HybridOptions, 'candidate' | 'baseline'>;

/** The same for two entries of models.yaml. */
export async function openHybridOf(candidate: Model, baseline: Model | null, policy: Policy, tools: ProviderTools): Promise<HybridClient> {
  const isLocalOnly = policy.localOnly === true;
  const limits = limitsOf(policy, isLocalOnly);
  if (baseline === null && !isLocalOnly)
    throw new InputError({
      code: 'hybrid/no-baseline',
      what: 'the hybrid client has no baseline',
      fix: 'name one, or set localOnly: true',
    });
  const own = isLocalOnly ? await openFenced(candidate, policy.allowHosts ?? [], tools) : await openSide('candidate', candidate, tools);
  const other = baseline === null || isLocalOnly ? null : await openSide('baseline', baseline, tools);
  const health = openHealth();
  const { onCircuit } = policy;
  const path = policy.probe === 'models' ? '/models' : candidate.options['api'] === 'responses' ? '/responses' : '/chat/completions';
  const circuit = openCircuit({
    health,
    probe: (signal) => probe(own, path, limits, signal),
    probeIntervalMs: limits.probeIntervalMs,
    onChange: (state) => queueMicrotask(() => onCircuit?.(state)),
  });
  return openClient({ candidate: own, baseline: other, circuit, limits }, health.value);
}

function modelOf(name: SideName, { provider, model, baseURL, apiKey, params = {}, options = {} }: SideOptions): Model {
  const all = { ...options, ...(baseURL !== undefined && { base_url: baseURL }), ...(apiKey !== undefined && { api_key: apiKey }) };
  const parsed = servedProviderOf(provider, name).options.safeParse(all);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = `hybrid client: ${name}: ${[...(issue?.path ?? []), issue?.message ?? 'is wrong'].join(' ')}`;
    throw new InputError({ code: 'hybrid/bad-option', what, fix: 'see docs/hybrid.md and docs/models.md' });
  }
  const at = { file: `hybrid client, ${name}`, line: 1, column: 1 };
  return { name, provider, model, answers: 'live', params, options: all, at };
}

export function servedProviderOf(provider: string, side: string): ServedProvider {
  const found = Object.hasOwn(providers, provider) ? providers[provider as keyof typeof providers] : undefined;
  if (found && 'served' in found) return found as ServedProvider;
  const served = Object.entries(providers).flatMap(([name, one]) => ('served' in one ? [name] : []));
  throw new InputError({
    code: 'hybrid/bad-provider',
    what: `hybrid client: the ${side} cannot be of provider "${provider}"`,
    fix: suggestName(provider, served),
  });
}

async function openSide(name: SideName, model: Model, tools: ProviderTools): Promise<Side> {
  const { served } = servedProviderOf(model.provider, name);
  const endpoint = await openEndpoint(model, tools, served);
  const dialect = served.dialectOf(model);
  const params = dialect.paramsOf(model.params, model.model);
  const ownParams = (path: Path) => (path === '/responses' ? responsesParams(params) : params);
  const clean = <F extends { why: string }>(failure: F): F => ({ ...failure, why: shortened(redact(failure.why, endpoint.secrets)) });
  return {
    name,
    model: model.model,
    host: new URL(endpoint.baseUrl).host,
    bodyOf: (body, path) => ({ ...dialect.paramsOf(body, model.model), ...ownParams(path), model: model.model }),
    send: async (path, body, signal) => {
      const { client } = endpoint;
      const sent = body === null ? client.get(path, { signal }) : client.post(path, { body, signal });
      const response = await sent.asResponse();
      // undici's body, handed through by the transport
      return {
        headers: response.headers,
        body: response.body as unknown as AsyncIterable<Uint8Array>,
        text: () => response.text(),
      };
    },
    failureOf: (error) => clean(failureOf(error)),
    failureInside: (error) => clean(failureInside(error)),
    objectTo: (reported, headers) => dialect.objectTo({ ...silence(), model: reported }, headers)?.why ?? null,
  };
}

const PROBES: Record<Path, { body: Body; tokens: number }> = {
  '/chat/completions': { body: { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 }, tokens: 1 },
  // the fewest that OpenAI takes
  '/responses': { body: { input: 'Hi', max_output_tokens: 16 }, tokens: 16 },
};

/** What the side sends with every request, but for its length. */
function probeOf(side: Side, path: Path): Body {
  const { body, tokens } = PROBES[path];
  return Object.fromEntries(Object.entries(side.bodyOf(body, path)).map(([key, value]) => [key, LENGTH.test(key) ? tokens : value]));
}

const LENGTH = /^max_(completion_|output_)?tokens$/;

/** A model that thinks says nothing in one token: that it answers at all is enough. */
async function probe(side: Side, path: Path | '/models', { firstTokenMs }: Limits, signal: AbortSignal): Promise<void> {
  const limit = openLimit(signal, firstTokenMs);
  try {
    const reply = await side.send(path, path === '/models' ? null : probeOf(side, path), limit.signal);
    const text = await reply.text();
    if (path === '/models') return void JSON.parse(text);
    const { model } = readAnything(text, path, side);
    const why = side.objectTo(model, reply.headers);
    if (why !== null) throw new Error(why);
  } finally {
    limit.cut();
  }
}

function readAnything(text: string, path: Path, side: Side): { model: string | null } {
  try {
    return readWhole(text, path, side);
  } catch (error) {
    if (error instanceof Error && error.message === 'the answer is empty') return { model: null };
    throw error;
  }
}

/** A side that is judged by its address before it is opened, and once more where the socket is made: a name may be looked up to anywhere. */
async function openFenced(model: Model, allowHosts: readonly string[], tools: ProviderTools): Promise<Side> {
  const given = model.options['base_url'];
  const address = typeof given === 'string' ? given : servedProviderOf(model.provider, 'candidate').served.baseUrl;
  // it refuses an entry without one
  if (address === null) return openSide('candidate', model, tools);
  const { host, hostname } = new URL(address);
  requireLocal(host, allowHosts);
  const fence = { [LOCAL_ONLY]: '1', [ALLOW_HOST]: isLocalName(hostname) ? '' : hostname };
  // a company's proxy is another host
  const env = Object.fromEntries(Object.entries(tools.env).filter(([name]) => !PROXY.test(name)));
  return openSide('candidate', model, { ...tools, env: isFenced(tools.env) ? env : { ...env, ...fence } });
}

const PROXY = /^https?_proxy$/i;
