/** What can be said of the server: is it there, may we ask, does it have the model, how much fits. */
import { nearestName } from '../../errors.ts';
import { sameModel } from '../openai-compatible.ts';
import { daysUntil } from '../shutdown-dates.ts';
import { isHeard } from './ask.ts';
import { type Check, type Evidence, listedAs } from './evidence.ts';
import { startingFix } from './fixes.ts';
import { isDown } from './gather.ts';

const WARN_DAYS = 60;
const NAMES_SHOWN = 3;

export const server: Check = (seen) => {
  const { failure, ms, models } = seen.list;
  // refused by --local-only: the sentence says what would allow it
  if (failure?.state === 'not_asked') return { status: 'blocks', found: failure.why, fix: null };
  if (failure && isDown(seen)) return { status: 'blocks', found: failure.why, fix: startingFix(seen) };
  if (failure?.state === 'unknown_model' || failure?.state === 'rejected' || (failure === null && models === null)) {
    const found = `answers in ${ms} ms, without a list of models${failure ? ` (${failure.why})` : ''}`;
    const isV1 = /\/v\d+$/.test(seen.baseUrl);
    return { status: 'info', found, fix: isV1 ? null : 'most servers want a base_url that ends in /v1' };
  }
  return { status: 'ok', found: `answers in ${ms} ms`, fix: null };
};

/** The key is missing or wrong; the list of models may be public, and LiteLLM says 500 or 400 of it. */
export function whyNoKey({ hello, list, proxy, isKeySent }: Evidence): string | null {
  if (hello?.answer.state === 'unauthorized') return hello.why;
  if (isHeard(hello)) return null;
  if (list.failure?.state === 'unauthorized') return list.failure.why;
  return proxy?.isAlive && !isKeySent && list.failure?.state === 'server_error' ? 'LiteLLM wants one (and says 500 without)' : null;
}

export const key: Check = (seen) => {
  const { isKeySent, model, hello } = seen;
  const why = whyNoKey(seen);
  if (why === null && !isHeard(hello)) return null;
  if (why === null) return { status: 'ok', found: isKeySent ? 'sent, and not refused' : 'none sent, none asked for', fix: null };
  const isOpenAi = model.provider === 'openai' && model.options['base_url'] === undefined;
  const variable = isOpenAi ? 'OPENAI_API_KEY' : 'the variable that api_key: names';
  const fix = isKeySent ? `put the right key into ${variable}` : 'name the variable that holds the key: api_key: "${NAME}"';
  return { status: 'blocks', found: `${isKeySent ? 'the key is refused' : 'no key is sent'}: ${why}`, fix };
};

/** The model is not in the list, and the server says that it does not know it. */
export function isUnlisted(seen: Evidence): boolean {
  return seen.list.models !== null && listedAs(seen, sameModel) === null && seen.hello?.answer.state === 'unknown_model';
}

export const known: Check = (seen) => {
  const { list, model } = seen;
  if (list.models === null) return isDown(seen) ? null : { status: 'unknown', found: 'the server lists no models', fix: null };
  const ids = list.models.map(({ id }) => id);
  if (listedAs(seen, sameModel)) {
    const downloaded = seen.lmstudio.before === null ? '' : ' (downloaded ones included)';
    return { status: 'ok', found: `listed, ${ids.length === 1 ? 'the only one' : `one of ${ids.length}`}${downloaded}`, fix: null };
  }
  const near = nearestName(model.model, ids);
  const names = near === null ? ids.slice(0, NAMES_SHOWN).join(', ') + (ids.length > NAMES_SHOWN ? ', …' : '') : near;
  const found = `"${model.model}" is not in its list of ${ids.length}`;
  const use = ids.length === 0 ? 'load a model on the server' : `name one that is there under model: ${names}`;
  if (!isUnlisted(seen)) return { status: 'warning', found, fix: use };
  const retired = model.provider === 'openai' ? '; if it was retired, replay what is recorded of it: answers: recorded' : '';
  return { status: 'blocks', found, fix: use + retired };
};

export const loaded: Check = (seen) => {
  const { lmstudio, llama, hello, model } = seen;
  if (isDown(seen) || model.provider === 'openai' || model.provider === 'litellm') return null;
  const { before, after } = lmstudio;
  if (before?.isLoaded) return { status: 'ok', found: `yes${quantized(before.quantization)}`, fix: null };
  if (after?.isLoaded) {
    const seconds = Math.round((hello?.answer.timings?.total_ms ?? 0) / 1000);
    const found = `only now, by the first question (${seconds} s)${quantized(after.quantization)}`;
    return { status: 'ok', found, fix: null };
  }
  if (before) return { status: isHeard(hello) ? 'warning' : 'blocks', found: 'no', fix: `load it: lms load ${before.key}` };
  if (llama?.isReady) return { status: 'ok', found: 'yes', fix: null };
  if (llama) return { status: 'warning', found: 'not yet: the server is still loading', fix: 'wait, and ask the doctor again' };
  return { status: 'unknown', found: 'the server does not tell', fix: null };
};

const quantized = (name: string | null): string => (name === null ? '' : `, as ${name}`);

/** A group of a proxy may hide several models, and answers as one. */
export const backends: Check = ({ proxy, model }) => {
  if (proxy === null) return null;
  const all = proxy.backends;
  const [one] = all;
  if (one === undefined) return { status: 'unknown', found: 'the proxy does not tell which models stand behind the name', fix: null };
  if (all.length === 1) return { status: 'ok', found: one, fix: null };
  const found = `${all.length} different ones behind one name: ${all.join(', ')}`;
  const own = 'give the one under test a model_name of its own in LiteLLM';
  const fix =
    typeof model.options['backend'] === 'string' ? `${own}: answers of the others do not count` : `name it, backend: ${one}; or ${own}`;
  return { status: 'warning', found, fix };
};

export const context: Check = (seen) => {
  if (isDown(seen)) return null;
  const { longest } = seen.need;
  const { lmstudio, llama, proxy } = seen;
  const loadedLength = (lmstudio.after ?? lmstudio.before)?.contextLength ?? llama?.contextPerSlot;
  const tokens = loadedLength ?? listedAs(seen, sameModel)?.contextLength ?? proxy?.contextLength ?? null;
  const needed = longest === null ? null : longest.prompt + (longest.limit ?? 0);
  const parts =
    longest === null ? '' : `${longest.prompt} for the prompt${longest.limit === null ? '' : ` + ${longest.limit} for the answer`}`;
  const want = needed === null ? '' : `; "${longest?.case ?? ''}" takes about ${needed} (${parts}; an estimate)`;
  if (tokens === null) return { status: 'unknown', found: `the server does not tell${want}`, fix: null };
  const found = `${tokens} tokens${llama === null ? '' : ' a slot'}${want}`;
  if (needed === null || needed <= tokens) return { status: 'ok', found, fix: null };
  return { status: 'blocks', found, fix: `${longerContext(seen, needed)}; or lower max_tokens` };
};

function longerContext({ lmstudio, llama, model }: Evidence, needed: number): string {
  const room = Math.ceil((needed * 1.25) / 1024) * 1024;
  const { key: name, maxContextLength } = lmstudio.after ?? lmstudio.before ?? { key: model.model, maxContextLength: null };
  if (maxContextLength !== null && maxContextLength < needed) return `shorten the prompt: the model takes ${maxContextLength} at most`;
  if (lmstudio.before) return `lms load ${name} --context-length ${Math.min(room, maxContextLength ?? room)}`;
  const slots = llama?.slots ?? 1;
  if (llama) return `start the server with --ctx-size ${room * slots}${slots > 1 ? ` (${slots} slots share it)` : ''}`;
  return `give the server a context of ${room} tokens (vLLM: --max-model-len ${room})`;
}

export const parallel: Check = (seen) => {
  if (isDown(seen)) return null;
  const { lmstudio, llama, concurrency } = seen;
  const slots = (lmstudio.after ?? lmstudio.before)?.parallel ?? llama?.slots ?? null;
  if (slots === null) return { status: 'unknown', found: `the server does not tell; onpar asks ${concurrency} at a time`, fix: null };
  const found = `the server answers ${slots} at a time, onpar asks ${concurrency}`;
  if (concurrency > slots) {
    const fix = `concurrency: ${slots} in models.yaml, or ${concurrency} slots on the server: what waits counts as slow`;
    return { status: 'warning', found, fix };
  }
  return { status: 'ok', found, fix: null };
};

/** OpenAI says when a model is switched off. */
export const retirement: Check = (seen) => {
  const listed = listedAs(seen, sameModel);
  const { model, today } = seen;
  if (listed?.shutdownDate === undefined && model.provider !== 'openai') return null;
  if (listed?.shutdownDate === undefined) return isDown(seen) ? null : { status: 'unknown', found: 'the server does not tell', fix: null };
  const date = listed.shutdownDate;
  if (date === null) return { status: 'ok', found: 'no date announced', fix: null };
  const days = daysUntil(date, today);
  if (Number.isNaN(days)) return { status: 'unknown', found: `the date cannot be read: ${date}`, fix: null };
  if (days < 0) {
    const fix = 'replay what is recorded of it: answers: recorded; or take another baseline';
    return { status: 'blocks', found: `it was to be shut down on ${date}`, fix };
  }
  if (days > WARN_DAYS) return { status: 'ok', found: `on ${date}, in ${days} days`, fix: null };
  const fix = `record it before: onpar record --model ${model.name}; recordings can be compared for years`;
  return { status: 'warning', found: `it is shut down on ${date}, ${days === 0 ? 'today' : `in ${days} days`}`, fix };
};
