/**
 * `provider: litellm`: a LiteLLM proxy. The body of its answers names the group that was asked, whoever answered; who really
 * did stands in headers. Fallbacks are switched off, and one that happens all the same is no answer of the model under test.
 */
import * as z from 'zod';
import type { Objection } from './answer-from-heard.ts';
import type { Dialect } from './openai-chat.ts';
import { servedProvider } from './served.ts';

export const litellm = servedProvider({
  baseUrl: null,
  keyVariable: null,
  options: {
    /** what x-litellm-model-name must say, such as `openai/qwen2.5-72b`; without it all answers must come from the backend of the first */
    backend: z.string().optional(),
    /** leave fallbacks to the proxy; an answer of one is reported, and not judged */
    fallbacks: z.boolean().optional(),
  },
  dialectOf: ({ model, options }): Dialect => {
    let backend = typeof options['backend'] === 'string' ? options['backend'] : null;
    return {
      paramsOf: (params) => (options['fallbacks'] === true ? params : { ...params, disable_fallbacks: true }),
      objectTo: (_, headers) => {
        const name = headers.get('x-litellm-model-name');
        const objection = objectToBackend(model, backend, name, headers);
        if (objection === null) backend ??= name;
        return objection;
      },
      provenance: (heard, headers) => ({
        ...(heard.fingerprint !== null && { fingerprint: heard.fingerprint }),
        ...Object.fromEntries(TOLD.flatMap(([header, key]) => (headers.has(header) ? [[key, headers.get(header)]] : []))),
      }),
    };
  },
  concurrency: 4,
  loadsOnDemand: () => false,
  factsOf: () => Promise.resolve({}),
});

const TOLD = [
  ['x-litellm-version', 'litellm_version'],
  ['x-litellm-model-id', 'litellm_model_id'],
  ['x-litellm-model-name', 'litellm_model_name'],
  ['x-litellm-model-group', 'litellm_model_group'],
  ['x-litellm-attempted-retries', 'litellm_retries'],
  ['x-litellm-attempted-fallbacks', 'litellm_fallbacks'],
  ['x-litellm-response-cost', 'litellm_cost_usd'],
] as const;

function objectToBackend(asked: string, backend: string | null, name: string | null, headers: Headers): Objection | null {
  if (Number(headers.get('x-litellm-attempted-fallbacks') ?? 0) > 0)
    return {
      state: 'fallback',
      why: `the proxy fell back: "${headers.get('x-litellm-model-group') ?? name ?? 'another'}" answered for "${asked}"`,
    };
  if (backend !== null && name !== null && name !== backend)
    return { state: 'wrong_model', why: `"${name}" answered, "${backend}" is the backend under test (group "${asked}")` };
  return null;
}
