/** What can be said of the answers: who gives them, whole or in pieces, with what counts, thoughts and speed, and always the same? */
import { isHeard, isSpoken } from './ask.ts';
import type { Answered, Check, Evidence, Said } from './evidence.ts';
import { fixFor } from './fixes.ts';
import { isUnlisted, whyNoKey } from './server-checks.ts';

export const answers: Check = (seen) => {
  const { hello } = seen;
  // said in another row
  if (hello === null || whyNoKey(seen) !== null || isUnlisted(seen)) return null;
  const { answer, headers } = hello;
  if (!isSpoken(hello)) return { status: 'blocks', found: hello.why, fix: fixFor(seen, hello) };
  const backend = headers?.get('x-litellm-model-name') ?? null;
  if (backend !== null) return { status: 'ok', found: `"${backend}", for the name "${seen.model.model}"`, fix: null };
  if (answer.reported_model === null) return { status: 'warning', found: 'the server does not say which model answers', fix: null };
  if (answer.state === 'empty' && answer.reasoning === null)
    return { status: 'warning', found: `"${answer.reported_model}", with nothing`, fix: 'ask it by hand; is its chat template right?' };
  return { status: 'ok', found: `"${answer.reported_model}"`, fix: null };
};

/** Parameters of the suites are sent with the first question. */
export const parameters: Check = ({ need, refusedParams, hello }) => {
  const names = Object.keys(need.params);
  if (refusedParams !== null) {
    const fix = 'take what it refuses out of params:, in the suite or in models.yaml';
    return { status: 'blocks', found: `refused: ${refusedParams}`, fix };
  }
  if (names.length === 0 || !isHeard(hello)) return null;
  return { status: 'ok', found: `not refused: ${names.join(', ')}`, fix: null };
};

export const streaming: Check = ({ hello }) => {
  if (!isHeard(hello)) return null;
  const { isStream, finishReason } = hello.heard;
  if (isStream && finishReason === null)
    return {
      status: 'blocks',
      found: 'the stream ends without a finish_reason: every answer counts as cut off',
      fix: 'update the server, or the proxy in front of it',
    };
  if (!isStream) {
    const found = 'no: answers come in one piece, without the time of their first token';
    return { status: 'warning', found, fix: 'switch streaming on where the server, or the proxy in front of it, has it off' };
  }
  return { status: 'ok', found: `yes, with a finish_reason ("${finishReason ?? ''}")`, fix: null };
};

export const usage: Check = ({ hello, model }) => {
  if (!isHeard(hello)) return null;
  const counted = hello.answer.usage;
  if (counted) return { status: 'ok', found: `reported: ${counted.input_tokens} in, ${counted.output_tokens} out`, fix: null };
  const isPaid = model.options['cost'] !== undefined;
  const fix = isPaid ? null : 'tokens stay unknown; for a cost, write cost: { per_hour: … } in models.yaml';
  const found = hello.heard.usage === null ? 'not reported' : 'zeros are reported: unknown, that is';
  return { status: 'warning', found, fix };
};

/** A smaller limit leaves a model that thinks no room for its answer. */
const ROOM_TO_THINK = 1024;
const MORE_ROOM = 'max_tokens: 2048 or more, or thinking off (reasoning_effort, chat_template_kwargs)';

export const reasoning: Check = (seen) => {
  const { hello } = seen;
  if (!isHeard(hello)) return null;
  const shape = questionsOf(seen).flatMap((said) => (isHeard(said) ? (shapeOf(said) ?? []) : []))[0];
  if (shape === undefined) return { status: 'ok', found: 'none seen', fix: null };
  const isLost = shapeOf(hello) !== null && hello.answer.answer === '';
  const isCut = isLost && hello.answer.state === 'truncated';
  const limit = seen.need.smallestLimit;
  const lost = isCut ? `; it took all ${hello.limit} tokens, and no answer was left` : '';
  if (isLost && !isCut)
    return {
      status: 'warning',
      found: `${shape}; the answer is empty, everything is in the reasoning`,
      fix: 'is its chat template right?',
    };
  if (limit !== null && limit < ROOM_TO_THINK)
    return { status: 'warning', found: `${shape}${lost || `; the suites give ${limit} tokens for thought and answer`}`, fix: MORE_ROOM };
  if (isCut)
    return { status: 'info', found: `${shape}${lost}; the suites ${limit === null ? 'set no limit' : `give ${limit}`}`, fix: null };
  return { status: 'ok', found: `${shape}, kept apart from the answer`, fix: null };
};

/** Null when the model did not think. */
function shapeOf({ answer, heard }: Answered): string | null {
  if (heard.reasoning.trim() !== '') return heard.reasoningField ?? 'reasoning items';
  if (answer.reasoning !== null) {
    if (heard.content.includes('<|channel|>')) return 'channels inside the text';
    return /<(think|thinking|reasoning)>/i.test(heard.content) ? '<think> inside the text' : 'a lone </think> inside the text';
  }
  const hidden = answer.usage?.reasoning_tokens ?? 0;
  return hidden > 0 ? `hidden (${hidden} tokens counted)` : null;
}

const questionsOf = ({ hello, jsonSchema, jsonObject, tools, repeats }: Evidence): Said[] =>
  [hello, jsonSchema, jsonObject, tools, ...repeats].flatMap((said) => said ?? []);

export const speed: Check = ({ hello, repeats }) => {
  if (!isHeard(hello)) return null;
  const timings = [...repeats, hello].flatMap(({ answer }) => answer.timings ?? []);
  const rate = median(timings.flatMap((t) => t.tokens_per_second ?? []));
  const first = median(timings.flatMap((t) => t.first_token_ms ?? []));
  if (rate === null) return { status: 'unknown', found: 'tokens a second cannot be told without usage and streaming', fix: null };
  const after = first === null ? '' : `, the first after ${first} ms`;
  return { status: 'info', found: `${rate.toFixed(rate < 10 ? 1 : 0)} tokens a second${after}`, fix: null };
};

function median(values: number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

export const determinism: Check = ({ hello, repeats, takesTemperature }) => {
  if (!isHeard(hello) || repeats.length === 0) return null;
  if (!takesTemperature) return { status: 'info', found: 'it takes no temperature: answers differ from one time to the next', fix: null };
  const heard = repeats.filter(isHeard);
  if (heard.length < repeats.length) {
    const why = repeats.find((said) => !isHeard(said))?.why ?? '';
    return { status: 'unknown', found: `asked ${repeats.length} times, answered ${heard.length}: ${why}`, fix: null };
  }
  const different = new Set(heard.map(({ heard: { content, reasoning: thought } }) => `${thought}\n\n${content}`)).size;
  if (different === 1) return { status: 'ok', found: `temperature 0, asked ${repeats.length} times: the same`, fix: null };
  return {
    status: 'warning',
    found: `temperature 0, asked ${repeats.length} times: ${different} different answers`,
    fix: 'a second run may judge otherwise: more baseline samples, or no prompt cache and concurrency: 1',
  };
};
