/** Flags of verbs that may ask live models, and what they make of them. */
import { setMaxListeners } from 'node:events';
import type { AskingInput } from '../asking.ts';
import { InputError, suggestName } from '../errors.ts';
import type { Answer, Model } from '../record.ts';
import type { Jobs } from '../run/jobs.ts';
import type { Journal, Place } from '../run/journal.ts';
import type { Loaded } from './load.ts';
import { type Console, type Flag, type FlagValues, listFlag, textFlag } from './verb.ts';

export const askFlags: Record<string, Flag> = {
  live: { type: 'string', multiple: true, value: 'MODEL', help: 'ask this model whatever models.yaml says' },
  record: { type: 'string', multiple: true, value: 'MODEL', help: 'ask this model what is not recorded, and record it' },
  offline: { type: 'boolean', help: 'ask nobody: recordings only, no socket' },
  concurrency: { type: 'string', short: 'j', value: 'N', help: 'questions in flight a model' },
  'budget-usd': { type: 'string', value: 'N', help: 'stop asking when this is spent' },
  'budget-tokens': { type: 'string', value: 'N', help: 'stop asking when so many tokens are used' },
  bail: { type: 'string', value: 'N', help: 'stop asking when N questions have failed for good' },
};

export interface AskingParts {
  journal: Journal;
  jobs: Jobs;
  resumed: ReadonlyMap<string, Place>;
  hosts: Set<string>;
  signals: Signals;
  priced: (model: Model, answer: Answer, models: ReadonlyMap<string, Model>) => Answer;
  onAnswer: AskingInput['onAnswer'];
}

export function askingInput(
  values: FlagValues,
  { models, recordings }: Pick<Loaded, 'models' | 'recordings'>,
  console: Console,
  parts: AskingParts,
): AskingInput {
  const { journal, jobs, resumed, hosts, signals, priced, onAnswer } = parts;
  return {
    models,
    recordings,
    modes: modesOf(values, [...models.keys()]),
    isOffline: values['offline'] === true,
    journal,
    jobs,
    resumed,
    concurrency: numberFlag(values, 'concurrency', true),
    budget: {
      usd: numberFlag(values, 'budget-usd', false),
      tokens: numberFlag(values, 'budget-tokens', true),
      failures: numberFlag(values, 'bail', true),
    },
    tools: {
      cwd: console.cwd,
      env: console.env,
      contacted: (host) => void hosts.add(host),
      now: console.now,
      openHybrid: async (model, tools) => (await import('../hybrid-entry.ts')).hybridOpener(models)(model, tools),
    },
    priced: (model, answer) => priced(model, answer, models),
    onAnswer,
    engine: {
      retry: { tries: 4, totalMs: 900_000, pauseMs: 500 },
      stop: signals.stop,
      force: signals.force,
      now: () => performance.now(),
      sleep,
      random: Math.random,
    },
  };
}

function modesOf(values: FlagValues, names: string[]): Map<string, Model['answers']> {
  const modes = new Map<string, Model['answers']>();
  for (const [flag, mode] of [
    ['live', 'live'],
    ['record', 'auto'],
  ] as const) {
    for (const name of listFlag(values, flag)) {
      if (!names.includes(name))
        throw new InputError({
          code: 'cli/unknown-model',
          what: `--${flag} ${name}: the suites use no such model`,
          fix: suggestName(name, names),
        });
      modes.set(name, mode);
    }
  }
  return modes;
}

/** A positive number, or null when the flag is absent. */
export function numberFlag(values: FlagValues, name: string, isWhole: boolean): number | null {
  const text = textFlag(values, name);
  if (text === null) return null;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0 && (!isWhole || Number.isSafeInteger(number))) return number;
  throw new InputError({
    code: 'cli/bad-number',
    what: `--${name} ${text}: this is not a ${isWhole ? 'whole ' : ''}number above 0`,
    fix: `write --${name} 4`,
  });
}

/** Milliseconds; ends early when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

export interface Signals {
  /** nothing more is asked */
  stop: AbortSignal;
  /** what is in flight is cut */
  force: AbortSignal;
  release: () => void;
}

/** Ctrl-C once: finish what is in flight and stop. Twice: cut it. */
export function listenForInterrupt(err: (text: string) => void): Signals {
  const [stop, force] = [new AbortController(), new AbortController()];
  // every call in flight listens
  setMaxListeners(0, stop.signal, force.signal);
  const onSignal = () => {
    if (stop.signal.aborted) return force.abort();
    err('\nstopping: waiting for the answers in flight (Ctrl-C again cuts them)\n');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stop: stop.signal,
    force: force.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
