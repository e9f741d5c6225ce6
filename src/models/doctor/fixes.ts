/** How to mend what `doctor` found, by the state of an answer and by the server. */
import type { AnswerState } from '../../record.ts';
import type { Evidence, Said } from './evidence.ts';

/** Nobody listens at the address. */
export function startingFix({ model: { provider }, baseUrl }: Evidence): string {
  const otherwise = 'or set base_url to where it is';
  if (provider === 'lmstudio') return `start LM Studio's server: lms server start; ${otherwise}`;
  if (provider === 'litellm') return `start the proxy: litellm --config FILE; ${otherwise}`;
  if (provider === 'openai') return `check that this machine reaches ${new URL(baseUrl).host} (a proxy: HTTPS_PROXY)`;
  return `start the server (llama-server, vllm serve, ollama serve …); ${otherwise}`;
}

const FIXES: Partial<Record<AnswerState, string>> = {
  unknown_model: 'write the id that the server has under model:',
  out_of_quota: 'the account has no credit left: top it up, or replay recordings',
  rejected: 'take what it refuses out of params:, in the suite or in models.yaml',
  rate_limited: 'set rpm: and tpm: in models.yaml, and a lower concurrency:',
  cooldown: 'the proxy holds its deployments back after failures: see its log, and wait',
  timed_out: "see the server's log: is the model still loading, or made for embeddings only?",
  server_error: "see the server's log; is the model loaded?",
  malformed: 'check base_url: most servers want one that ends in /v1',
  unreachable: "see the server's log: it may have crashed; is there enough memory?",
  context_overflow: 'load the model with a longer context',
  fallback: "repair the group's own deployments, or ask the model that answers by its own name",
  refused: 'ask it by hand: a filter may stand in between',
};

/** What to do about an answer that is none. */
export function fixFor({ model, lmstudio, baseUrl }: Evidence, { answer: { state, reported_model } }: Said): string | null {
  if (state === 'wrong_model') {
    const load = lmstudio.before ? `load the right one: lms load ${lmstudio.before.key}` : 'start the server with the right one';
    if (model.provider === 'litellm') return 'give each backend a model_name of its own in LiteLLM';
    return `${load}; or write model: ${reported_model ?? ''}`;
  }
  if (state === 'server_error' && (lmstudio.before || model.provider === 'lmstudio')) return `load it: lms load ${model.model}`;
  if (state === 'server_error' && model.provider === 'litellm') return "see the proxy's log: do the servers behind it run?";
  if (state === 'malformed' && /\/v\d+$/.test(baseUrl)) return 'see what the server says, for instance with curl';
  return FIXES[state] ?? null;
}
