/** `provider: openai-compatible`: llama.cpp, vLLM, Ollama and others, at an address of their own. */
import * as z from 'zod';
import type { Call, Model } from '../record.ts';
import type { Objection } from './answer-from-heard.ts';
import type { Heard } from './chat-stream.ts';
import type { Endpoint } from './endpoint.ts';
import type { Dialect } from './openai-chat.ts';
import { getJson, renamed, servedProvider } from './served.ts';

export const localDialect = (model: Model): Dialect => ({
  paramsOf: (params) => renamed(params, { max_completion_tokens: 'max_tokens' }),
  objectTo: (heard) => objectToModel(model.model, heard),
  provenance: (heard, headers) => ({
    ...(headers.has('server') && { server: headers.get('server') }),
    ...(heard.fingerprint !== null && { fingerprint: heard.fingerprint }),
  }),
});

export const openaiCompatible = servedProvider({
  baseUrl: null,
  keyVariable: null,
  options: {
    /** Ollama and others that keep one model in memory: models are asked one after another */
    loads_on_demand: z.boolean().optional(),
  },
  dialectOf: localDialect,
  concurrency: 1,
  loadsOnDemand: ({ options }) => options['loads_on_demand'] === true,
  factsOf: llamaCppFacts,
});

/** Servers that have one model loaded answer with it, whatever was asked. A path or a file ending around the same name is no other model. */
function objectToModel(asked: string, { model: reported }: Heard): Objection | null {
  if (reported === null || sameModel(reported, asked)) return null;
  return { state: 'wrong_model', why: `"${reported}" answered, "${asked}" was asked` };
}

/** Whether two ids name one model, be one of them a path or a file. */
export function sameModel(a: string, b: string): boolean {
  return core(a) === core(b);
}

function core(id: string): string {
  return id
    .toLowerCase()
    .replace(/\\/g, '/')
    .replace(/^.*\//, '')
    .replace(/\.gguf$/, '')
    .replace(/(:latest|:\d)$/, '');
}

const models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      meta: z
        .object({ n_ctx: z.number(), ftype: z.union([z.string(), z.number()]) })
        .partial()
        .nullish(),
    }),
  ),
});
const props = z
  .object({ build_info: z.string(), total_slots: z.number(), default_generation_settings: z.object({ n_ctx: z.number() }).partial() })
  .partial();

async function llamaCppFacts(model: Model, endpoint: Endpoint): Promise<Call['provenance']> {
  const [list, own] = await Promise.all([getJson(endpoint, `${endpoint.baseUrl}/models`), getJson(endpoint, '/props')]);
  const meta = models.safeParse(list).data?.data.find(({ id }) => core(id) === core(model.model))?.meta;
  const { build_info, default_generation_settings } = props.safeParse(own).data ?? {};
  const context = default_generation_settings?.n_ctx ?? meta?.n_ctx;
  return {
    ...(meta?.ftype !== undefined && { quantization: String(meta.ftype) }),
    ...(context !== undefined && { context_length: context }),
    ...(build_info !== undefined && { build: build_info }),
  };
}
