/**
 * `provider: hybrid`: two other entries behind the hybrid client. The candidate answers, and where it does not the fallback does.
 * An answer by the fallback is `ok`: the way to an answer is what is judged. Who gave it stands in its provenance.
 */
import * as z from 'zod';
import type { Endpoint } from './endpoint.ts';
import type { Dialect } from './openai-chat.ts';
import type { Provider } from './provider.ts';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });
const entry = must(z.string().min(1), 'the name of another entry of models.yaml');
const seconds = must(z.number().gt(0), 'a number of seconds above 0').optional();

/** Keys of its entry; src/hybrid-entry.ts makes the client's options out of them. */
export const hybridOptions = z.strictObject({
  candidate: entry,
  /** needed unless `local_only` */
  fallback: entry.optional(),
  local_only: must(z.boolean(), 'true or false').optional(),
  allow_hosts: must(z.array(z.string().min(1)), 'a list of host names').optional(),
  retries: must(z.int().min(0), 'a whole number, 0 or more').optional(),
  first_token_s: seconds,
  candidate_s: seconds,
  total_s: seconds,
  probe_s: seconds,
  probe: z.enum(['chat', 'models']).optional(),
  concurrency: must(z.int().min(1), 'a whole number above 0').optional(),
});

/** What the two servers told, and what the client says of who answered. */
const dialect: Dialect = {
  paramsOf: (params) => params,
  // the client has seen to it on each side
  objectTo: () => null,
  provenance: (heard, headers) => ({
    ...(heard.fingerprint !== null && { fingerprint: heard.fingerprint }),
    ...Object.fromEntries(TOLD.flatMap(([header, key]) => (headers.has(header) ? [[key, headers.get(header)]] : []))),
    ...(headers.get('x-onpar-answered-by') === 'baseline' && { lost_ms: Number(headers.get('x-onpar-lost-ms')) }),
  }),
};

const TOLD = [
  ['x-onpar-answered-by', 'answered_by'],
  ['x-onpar-reason', 'reason'],
  ['x-onpar-attempts', 'attempts_candidate_fallback'],
] as const;

export const hybrid: Provider = {
  options: hybridOptions,
  refersTo: ['candidate', 'fallback'],
  // a replayed answer tells nothing of today's candidate
  answers: 'live',
  open: async (model, tools) => {
    if (tools.openHybrid === undefined) throw new Error('nobody told how a hybrid model is opened');
    const { openai, address, totalMs, loadsOnDemand, secrets, isResponses, tokenLimits } = await tools.openHybrid(model, tools);
    const [{ askChat }, { askResponses }] = await Promise.all([import('./openai-chat.ts'), import('./openai-responses.ts')]);
    const limitOf = (headers: Headers) => tokenLimits[headers.get('x-onpar-answered-by') === 'baseline' ? 'baseline' : 'candidate'];
    const origin = new URL(address).origin;
    const rest: Pick<Endpoint, 'sendsKey' | 'transport'> = { sendsKey: false, transport: fetch };
    // the client's own time-out comes first
    const endpoint: Endpoint = { ...rest, client: openai, baseUrl: address, origin, timeoutMs: totalMs + GRACE_MS, secrets };
    const { concurrency } = model.options;
    return {
      ask: (question, signal) => {
        const asked = { name: model.name, modelId: model.model, question, endpoint, dialect, signal, date: tools.now };
        return isResponses ? askResponses({ ...asked, limitOf }) : askChat(asked);
      },
      concurrency: typeof concurrency === 'number' ? concurrency : 1,
      machine: origin,
      loadsOnDemand,
      warmUp: null,
    };
  },
};

const GRACE_MS = 5_000;
