/** Questions that a server works on by itself: left to it where the run is stopped, taken up again where it goes on. */
import type { Ask, Attempt } from './models/provider.ts';
import type { Call } from './plan/plan-calls.ts';
import { type Answer, SPOKEN_STATES } from './record.ts';
import type { Jobs } from './run/jobs.ts';
import { journalKey } from './run/journal.ts';
import type { Recording } from './run/recordings.ts';

export const keyOf = (call: Call): string => journalKey(call.model.name, call.request);

/** Whether a job goes on without this answer to it. */
export const runsOn = ({ call }: Answer): boolean => call?.provenance['job'] !== undefined;

/** Asks, and waits for the job that was started for the same call, if there is one. Null: it was left to the server after `stop`. */
export function takingUp(ask: Ask, jobs: Jobs, stop: AbortSignal): (call: Call, signal: AbortSignal) => Promise<Attempt | null> {
  return async (call, signal) => {
    const key = keyOf(call);
    const attempt = await ask(call, signal, { id: jobs.get(key), started: (id) => jobs.started(key, id), leave: stop });
    if (runsOn(attempt.answer)) return stop.aborted ? null : attempt;
    // another try would wait for it again
    if (attempt.isTransient) jobs.ended(key);
    return attempt;
  };
}

/** Whether a run that goes on keeps an answer. An error whose job runs on is no last word. */
export function isSettled({ state, entry = '', request }: Recording, jobs: Jobs, isErrorAsked: boolean): boolean {
  if (state === undefined || SPOKEN_STATES.some((one) => one === state)) return true;
  return !isErrorAsked && jobs.get(journalKey(entry, request)) === null;
}
