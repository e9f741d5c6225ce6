/** JSON by schema, JSON, tools: each blocks only where a suite needs it, and is information elsewhere. */
import { isHeard, parseJson } from './ask.ts';
import type { Answered, Check, Said } from './evidence.ts';

type Told = { works: boolean; found: string; fix: string | null } | { works: null; found: string };

interface Capability {
  said: Said | null;
  isNeeded: boolean;
  /** what to do when the server refuses it */
  instead: string;
}

function check({ said, isNeeded, instead }: Capability, judge: (said: Answered) => Told): ReturnType<Check> {
  if (said === null) return null;
  const told: Told = isHeard(said) ? judge(said) : failed(said, instead);
  if (told.works === null) return { status: isNeeded ? 'warning' : 'unknown', found: told.found, fix: null };
  if (told.works) return { status: 'ok', found: told.found, fix: null };
  return isNeeded
    ? { status: 'blocks', found: `${told.found}; the suites need it`, fix: told.fix }
    : { status: 'info', found: `${told.found}; no suite needs it`, fix: null };
}

function failed({ answer: { state }, why }: Said, instead: string): Told {
  if (state === 'rejected') return { works: false, found: `refused: ${why}`, fix: instead };
  return { works: null, found: `not told: ${why}` };
}

/** Cut off in its thoughts: nothing can be said. */
const isLost = ({ answer, heard }: Answered): boolean =>
  answer.answer === '' && heard.toolCalls.length === 0 && (answer.reasoning !== null || (answer.usage?.reasoning_tokens ?? 0) > 0);
const lost = ({ limit, answer }: Answered): Told => ({
  works: null,
  found: `not told: ${answer.state === 'truncated' ? `all ${limit} tokens went into the reasoning` : 'everything is in the reasoning'}`,
});

export const jsonSchema: Check = ({ jsonSchema: said, need }) =>
  check({ said, isNeeded: need.jsonSchema, instead: 'ask for JSON in the prompt, or use a server that takes a schema' }, (one) => {
    if (isLost(one)) return lost(one);
    const value = objectIn(one.answer.answer);
    const isRight =
      value !== null &&
      Object.keys(value).sort().join() === 'capital,country' &&
      ['Norway', 'Chile', 'Japan'].includes(value['country'] as string) &&
      typeof value['capital'] === 'boolean';
    if (isRight) return { works: true, found: 'enforced', fix: null };
    const found = value === null ? 'accepted and ignored: the answer is no JSON' : 'accepted, and not enforced';
    return {
      works: false,
      found,
      fix: 'update the server; small models may need one with grammars (llama.cpp, LM Studio with GGUF, vLLM)',
    };
  });

export const jsonObject: Check = ({ jsonObject: said, need }) =>
  check({ said, isNeeded: need.jsonObject, instead: 'send a schema: response_format: { type: json_schema, … }' }, (one) => {
    if (isLost(one)) return lost(one);
    const text = one.answer.answer.trim();
    const isCut = one.heard.finishReason === 'length' && text.startsWith('{');
    if (objectIn(text) !== null) return { works: true, found: 'yes', fix: null };
    if (isCut) return { works: true, found: `yes; the answer was cut at ${one.limit} tokens`, fix: null };
    return {
      works: false,
      found: 'accepted and ignored: the answer is no JSON',
      fix: 'send a schema: response_format: { type: json_schema, … }',
    };
  });

export const tools: Check = ({ tools: said, need }) =>
  check({ said, isNeeded: need.tools, instead: 'use a model and a server that take tools' }, (one) => {
    if (isLost(one)) return lost(one);
    const [call] = one.heard.toolCalls.filter(Boolean);
    if (!call) {
      const found = 'ignored: the model had to call one, and answered in words';
      return { works: false, found, fix: 'use a model and a chat template made for tools (llama.cpp: --jinja)' };
    }
    const isRight = call.name === 'get_weather' && objectIn(call.arguments) !== null;
    if (isRight) return { works: true, found: `a call came back: ${call.name}(${call.arguments})`, fix: null };
    return {
      works: false,
      found: `a call came back that cannot be read: ${call.name}(${call.arguments})`,
      fix: 'use a model made for tools',
    };
  });

function objectIn(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
