/** Is a model there? One small question, or the list of models, once and under a deadline. */
import { type Model, SPOKEN_STATES } from '../record.ts';
import { openEndpoint, redact } from './endpoint.ts';
import { failureOf, NO_ANSWER_IN_TIME } from './failures.ts';
import type { ProviderTools } from './provider.ts';
import type { ServedProvider } from './served.ts';

export interface Probed {
  ok: boolean;
  /** to the end of the answer; null when none came */
  ms: number | null;
  /** null when ok */
  why: string | null;
}

export interface Prober {
  /** name and port */
  host: string;
  /** never rejects; aborted, it is not ok */
  probe: (signal: AbortSignal) => Promise<Probed>;
}

/** OpenAI's Responses API takes no smaller limit. */
const LEAST_TOKENS = { chat: 1, responses: 16 } as const;

/** `isShallow`: only `GET /models`, which a server answers though it may be unable to load the model. Rejects with InputError for a missing key. */
export async function openProber(
  provider: ServedProvider,
  model: Model,
  tools: ProviderTools,
  { isShallow, timeoutMs }: { isShallow: boolean; timeoutMs: number },
): Promise<Prober> {
  const endpoint = await openEndpoint(model, tools, provider.served);
  const opened = await provider.open(model, tools);
  const max_tokens = LEAST_TOKENS[model.options['api'] === 'responses' ? 'responses' : 'chat'];
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  const question = { suite: '', case: 'probe', sample: 0, messages, params: { max_tokens, temperature: 0 } };

  /** Null when the model is there. */
  async function ask(signal: AbortSignal): Promise<string | null> {
    const { answer } = await opened.ask(question, signal);
    // cut after a token, empty or refused: it spoke
    if (SPOKEN_STATES.some((state) => state === answer.state)) return null;
    return (answer.why ?? answer.state).replace(/; asked at \S+$/, '');
  }

  async function list(signal: AbortSignal): Promise<string | null> {
    try {
      const response = await endpoint.client.get(`${endpoint.baseUrl}/models`, { signal }).asResponse();
      const json: unknown = JSON.parse(await response.text());
      const isList = typeof json === 'object' && json !== null && 'data' in json && Array.isArray(json.data);
      return isList ? null : 'what came is no list of models';
    } catch (error) {
      return error instanceof SyntaxError ? 'what came is no list of models' : redact(failureOf(error).why, endpoint.secrets);
    }
  }

  return {
    host: new URL(endpoint.origin).host,
    async probe(signal) {
      const startedAt = performance.now();
      const why = await within(timeoutMs, signal, isShallow ? list : ask);
      if (why === null) return { ok: true, ms: Math.round(performance.now() - startedAt), why };
      return { ok: false, ms: null, why: why.replace(NO_ANSWER_IN_TIME, `no answer within ${timeoutMs / 1000} s`) };
    },
  };
}

/** Aborted by `outer` or after `ms`; nothing of it outlives the call. */
async function within<T>(ms: number, outer: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  outer.addEventListener('abort', abort, { once: true });
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  }
}
