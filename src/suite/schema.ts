/**
 * What the files may hold. `.meta({ must })` is how a wrong value is answered ("it must be …"); rules that need two
 * fields are in build-suite.ts, build-case.ts and shared-keys.ts, elements in elements.ts.
 */
import * as z from 'zod';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });

export const NAME = /^[A-Za-z0-9][A-Za-z0-9._+@-]{0,99}$/;
export const CAPABILITIES = [
  'reasoning',
  'general',
  'code',
  'structured_output',
  'function_calling',
  'embeddings',
  'summary',
  'research',
] as const;

const text = must(z.string().min(1), 'text');
const line = must(z.string().regex(/^\S(.*\S)?$/), 'one line of text');
const fileSafeName = must(z.string().regex(NAME), 'letters, digits and . _ - + @ (it names files, too)');
const tags = must(z.array(line), 'a list of texts');
const language = must(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), 'a language code such as en or pt-BR');
const yes = must(z.boolean(), 'true or false');

/** YAML 1.2 reads 2026-12-31 as a text. */
const quarantine = must(
  z.strictObject({ until: must(z.iso.date(), 'a day such as 2026-12-31'), why: line }),
  '{ until: 2026-12-31, why: one line of text }',
);

/** Exactly one of the two is checked in shared-keys.ts. */
const read = must(z.strictObject({ json: line.optional(), after: text.optional() }), '{ json: path } or { after: text }');

const share = (low = 0, high = 1) => must(z.number().min(low).max(high), `a number from ${low} to ${high}`).optional();
const count = must(z.int().min(1), 'a whole number above 0').optional();

/** Sent as they are, so that parameters of any server pass; those everybody has are checked. */
export const params = must(
  z.looseObject({
    temperature: share(0, 2),
    top_p: share(),
    frequency_penalty: share(-2, 2),
    presence_penalty: share(-2, 2),
    max_tokens: count,
    max_completion_tokens: count,
    seed: must(z.int(), 'a whole number').optional(),
  }),
  'a map of parameters',
);

/** Parameters of common servers: a name that is nearly one of these is a slip. */
export const KNOWN_PARAMS = [
  ...Object.keys(params.shape),
  ...[
    'top_k',
    'min_p',
    'typical_p',
    'top_logprobs',
    'logprobs',
    'logit_bias',
    'stop',
    'stop_token_ids',
    'repetition_penalty',
    'repeat_penalty',
    'length_penalty',
    'min_tokens',
  ],
  ...[
    'response_format',
    'reasoning_effort',
    'reasoning',
    'verbosity',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
    'chat_template_kwargs',
    'service_tier',
    'store',
    'user',
  ],
  ...[
    'metadata',
    'guided_json',
    'guided_regex',
    'guided_choice',
    'guided_grammar',
    'max_output_tokens',
    'use_beam_search',
    'best_of',
    'ignore_eos',
    'skip_special_tokens',
    'num_ctx',
  ],
];
/** Set by onpar itself. */
export const RESERVED_PARAMS = ['model', 'messages', 'stream', 'n'];

const weight = must(z.number().min(0), 'a number of at least 0');

export function suiteSchemas(scorerNames: readonly string[]) {
  const weights = must(
    z
      .strictObject(Object.fromEntries(scorerNames.map((name) => [name, weight.optional()])))
      .refine((written) => Object.values(written).some((value) => (value ?? 0) > 0), 'no weight is above 0, so nothing would be judged'),
    `a map of ${scorerNames.join(', ')}`,
  );
  const message = z.strictObject({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: text });
  const shared = {
    expected_elements: must(z.array(z.unknown()), 'a list of what an answer must contain').optional(),
    read: read.optional(),
    weights: weights.optional(),
    params: params.optional(),
    tags: tags.optional(),
    critical: yes.optional(),
    language: language.optional(),
    vars: must(z.record(z.string(), z.unknown()), 'a map').optional(),
    prompt: text.optional(),
    messages: must(z.array(message).min(1), 'a list of messages').optional(),
  };
  /** in a dataset, a list may be taken whole from a column: `tags: "{{tags}}"` */
  const column = <T extends z.ZodType>(type: T, what: string) => must(z.union([z.string(), type]), `${what}, or "{{column}}"`);
  return {
    case: z.strictObject({ name: line, ...shared, quarantine: quarantine.optional() }),
    row: z.strictObject({
      name: line,
      ...shared,
      language: line.optional(),
      /** a row for which both texts are empty counts */
      quarantine: must(z.strictObject({ until: text, why: text }), '{ until: "{{column}}", why: text }').optional(),
      expected_elements: column(shared.expected_elements.unwrap(), 'a list').optional(),
      tags: column(tags, 'a list of texts').optional(),
    }),
    suite: z.strictObject({
      name: fileSafeName,
      description: must(z.string(), 'text').optional(),
      capability: must(z.enum(CAPABILITIES), `one of ${CAPABILITIES.join(', ')}`),
      baseline: must(line, 'the name of a model in models.yaml'),
      candidates: must(z.array(line).min(1), 'a list with at least one model'),
      parity_target: must(z.number().gt(0).max(1), 'above 0 and at most 1'),
      self_parity: must(line, 'the name of a model in models.yaml').optional(),
      decision: z.enum(['bounds', 'point']).default('bounds'),
      language: language.optional(),
      defaults: must(
        z.strictObject({
          params: params.optional(),
          weights: weights.optional(),
          samples: must(
            z.strictObject({ baseline: count, candidate: must(z.literal(1), '1').optional() }),
            '{ baseline: number }',
          ).optional(),
          tags: tags.optional(),
          read: read.optional(),
          critical: yes.optional(),
        }),
        'a map',
      ).optional(),
      cases: must(z.array(z.unknown()), 'a list of cases').optional(),
      dataset: z.unknown().optional(),
    }),
    dataset: z.strictObject({
      path: must(line, 'the path of a .csv or .jsonl file, relative to this file'),
      format: z.enum(['csv', 'jsonl']).optional(),
      limit: count,
      case: must(z.record(z.string(), z.unknown()), 'a map: the case that every row becomes'),
    }),
  };
}

export type SuiteSchemas = ReturnType<typeof suiteSchemas>;
