/** Looks and asks, one thing after another; what it saw is judged elsewhere. No question stops the next, but none is put to a model that does not answer. */
import * as z from 'zod';
import type { Model, Params } from '../../record.ts';
import { lmStudioModel } from '../lmstudio.ts';
import { type Deadlines, isHeard, type Line } from './ask.ts';
import type { Evidence, Got, ListedModel, Need, Said } from './evidence.ts';

export interface Patient {
  model: Model;
  need: Need;
  now: Date;
  deadlines: Deadlines;
}

const REPEATS = 3;
/** The most that the first answer may take: enough to tell whether a model thinks. */
const HELLO_LIMIT = 256;
const REPEAT_LIMIT = 48;
const SHORT_LIMIT = 128;
/** For models that think before they answer. */
const LONG_LIMIT = 512;

const SCHEMA = {
  type: 'object',
  properties: { country: { type: 'string', enum: ['Norway', 'Chile', 'Japan'] }, capital: { type: 'boolean' } },
  required: ['country', 'capital'],
  additionalProperties: false,
};
const WEATHER = {
  name: 'get_weather',
  description: 'the weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};

export async function gather(line: Line, { model, need, now, deadlines }: Patient): Promise<Evidence> {
  const { endpoint, opened, takesTemperature } = line;
  const list = await getList(line, deadlines);
  const seen: Evidence = {
    ...{ model, need, list, takesTemperature, today: now },
    baseUrl: endpoint.baseUrl,
    isKeySent: endpoint.sendsKey,
    concurrency: opened.concurrency,
    ...{ lmstudio: { before: null, after: null }, llama: null, proxy: null },
    ...{ refusedParams: null, hello: null, jsonSchema: null, jsonObject: null, tools: null, repeats: [] },
  };
  if (isDown(seen)) return seen;
  const isLocal = model.provider !== 'openai' && model.provider !== 'litellm';
  if (isLocal) seen.lmstudio.before = await lmStudioModel(model.model, endpoint);
  if (isLocal && seen.lmstudio.before === null) seen.llama = await getLlama(line, deadlines);
  if (model.provider === 'litellm') seen.proxy = await getProxy(line, model, deadlines);
  const base = await sayHello(line, seen, deadlines);
  if (seen.lmstudio.before !== null) seen.lmstudio.after = await lmStudioModel(model.model, endpoint);
  if (isHeard(seen.hello) || seen.hello?.answer.state === 'rate_limited') await askTheRest(line, seen, base, deadlines);
  return seen;
}

/** Nobody is there, or says nothing, or may be asked. */
export function isDown({ list: { failure } }: Evidence): boolean {
  return failure?.state === 'unreachable' || failure?.state === 'timed_out' || failure?.state === 'not_asked';
}

/** Gives the parameters that further questions are asked with. */
async function sayHello(line: Line, seen: Evidence, { first, question }: Deadlines): Promise<Params> {
  const { params, smallestLimit } = seen.need;
  const max_tokens = Math.min(HELLO_LIMIT, smallestLimit ?? HELLO_LIMIT);
  const prompt = 'What is the capital of Norway? Answer in one short sentence.';
  seen.hello = await line.ask(prompt, { ...params, max_tokens }, first);
  if (seen.hello.answer.state !== 'rejected' || Object.keys(params).length === 0) return params;
  const plain = await line.ask(prompt, { max_tokens }, question);
  if (!isHeard(plain)) return params;
  seen.refusedParams = seen.hello.why;
  seen.hello = plain;
  return {};
}

async function askTheRest(line: Line, seen: Evidence, base: Params, { question }: Deadlines): Promise<void> {
  const isResponses = seen.model.options['api'] === 'responses';
  const max_tokens = thinks(seen.hello) ? LONG_LIMIT : SHORT_LIMIT;
  const ask = (prompt: string, params: Params): Promise<Said> => line.ask(prompt, { ...base, max_tokens, ...params }, question);
  const json_schema = { name: 'place', strict: true, schema: SCHEMA };
  // the prompt says nothing of JSON: only a server that enforces the schema gets it
  seen.jsonSchema = await ask('Oslo', { response_format: { type: 'json_schema', json_schema } });
  const object = 'Reply with a JSON object that has one key, "city", and as its value the capital of Norway.';
  seen.jsonObject = await ask(object, { response_format: { type: 'json_object' } });
  const tool = isResponses ? { type: 'function', ...WEATHER } : { type: 'function', function: WEATHER };
  seen.tools = await ask('What is the weather in Oslo now?', { tools: [tool], tool_choice: 'required' });
  const still = { ...without(base, 'top_p'), temperature: 0, seed: 1, max_tokens: REPEAT_LIMIT };
  for (let i = 0; i < (seen.takesTemperature ? REPEATS : 1); i++)
    seen.repeats.push(await line.ask('Tell me about the sea.', still, question));
}

function thinks(said: Said | null): boolean {
  if (!isHeard(said)) return false;
  const { answer, heard } = said;
  return answer.reasoning !== null || heard.reasoning !== '' || (answer.usage?.reasoning_tokens ?? 0) > 0;
}

const without = (params: Params, left: string): Params => Object.fromEntries(Object.entries(params).filter(([name]) => name !== left));

const number = z.number().nullish().catch(null);
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      shutdown_date: z.string().nullish().catch(undefined),
      // vLLM, OpenRouter, Groq
      ...{ max_model_len: number, context_length: number, context_window: number },
    }),
  ),
});

async function getList(line: Line, { fact }: Deadlines): Promise<Got & { models: ListedModel[] | null }> {
  const got = await line.get(`${line.endpoint.baseUrl}/models`, fact);
  const models = listSchema.safeParse(got.json).data?.data.map(({ id, shutdown_date, ...lengths }) => ({
    id,
    shutdownDate: shutdown_date,
    contextLength: lengths.max_model_len ?? lengths.context_length ?? lengths.context_window ?? null,
  }));
  return { ...got, models: models ?? null };
}

const propsSchema = z.object({ total_slots: number, default_generation_settings: z.object({ n_ctx: number }) });

async function getLlama(line: Line, { fact }: Deadlines): Promise<Evidence['llama']> {
  const props = propsSchema.safeParse((await line.get('/props', fact)).json).data;
  if (!props) return null;
  const health = await line.get('/health', fact);
  const { total_slots: slots, default_generation_settings: settings } = props;
  return { slots: slots ?? null, contextPerSlot: settings.n_ctx ?? null, isReady: health.failure === null };
}

const infoSchema = z.object({
  data: z.array(
    z.object({
      model_name: z.string(),
      litellm_params: z.object({ model: z.string() }),
      model_info: z.object({ max_input_tokens: number }).nullish().catch(null),
    }),
  ),
});

async function getProxy(line: Line, { model }: Model, { fact }: Deadlines): Promise<Evidence['proxy']> {
  const alive = await line.get('/health/liveliness', fact);
  const info = infoSchema.safeParse((await line.get('/model/info', fact)).json).data?.data ?? [];
  const group = info.filter(({ model_name }) => model_name === model);
  const lengths = group.flatMap(({ model_info }) => model_info?.max_input_tokens ?? []);
  return {
    isAlive: alive.failure === null,
    backends: [...new Set(group.map(({ litellm_params }) => litellm_params.model))],
    contextLength: lengths.length === 0 ? null : Math.min(...lengths),
  };
}
