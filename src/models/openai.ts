/** `provider: openai`: OpenAI itself. Reasoning models get the parameters that they take, and no others. */
import * as z from 'zod';
import type { Objection } from './answer-from-heard.ts';
import type { Dialect } from './openai-chat.ts';
import { renamed, servedProvider } from './served.ts';

/** o1, o3-mini, o4-mini-deep-research, gpt-5 …, and what was fine-tuned of them: they refuse the parameters of sampling. */
const REASONING_MODEL = /^(ft:)?(o\d|gpt-([5-9]|\d\d))/;
const SAMPLING = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty', 'logprobs', 'top_logprobs', 'logit_bias', 'seed'];

export const openai = servedProvider({
  baseUrl: 'https://api.openai.com/v1',
  keyVariable: 'OPENAI_API_KEY',
  options: {
    /** for models whose name does not tell */
    reasoning: z.boolean().optional(),
    /** Responses API: start a job and poll, for models that think for many minutes */
    background: z.boolean().optional(),
  },
  dialectOf: ({ options, model }): Dialect => {
    const isReasoning = typeof options['reasoning'] === 'boolean' ? options['reasoning'] : REASONING_MODEL.test(model);
    const left = isReasoning ? Object.fromEntries(SAMPLING.map((name) => [name, null])) : {};
    return {
      paramsOf: (params) => renamed(params, { max_tokens: 'max_completion_tokens', ...left }),
      objectTo: (heard) => objectToVersion(model, heard.model),
      provenance: (heard, headers) => ({
        ...(heard.fingerprint !== null && { fingerprint: heard.fingerprint }),
        ...(headers.has('x-request-id') && { request_id: headers.get('x-request-id') }),
      }),
    };
  },
  concurrency: 8,
  loadsOnDemand: () => false,
  factsOf: () => Promise.resolve({}),
});

/** `gpt-4.1` is answered by a dated version of it; another name is another model. */
function objectToVersion(asked: string, reported: string | null): Objection | null {
  if (reported === null || reported === asked) return null;
  const rest = reported.startsWith(`${asked}-`) ? reported.slice(asked.length + 1) : '';
  return /^\d{4}(-\d\d-\d\d)?$/.test(rest) ? null : { state: 'wrong_model', why: `"${reported}" answered, "${asked}" was asked` };
}
