/** Answers ↔ the lines that keep them, in recordings and in the journal of a run. */
import { answerFromText } from './models/answer-from-text.ts';
import type { Call } from './plan/plan-calls.ts';
import type { Answer } from './record.ts';
import type { Recording } from './run/recordings.ts';

export function fromRecording(r: Recording, of: Pick<Answer, 'model' | 'case' | 'sample' | 'origin'>): Answer {
  const { request, recorded_at, attempts = 1, provenance = {}, cost_usd = null, prices = null } = r;
  const call = recorded_at === null || r.attempts === undefined ? null : { request, recorded_at, attempts, provenance, cost_usd, prices };
  const { reasoning, finish_reason, usage, timings, reported_model, source, licence } = r;
  const answer = answerFromText({ ...of, text: r.answer, reasoning, finish_reason, usage, timings, reported_model, source, licence, call });
  // what the text itself tells goes before an "ok" of an older reader
  const isTold = r.state === undefined || r.state === 'ok' || r.state === answer.state;
  return isTold ? answer : { ...answer, state: r.state ?? answer.state, why: r.why ?? r.state ?? null };
}

export function toRecording(call: Call, a: Answer): Recording {
  const { answer, reasoning, finish_reason, usage, timings, reported_model, source, licence, state, why } = a;
  const { recorded_at = null, attempts = 1, provenance = {}, cost_usd = null, prices = null } = a.call ?? {};
  const { request, messages, params } = call;
  // one literal: spreads would make a dictionary of it, which is slow and lives long
  return {
    request,
    case: call.case,
    sample: call.sample,
    model: call.model.model,
    messages,
    params,
    answer,
    reasoning,
    finish_reason,
    usage,
    timings,
    reported_model,
    recorded_at,
    source,
    licence,
    state,
    why,
    attempts,
    provenance,
    cost_usd,
    prices,
  };
}
