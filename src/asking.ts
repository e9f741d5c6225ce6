/** What a run asks and what it replays: the modes of its models, the journal, the recordings, the budget. */
import { join, relative } from 'node:path';
import { noAnswer } from './models/answer-from-text.ts';
import { providers } from './models/index.ts';
import type { Provider, ProviderTools } from './models/provider.ts';
import { type Call, planCalls } from './plan/plan-calls.ts';
import { type Answer, type Model, SPOKEN_STATES, type Suite } from './record.ts';
import { fromRecording, toRecording } from './recorded-answers.ts';
import type { EngineOptions, Lane } from './run/engine.ts';
import type { Jobs } from './run/jobs.ts';
import type { Journal, Place } from './run/journal.ts';
import { isWorthRecording, readShelf, type Recording, recordingFile, type Shelf, writeRecordings } from './run/recordings.ts';
import { replay } from './run/replay.ts';
import { openSeats, type Seats } from './seats.ts';
import { keyOf, runsOn, takingUp } from './taking-up.ts';

/** One model's part in a suite; `seats` are filled in the order of cases, then samples. */
export interface Part {
  suite: Suite;
  model: string;
  samples: number;
  seats: Seats;
}

/** A call, and where its answer is put. */
export interface Seated {
  call: Call;
  seat: number;
  seats: Seats;
}

export interface AskingInput {
  models: ReadonlyMap<string, Model>;
  /** folder of the recordings */
  recordings: string;
  /** models whose mode a flag overrides for this run */
  modes: ReadonlyMap<string, Model['answers']>;
  isOffline: boolean;
  journal: Journal;
  /** of questions that have no answer yet, by `journalKey` */
  jobs: Jobs;
  /** answers of the run that is resumed: their places in the journal, by `journalKey` */
  resumed: ReadonlyMap<string, Place>;
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
  /** questions that failed for good: nothing was heard of the model */
  failures: number | null;
}

export interface Asking extends Omit<AskingInput, 'engine'> {
  shelfOf: (model: string) => Shelf;
  engine: EngineOptions<Seated>;
  /** an answer that `auto` mode is to record, once the run is over */
  toRecord: (call: Call, place: Place) => void;
  partOf: (suite: Suite, model: string, samples: number) => Part;
  /** writes what is to be recorded of a suite into its recordings */
  record: (suite: Suite) => void;
  warnings: () => string[];
}

export function openAsking(input: AskingInput): Asking {
  const shelves = new Map<string, Shelf>();
  const spent = { usd: 0, tokens: 0, failures: 0, answers: 0 };
  const unpriced = new Set<string>();
  const fresh = new Map<string, Map<string, Place[]>>();
  const shelfOf = (model: string): Shelf => {
    const shelf = shelves.get(model) ?? readShelf(input.recordings, model);
    shelves.set(model, shelf);
    return shelf;
  };
  const toRecord = ({ model, suite }: Call, place: Place): void => {
    if (modeOf(model, input) !== 'auto') return;
    const ofSuite = fresh.get(suite) ?? new Map<string, Place[]>();
    const places = ofSuite.get(model.name) ?? [];
    places.push(place);
    fresh.set(suite, ofSuite.set(model.name, places));
  };
  const keep = ({ call, seat, seats }: Seated, answer: Answer): void => {
    input.onAnswer(call.suite, ++spent.answers);
    if (answer.origin !== 'live') return seats.hold(seat, answer);
    const heard = answer.state === 'unknown_model' ? withRecordings(answer, shelfOf(call.model.name), input) : answer;
    const priced = input.priced(call.model, heard);
    const place = input.journal.add({ entry: call.model.name, ...toRecording(call, priced) });
    if (!runsOn(priced)) input.jobs.ended(keyOf(call));
    seats.place(seat, place);
    if (isWorthRecording(priced)) toRecord(call, place);
    if (!SPOKEN_STATES.some((state) => state === priced.state)) spent.failures++;
    if (priced.call?.cost_usd === null) unpriced.add(call.model.name);
    spent.usd += priced.call?.cost_usd ?? 0;
    spent.tokens += (priced.usage?.input_tokens ?? 0) + (priced.usage?.output_tokens ?? 0);
  };
  const partOf = (suite: Suite, model: string, samples: number): Part => {
    const read = (place: Place, call: Call) => fromRecording(input.journal.read(place), { ...nameOf(call), origin: 'live' });
    const recall = (call: Call) => recorded(call, shelfOf(model)).answer;
    return { suite, model, samples, seats: openSeats(suite.cases.length * samples, { read, recall }) };
  };
  const withoutEntry = (place: Place): Recording => {
    const recording = input.journal.read(place);
    delete recording.entry;
    return recording;
  };
  return {
    ...input,
    shelfOf,
    engine: {
      ...input.engine,
      keep,
      give: ({ call }, state, why) => noAnswer({ ...nameOf(call), origin: 'recording' }, state, why),
      tokensOf: ({ call }) => estimateTokens(call),
      isSpent: () => whySpent(spent, input.budget),
    },
    toRecord,
    partOf,
    record: (suite) => {
      const own = fresh.get(suite.name);
      if (!own) return;
      const order = Array.from(suite.cases, (one) => one.name);
      for (const [model, places] of own)
        writeRecordings(recordingFile(input.recordings, model, suite.name), places.map(withoutEntry), order);
      fresh.delete(suite.name);
    },
    warnings: () => [
      ...[...shelves.values()].flatMap((s) =>
        s.unreadable.map((place) => `${place}: this line is not a recording; the case it was meant for is missing`),
      ),
      ...(input.budget.usd === null
        ? []
        : [...unpriced].map((name) => `--budget-usd does not see what "${name}" costs: its price is unknown`)),
    ],
  };
}

/** A model that is gone for good lives on in its recordings, if there are any. */
function withRecordings(answer: Answer, shelf: Shelf, { recordings, tools }: Pick<AskingInput, 'recordings' | 'tools'>): Answer {
  const place = relative(tools.cwd, join(recordings, answer.model));
  const hint =
    shelf.byRequest.size === 0
      ? `if it was retired, nothing of it is recorded in ${place}`
      : `if it was retired, ${shelf.byRequest.size} of its answers are recorded in ${place}: set answers: recorded`;
  return { ...answer, why: `${answer.why ?? ''}; ${hint}` };
}

function whySpent(spent: Record<keyof Budget, number>, budget: Budget): string | null {
  if (budget.usd !== null && spent.usd >= budget.usd) return `not asked: the budget of $${budget.usd} is spent`;
  if (budget.tokens !== null && spent.tokens >= budget.tokens) return `not asked: the budget of ${budget.tokens} tokens is spent`;
  if (budget.failures !== null && spent.failures >= budget.failures) return `not asked: ${spent.failures} failed before (--bail)`;
  return null;
}

/** Four characters a token, and what the answer may take. */
export function estimateTokens({ messages, params }: Pick<Call, 'messages' | 'params'>): number {
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
export async function laneOf(name: string, parts: readonly Part[], asking: Asking): Promise<Lane<Seated> | null> {
  const model = asking.models.get(name);
  if (!model) throw new Error(`the suite room let an unknown model through: ${name}`);
  const calls = unanswered(model, parts, asking);
  const first = calls.next();
  if (first.done) return null;
  const opened = await (providers as Record<string, Provider>)[model.provider]!.open(model, asking.tools);
  const ask = takingUp(opened.ask, asking.jobs, asking.engine.stop);
  const limit = (key: string) => (typeof model.options[key] === 'number' ? model.options[key] : null);
  return {
    name,
    calls: chain(first.value, calls),
    ask: async ({ call }, signal) => {
      const attempt = await ask(call, signal);
      if (attempt === null || attempt.answer.call === null) return attempt;
      return { ...attempt, answer: { ...attempt.answer, call: { ...attempt.answer.call, request: call.request } } };
    },
    warmUp: opened.warmUp,
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

/** Calls without an answer yet, in order; those with one are seated on the way. */
function* unanswered(model: Model, parts: readonly Part[], asking: Asking): Generator<Seated> {
  const mode = modeOf(model, asking);
  for (const { suite, samples, seats } of parts) {
    let seat = -1;
    for (const call of planCalls(suite, model, samples)) {
      seat++;
      if (model.provider === 'file' || !isKnown(call, mode, seat, seats, asking)) yield { call, seat, seats };
    }
  }
}

/** Seats an answer that need not be asked for; false when there is none. */
function isKnown(call: Call, mode: Model['answers'], seat: number, seats: Seats, asking: Asking): boolean {
  const resumed = mode === 'recorded' ? undefined : asking.resumed.get(keyOf(call));
  if (resumed) {
    seats.place(seat, resumed);
    if (isWorthRecording({ state: asking.journal.read(resumed).state ?? 'ok' })) asking.toRecord(call, resumed);
    return true;
  }
  const isThere = mode === 'recorded' || (mode === 'auto' && recorded(call, asking.shelfOf(call.model.name)).isFound);
  if (isThere) seats.leave(seat);
  return isThere;
}

/** The recorded answer to a call, or one that says why there is none. */
function recorded(call: Call, shelf: Shelf): { answer: Answer; isFound: boolean } {
  const of = { ...nameOf(call), origin: 'recording' as const };
  const found = replay(call, shelf);
  if ('recording' in found) return { answer: fromRecording(found.recording, of), isFound: true };
  return { answer: noAnswer(of, found.state, found.why), isFound: false };
}

const nameOf = (call: Call) => ({ model: call.model.name, case: call.case, sample: call.sample });

/** Where a run keeps its journal, and the jobs that are open. */
export const journalFile = (runFolder: string): string => join(runFolder, 'answers.jsonl');
export const jobsFile = (runFolder: string): string => join(runFolder, 'jobs.json');
