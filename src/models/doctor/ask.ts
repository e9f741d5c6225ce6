/** How `doctor` asks: over the client, the dialect and the parser of `eval`, and each question under a deadline of its own. */
import { SPOKEN_STATES, type Message, type Model, type Params } from '../../record.ts';
import type { Heard } from '../chat-stream.ts';
import { type Endpoint, openEndpoint } from '../endpoint.ts';
import { failureOf, NO_ANSWER_IN_TIME } from '../failures.ts';
import type { Opened, ProviderTools } from '../provider.ts';
import { type Served, servedProvider } from '../served.ts';
import type { Answered, Got, Said } from './evidence.ts';

/** Milliseconds. */
export interface Deadlines {
  /** what the server tells of itself */
  fact: number;
  /** the first question: the model may have to be loaded */
  first: number;
  question: number;
}

export const DEADLINES: Deadlines = { fact: 15_000, first: 300_000, question: 60_000 };

export interface Line {
  endpoint: Endpoint;
  opened: Opened;
  takesTemperature: boolean;
  /** one at a time */
  ask: (prompt: string, params: Params, ms: number) => Promise<Said>;
  get: (path: string, ms: number) => Promise<Got>;
}

export async function openLine(served: Served, model: Model, tools: ProviderTools): Promise<Line> {
  let caught: { heard: Heard; headers: Headers } | null = null;
  const listening = servedProvider({
    ...served,
    dialectOf: (one) => {
      const dialect = served.dialectOf(one);
      return {
        ...dialect,
        objectTo: (heard, headers) => {
          caught = { heard, headers };
          return dialect.objectTo(heard, headers);
        },
      };
    },
  });
  const [endpoint, opened] = [await openEndpoint(model, tools, served), await listening.open(model, tools)];
  const ask: Line['ask'] = async (prompt, params, ms) => {
    caught = null;
    const messages: Message[] = [{ role: 'user', content: prompt }];
    const question = { suite: '', case: 'doctor', sample: 0, messages, params };
    const { answer } = await within(ms, (signal) => opened.ask(question, signal));
    // assigned while the question was asked
    const { heard, headers } = (caught as { heard: Heard; headers: Headers } | null) ?? { heard: null, headers: null };
    const why = (answer.why ?? '')
      .replace(`; asked at ${endpoint.baseUrl}`, '')
      .replace(NO_ANSWER_IN_TIME, `no answer within ${ms / 1000} s`);
    return { answer, heard, headers, why, limit: Number(params['max_tokens']) };
  };
  return {
    endpoint,
    opened,
    takesTemperature: 'temperature' in served.dialectOf(model).paramsOf({ temperature: 0 }, model.model),
    ask,
    get: (path, ms) => get(endpoint, path, ms),
  };
}

async function get(endpoint: Endpoint, path: string, ms: number): Promise<Got> {
  const startedAt = performance.now();
  const since = () => Math.round(performance.now() - startedAt);
  try {
    const text = await within(ms, async (signal) => {
      const response = await endpoint.client.get(new URL(path, endpoint.baseUrl).href, { signal }).asResponse();
      return response.text();
    });
    return { failure: null, json: parseJson(text), ms: since() };
  } catch (error) {
    const failure = failureOf(error);
    return {
      failure: { ...failure, why: failure.why.replace(NO_ANSWER_IN_TIME, `no answer within ${ms / 1000} s`) },
      json: null,
      ms: since(),
    };
  }
}

async function within<T>(ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Null for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Something was heard, be it of another model. */
export function isHeard(said: Said | null): said is Answered {
  return said?.heard !== null && said !== null;
}

/** The model under test said something. */
export function isSpoken(said: Said | null): boolean {
  return isHeard(said) && SPOKEN_STATES.some((state) => state === said.answer.state);
}
