/** What a run asks and what it replays: the modes of its models, the journal, the recordings, the budget. */
import { join } from 'node:path';
import { InputError } from './errors.ts';
import { answerFromText, noAnswer } from './models/answer-from-text.ts';
import { providers } from './models/index.ts';
import type { Opened, Provider, ProviderTools } from './models/provider.ts';
import { type Call, planCalls } from './plan/plan-calls.ts';
import type { Answer, Model, Suite } from './record.ts';
import type { EngineOptions, Lane } from './run/engine.ts';
import type { Journal } from './run/journal.ts';
import { isWorthRecording, readShelf, type Recording, recordingFile, type Shelf, writeRecordings } from './run/recordings.ts';
import { replay } from './run/replay.ts';

/** A call, and where its answer is put. */
export interface Seated {
  call: Call;
  sit: (answer: Answer) => void;
}

export interface AskingInput {
  models: ReadonlyMap<string, Model>;
  /** folder of the recordings */
  recordings: string;
  /** models whose mode a flag overrides for this run */
  modes: ReadonlyMap<string, Model['answers']>;
  isOffline: boolean;
  journal: Journal;
  /** answers of the run that is resumed, by request */
  resumed: ReadonlyMap<string, Recording>;
  /** null: each model's own */
  concurrency: number | null;
  budget: Budget;
  tools: ProviderTools;
  /** fills in what the answer cost; null stays null where the price is unknown */
  priced: (model: Model, answer: Answer) => Answer;
  onAnswer: (suite: string, done: number) => void;
  engine: Pick<EngineOptions<Seated>, 'retry' | 'stop' | 'force' | 'now' | 'sleep' | 'random'>;
}

/** What a run may spend; null is no limit. */
export interface Budget {
  usd: number | null;
  tokens: number | null;
}

export interface Asking extends AskingInput {
  shelfOf: (model: string) => Shelf;
  engine: EngineOptions<Seated>;
  /** writes what was asked in `auto` mode into the recordings of a suite */
  record: (suite: Suite) => void;
  warnings: () => string[];
}

export function openAsking(input: AskingInput): Asking {
  const shelves = new Map<string, Shelf>();
  const spent = { usd: 0, tokens: 0, answers: 0 };
  const freshOf = new Map<string, Recording[]>();
  const shelfOf = (model: string): Shelf => {
    const shelf = shelves.get(model) ?? readShelf(input.recordings, model);
    shelves.set(model, shelf);
    return shelf;
  };
  const keep = ({ call, sit }: Seated, answer: Answer): void => {
    const priced = answer.origin === 'live' ? input.priced(call.model, answer) : answer;
    if (priced.origin === 'live') {
      const recording = toRecording(call, priced);
      input.journal.add(recording);
      spent.usd += priced.call?.cost_usd ?? 0;
      spent.tokens += (priced.usage?.input_tokens ?? 0) + (priced.usage?.output_tokens ?? 0);
      if (modeOf(call.model, input) === 'auto' && isWorthRecording(priced))
        freshOf.set(call.model.name, [...(freshOf.get(call.model.name) ?? []), recording]);
    }
    sit(priced);
    input.onAnswer(call.suite, ++spent.answers);
  };
  return {
    ...input,
    shelfOf,
    engine: {
      ...input.engine,
      keep,
      give: ({ call }, why) =>
        noAnswer({ model: call.model.name, case: call.case, sample: call.sample, origin: 'recording' }, 'missing', why),
      tokensOf: ({ call }) => estimateTokens(call),
      isSpent: () => whySpent(spent, input.budget),
    },
    record: (suite) => {
      for (const [model, recordings] of freshOf) {
        writeRecordings(
          recordingFile(input.recordings, model, suite.name),
          recordings,
          suite.cases.map((one) => one.name),
        );
      }
      freshOf.clear();
    },
    warnings: () =>
      [...shelves.values()].flatMap((s) =>
        s.unreadable.map((place) => `${place}: this line is not a recording; the case it was meant for is missing`),
      ),
  };
}

function whySpent(spent: { usd: number; tokens: number }, budget: Budget): string | null {
  if (budget.usd !== null && spent.usd >= budget.usd) return `not asked: the budget of $${budget.usd} is spent`;
  if (budget.tokens !== null && spent.tokens >= budget.tokens) return `not asked: the budget of ${budget.tokens} tokens is spent`;
  return null;
}

/** Four characters a token, and what the answer may take. */
function estimateTokens({ messages, params }: Call): number {
  const limit = params['max_tokens'] ?? params['max_completion_tokens'];
  return messages.reduce((sum, m) => sum + m.content.length / 4, 0) + (typeof limit === 'number' ? limit : 500);
}

export function modeOf(model: Model, { modes, isOffline }: Pick<AskingInput, 'modes' | 'isOffline'>): Model['answers'] {
  if (isOffline) return 'recorded';
  return modes.get(model.name) ?? model.answers;
}

/**
 * Seats what is recorded at once, and gives the lane of what must be asked; null when nothing must.
 * A provider is opened only then: replaying needs no key.
 */
export function laneOf(suite: Suite, name: string, samples: number, seats: Answer[], asking: Asking): Lane<Seated> | null {
  const model = asking.models.get(name);
  if (!model) throw new Error(`the suite room let an unknown model through: ${name}`);
  const calls = unanswered(suite, model, samples, seats, asking);
  const first = calls.next();
  if (first.done) return null;
  const opened = open(model, asking);
  const limit = (key: string) => (typeof model.options[key] === 'number' ? model.options[key] : null);
  return {
    name,
    calls: chain(first.value, calls),
    ask: async ({ call }, signal) => {
      const attempt = await opened.ask(call, signal);
      const { answer } = attempt;
      return answer.call === null ? attempt : { ...attempt, answer: { ...answer, call: { ...answer.call, request: call.request } } };
    },
    concurrency: asking.concurrency ?? opened.concurrency,
    rpm: limit('rpm'),
    tpm: limit('tpm'),
    machine: opened.machine,
    loadsOnDemand: opened.loadsOnDemand,
  };
}

function* chain<T>(first: T, rest: Iterable<T>): Generator<T> {
  yield first;
  yield* rest;
}

function open(model: Model, { tools }: Asking): Opened {
  const provider = (providers as Record<string, Provider | Pick<Provider, 'options'>>)[model.provider];
  if (provider && 'open' in provider) return provider.open(model, tools);
  throw new InputError({
    code: 'model/not-live',
    at: model.at,
    what: `provider "${model.provider}" cannot be asked`,
    fix: 'set answers: recorded',
  });
}

/** Calls without an answer yet, in order; those with one are seated on the way. */
function* unanswered(suite: Suite, model: Model, samples: number, seats: Answer[], asking: Asking): Generator<Seated> {
  const mode = modeOf(model, asking);
  let seat = 0;
  for (const call of planCalls(suite, model, samples)) {
    const at = seat++;
    const sit = (answer: Answer) => void (seats[at] = answer);
    const known = model.provider === 'file' ? null : knownAnswer(call, mode, asking);
    if (known) sit(known);
    else yield { call, sit };
  }
}

function knownAnswer(call: Call, mode: Model['answers'], asking: Asking): Answer | null {
  const of = { model: call.model.name, case: call.case, sample: call.sample };
  const resumed = asking.resumed.get(call.request);
  if (resumed && mode !== 'recorded') return fromRecording(resumed, { ...of, origin: 'live' });
  if (mode === 'live') return null;
  const found = replay(call, asking.shelfOf(call.model.name));
  if ('recording' in found) return fromRecording(found.recording, { ...of, origin: 'recording' });
  return mode === 'auto' ? null : noAnswer({ ...of, origin: 'recording' }, found.state, found.why);
}

function fromRecording(r: Recording, of: Pick<Answer, 'model' | 'case' | 'sample' | 'origin'>): Answer {
  const { request, recorded_at, attempts = 1, provenance = {}, cost_usd = null, prices = null } = r;
  const call = recorded_at === null || r.attempts === undefined ? null : { request, recorded_at, attempts, provenance, cost_usd, prices };
  const { reasoning, finish_reason, usage, timings, reported_model, source, licence } = r;
  const answer = answerFromText({ ...of, text: r.answer, reasoning, finish_reason, usage, timings, reported_model, source, licence, call });
  return r.state === undefined || r.state === answer.state ? answer : { ...answer, state: r.state, why: r.why ?? r.state };
}

function toRecording(call: Call, a: Answer): Recording {
  const { answer, reasoning, finish_reason, usage, timings, reported_model, source, licence, state, why } = a;
  const { recorded_at = null, attempts = 1, provenance = {}, cost_usd = null, prices = null } = a.call ?? {};
  const { request, messages, params } = call;
  const asked = { request, case: call.case, sample: call.sample, model: call.model.model, messages, params };
  return {
    ...asked,
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

/** Where a run keeps its journal. */
export const journalFile = (runFolder: string): string => join(runFolder, 'answers.jsonl');
