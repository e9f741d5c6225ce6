/** Suites → what they ask of a model, as far as a server may fail to give it. */
import type { Need } from './models/doctor/index.ts';
import { planCalls } from './plan/plan-calls.ts';
import type { Model, Params, Suite } from './record.ts';

const CHARACTERS_A_TOKEN = 4;
/** A chat template puts as much around each message. */
const TOKENS_A_MESSAGE = 4;

const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'];
/** Probed apart, or in the way of a probe. */
const LEFT_OUT = new Set([
  ...LIMITS,
  'min_tokens',
  'stop',
  'stop_token_ids',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
]);

export const takesPart = ({ baseline, self_parity, candidates }: Suite, name: string): boolean =>
  baseline === name || self_parity === name || candidates.includes(name);

export function needOf(model: Model, all: readonly Suite[]): Need {
  const suites = all.filter((suite) => takesPart(suite, model.name));
  const formats = new Set<unknown>();
  const need: Need = {
    suites: suites.map(({ name }) => name),
    ...{ longest: null, smallestLimit: limitOf(model.params), params: withoutLimits(model.params) },
    ...{ jsonSchema: false, jsonObject: false, tools: suites.some(({ capability }) => capability === 'function_calling') },
  };
  let isFirst = true;
  for (const suite of suites) {
    const before = formats.size;
    for (const { case: name, messages, params } of planCalls(suite, model, 1)) {
      if (isFirst) need.params = withoutLimits(params);
      isFirst = false;
      const limit = limitOf(params);
      const prompt = messages.reduce((sum, { content }) => sum + Math.ceil(content.length / CHARACTERS_A_TOKEN) + TOKENS_A_MESSAGE, 0);
      if (need.longest === null || prompt + (limit ?? 0) > need.longest.prompt + (need.longest.limit ?? 0))
        need.longest = { suite: suite.name, case: name, prompt, limit };
      if (limit !== null) need.smallestLimit = Math.min(limit, need.smallestLimit ?? limit);
      const format = params['response_format'];
      if (typeof format === 'object' && format !== null && 'type' in format) formats.add(format.type);
      if (Array.isArray(params['tools']) && params['tools'].length > 0) need.tools = true;
    }
    // a suite of this kind that sends no format yet will want one
    if (suite.capability === 'structured_output' && formats.size === before) formats.add('json_schema');
  }
  return { ...need, jsonSchema: formats.has('json_schema'), jsonObject: formats.has('json_object') };
}

function limitOf(params: Params): number | null {
  return LIMITS.map((name) => params[name]).find((value) => typeof value === 'number') ?? null;
}

function withoutLimits(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !LEFT_OUT.has(name)));
}
