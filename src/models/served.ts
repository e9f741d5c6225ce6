/** A provider whose models are asked over HTTP: its endpoint, its dialect and its limits → a Provider. */
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { type Call, type Model, SPOKEN_STATES } from '../record.ts';
import { type Endpoint, type EndpointDefaults, endpointOptions, openEndpoint, redact } from './endpoint.ts';
import type { Asked, Dialect } from './openai-chat.ts';
import type { Job, Opened, Provider, ProviderTools } from './provider.ts';

export interface Served extends EndpointDefaults {
  /** keys of its own in models.yaml */
  options?: Record<string, z.ZodType>;
  dialectOf: (model: Model) => Dialect;
  concurrency: number;
  loadsOnDemand: (model: Model) => boolean;
  /** what the server tells of a model, asked once; {} when it tells nothing */
  factsOf: (model: Model, endpoint: Endpoint) => Promise<Call['provenance']>;
}

export interface ServedProvider extends Provider {
  served: Served;
}

export function servedProvider(served: Served): ServedProvider {
  const options = z.strictObject({ ...endpointOptions, ...served.options });
  return { options, served, open: (model, tools) => openServed(served, model, tools) };
}

async function openServed(served: Served, model: Model, tools: ProviderTools): Promise<Opened> {
  const endpoint = await openEndpoint(model, tools, served);
  const { askChat } = await import('./openai-chat.ts');
  const { askResponses } = await import('./openai-responses.ts');
  const { askInBackground } = await import('./openai-background.ts');
  const dialect = served.dialectOf(model);
  const { api, background } = model.options;
  if (api === 'chat' && background === true)
    throw new InputError({
      code: 'model/background-chat',
      at: model.at,
      what: `model "${model.name}" has both api: chat and background: true`,
      fix: 'leave api out: jobs in the background are of the Responses API alone',
    });
  const askAs = (asked: Asked, job: Job) =>
    background === true ? askInBackground(asked, job) : api === 'responses' ? askResponses(asked) : askChat(asked);
  const loadsOnDemand = served.loadsOnDemand(model);
  let facts: Promise<Call['provenance']> | null = null;
  const ask: Opened['ask'] = async (question, signal, job = NO_JOB) => {
    const asked = { name: model.name, modelId: model.model, question, endpoint, dialect, signal, date: tools.now };
    const got = await askAs(asked, job);
    const { answer } = got;
    if (answer.call === null || !SPOKEN_STATES.some((state) => state === answer.state)) return got;
    // asked after the first answer: a model that is loaded on demand is loaded by then
    facts ??= served.factsOf(model, endpoint).catch(() => ({}));
    const provenance = { ...redact(await facts, endpoint.secrets), ...answer.call.provenance };
    return { ...got, answer: { ...answer, call: { ...answer.call, provenance } } };
  };
  return {
    ask,
    concurrency: typeof model.options['concurrency'] === 'number' ? model.options['concurrency'] : served.concurrency,
    machine: endpoint.origin,
    loadsOnDemand,
    warmUp: loadsOnDemand ? (signal) => warmUp(ask, signal) : null,
  };
}

/** For a question whose job nobody keeps. */
const NO_JOB: Job = { id: null, started: () => undefined, leave: new AbortController().signal };

async function warmUp(ask: Opened['ask'], signal: AbortSignal): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  await ask({ suite: '', case: 'warm-up', sample: 0, messages, params: { max_tokens: 1, temperature: 0 } }, signal);
}

/** JSON from an address beside the protocol; null when the server has none there. */
export async function getJson(endpoint: Endpoint, path: string): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(5_000);
    const response = await endpoint.client.get(new URL(path, endpoint.baseUrl).href, { signal }).asResponse();
    return JSON.parse(await response.text()) as unknown;
  } catch {
    return null;
  }
}

/** Parameters under other names; those whose new name is null are left out. */
export function renamed(params: Record<string, unknown>, names: Readonly<Record<string, string | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([key, value]) => {
      const name = Object.hasOwn(names, key) ? names[key] : key;
      return name === null || name === undefined ? [] : [[name, value]];
    }),
  );
}
