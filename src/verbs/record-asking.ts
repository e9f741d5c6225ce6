/** Asks for what is to be recorded: each request once, each answer in the journal before the next, all of them recorded at the end. */
import { type AskingInput, laneOf, openAsking, type Seated } from '../asking.ts';
import { type Call, planCalls } from '../plan/plan-calls.ts';
import type { Answer } from '../record.ts';
import { askAll, type Lane } from '../run/engine.ts';
import { openRecordingJournal } from '../run/recording-journal.ts';
import type { Recording } from '../run/recordings.ts';
import type { Seats } from '../seats.ts';
import type { RecordPart } from './record-plan.ts';

/** What came of a call, without its text. */
export interface Heard {
  call: Call;
  state: Answer['state'];
  why: string | null;
  /** null when it is not known */
  cost_usd: number | null;
}

export interface RecordingInput {
  parts: readonly RecordPart[];
  /** a request that need not be asked */
  isKnown: (call: Call) => boolean;
  /** what asking takes, but for its journal and its jobs */
  asking: Omit<AskingInput, 'journal' | 'jobs'>;
  onAnswer: (heard: Heard) => void;
}

export interface OpenedRecording {
  /** resolves when all is asked or `stop` was aborted; what was answered is recorded then */
  ask: () => Promise<void>;
  warnings: () => string[];
}

/** Nobody reads the answers back: they are recorded. */
const NO_SEATS: Seats = {
  place: () => undefined,
  leave: () => undefined,
  hold: () => undefined,
  get: () => {
    throw new Error('answers that are being recorded are not read back');
  },
  empty: () => 0,
};
const NOTHING_RECORDED = { byRequest: new Map<string, never>(), cases: new Set<string>(), unreadable: [] };

/** Asks nobody yet. Rejects with an InputError for what is wrong, such as a missing key. */
export async function openRecording({ parts, isKnown, asking: input, onAnswer }: RecordingInput): Promise<OpenedRecording> {
  const journal = openRecordingJournal(input.recordings, input.engine.now);
  // the call that is being kept, and what of it went into the journal
  let kept: { call: Call; recording: Recording | null } | null = null;
  const add = (recording: Recording) => {
    if (kept === null) throw new Error('an answer came that nobody keeps');
    kept.recording = recording;
    return journal.add(recording, { model: kept.call.model.name, suite: kept.call.suite });
  };
  const opened = openAsking({ ...input, jobs: journal.jobs, journal: { add, read: journal.read, close: () => undefined } });
  // which requests are asked is decided here: with --again, those that are recorded are asked too
  const asking = { ...opened, shelfOf: () => NOTHING_RECORDED };
  const keep = (seated: Seated, answer: Answer) => {
    kept = { call: seated.call, recording: null };
    opened.engine.keep(seated, answer);
    onAnswer(heardOf(kept.call, kept.recording, answer));
  };
  const lanes: Lane<Seated>[] = [];
  for (const model of new Set(parts.map((part) => part.model))) {
    const own = parts.filter((part) => part.model === model);
    if (callsToAsk(own, isKnown).next().done) continue;
    const seats = own.map(({ suite, samples }) => ({ suite, samples, model: model.name, seats: NO_SEATS }));
    const lane = await laneOf(model.name, seats, asking);
    if (lane) lanes.push({ ...lane, calls: seated(callsToAsk(own, isKnown)) });
  }
  return {
    warnings: opened.warnings,
    async ask() {
      try {
        await askAll(lanes, { ...opened.engine, keep });
      } finally {
        for (const suite of new Set(parts.map((part) => part.suite))) opened.record(suite);
        journal.discard();
      }
    },
  };
}

/** One model's calls; a request that stands in two suites is asked once. */
export function* callsToAsk(parts: readonly RecordPart[], isKnown: (call: Call) => boolean): Generator<Call> {
  const asked = new Set<string>();
  for (const { suite, model, samples } of parts)
    for (const call of planCalls(suite, model, samples)) {
      if (asked.has(call.request) || isKnown(call)) continue;
      asked.add(call.request);
      yield call;
    }
}

function* seated(calls: Iterable<Call>): Generator<Seated> {
  for (const call of calls) yield { call, seat: 0, seats: NO_SEATS };
}

function heardOf(call: Call, recording: Recording | null, answer: Answer): Heard {
  const { state = answer.state, why = answer.why, cost_usd = null } = recording ?? {};
  return { call, state, why, cost_usd };
}
