/** Suites + models → calls: what must be asked, of whom, and the hash under which its answer is recorded. */
import { createHash } from 'node:crypto';
import type { Case, Message, Model, Params, PromptVariant, Suite } from '../record.ts';

/** One question to one model. `sample` counts from 0. */
export interface Call {
  model: Model;
  suite: string;
  case: string;
  sample: number;
  messages: Message[];
  params: Params;
  /** sha256 of what is sent, hex: the address of its recording. Made when it is first asked for: an answer that has its place needs none. */
  readonly request: string;
}

/** The calls of one model for a suite, case by case; an iterator, so that a large suite is never queued whole. */
export function* planCalls(suite: Pick<Suite, 'name' | 'cases'>, model: Model, samples: number): Generator<Call> {
  for (const one of suite.cases) for (let sample = 0; sample < samples; sample++) yield planCall(suite.name, one, model, sample);
}

export function planCall(suite: string, one: Pick<Case, 'name' | 'messages' | 'params'>, model: Model, sample: number): Call {
  const messages = varied(one.messages, model.prompt);
  const merged: Params = { ...one.params, ...model.params };
  // one seed would give one answer as often as it is asked
  const params = typeof merged['seed'] === 'number' ? { ...merged, seed: merged['seed'] + sample } : merged;
  let request: string | null = null;
  return {
    model,
    suite,
    case: one.name,
    sample,
    messages,
    params,
    get request() {
      return (request ??= requestHash(model.model, messages, params, sample));
    },
  };
}

/** A case's messages as an entry of models.yaml puts them. The first system message is lengthened: many templates take only one. */
function varied(messages: Message[], prompt: PromptVariant | undefined): Message[] {
  if (prompt === undefined) return messages;
  const { system, wrap } = prompt;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  // not as a pattern: a prompt may hold a $&
  const wrapped = messages.map((m, i) =>
    wrap !== undefined && i === last ? { ...m, content: wrap.replaceAll('{{prompt}}', () => m.content) } : m,
  );
  if (system === undefined) return wrapped;
  const own = wrapped.findIndex(({ role }) => role === 'system' || role === 'developer');
  if (own === -1) return [{ role: 'system', content: system }, ...wrapped];
  return wrapped.map((m, i) => (i === own ? { ...m, content: `${system}\n\n${m.content}` } : m));
}

/** Hash of a request: model id on the wire, messages, parameters and sample number; key order does not matter. */
export function requestHash(model: string, messages: readonly Message[], params: Params, sample: number): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys({ model, messages, params, sample })))
    .digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
