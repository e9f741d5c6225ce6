/** Answers that are at hand: recordings and files. Nobody is asked, nothing is written. */
import { openAsking } from '../asking.ts';
import { type Answers, collectAnswers } from '../collect.ts';
import type { Suite } from '../record.ts';
import { NO_JOBS } from '../run/jobs.ts';
import { NO_JOURNAL } from '../run/journal.ts';
import { askingInput } from './ask-flags.ts';
import type { Loaded } from './load.ts';
import type { Console } from './verb.ts';

/** One result a suite, same order; an answer that is not there has the state `missing`. */
export async function offlineAnswers(suites: readonly Suite[], loaded: Loaded, console: Console): Promise<Answers[]> {
  const never = new AbortController().signal;
  const parts = {
    journal: NO_JOURNAL,
    jobs: NO_JOBS,
    resumed: new Map<string, never>(),
    hosts: new Set<string>(),
    signals: { stop: never, force: never, release: () => undefined },
  };
  const input = askingInput({ offline: true }, loaded, console, { ...parts, priced: (_, answer) => answer, onAnswer: () => undefined });
  return collectAnswers(suites, openAsking(input));
}
