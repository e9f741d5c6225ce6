/** `onpar record`: ask models once and keep their answers, so that a baseline outlives its model. */
import type { Call } from '../plan/plan-calls.ts';
import { askFlags, askingInput, listenForInterrupt, numberFlag, type Signals } from './ask-flags.ts';
import { type Loaded, loadForVerb } from './load.ts';
import { progressLine } from './progress.ts';
import type { Heard } from './record-asking.ts';
import type { RecordPart } from './record-plan.ts';
import { socketFlags, withSocketFlags } from './socket-flags.ts';
import { type Console, type Flag, type FlagValues, listFlag, suiteFlags, type Verb } from './verb.ts';

const INCOMPLETE = 3;
const INTERRUPTED = 130;

export const record: Verb = {
  summary: 'ask baselines, or any model, and keep the answers as recordings',
  usage: '[--suite NAME] [--model NAME] [FLAGS]',
  flags: {
    ...suiteFlags,
    model: { type: 'string', multiple: true, value: 'NAME', help: 'record this model (default: baselines and their siblings)' },
    all: { type: 'boolean', help: 'record every model of the suites; with --prune: orphans too' },
    samples: { type: 'string', value: 'N', help: 'answers a case (default: 3 of a baseline, 1 of others)' },
    again: { type: 'boolean', help: 'ask what is recorded already, too, and replace it' },
    'dry-run': { type: 'boolean', help: 'only say what would be done' },
    prune: { type: 'boolean', help: 'ask nobody: remove recordings that no suite asks for any more' },
    ...(Object.fromEntries(['concurrency', 'budget-usd', 'budget-tokens'].map((name) => [name, askFlags[name]])) as Record<string, Flag>),
    ...socketFlags,
  },
  flagsForWord: ['suite', 'model'],
  run: runRecord,
};

async function runRecord(values: FlagValues, _: string[], outside: Console): Promise<number> {
  const console = withSocketFlags(values, outside);
  if (values['prune'] === true) return (await import('./record-prune.ts')).prune(values, console);
  const loaded = await loadForVerb(values, console);
  const { chooseParts } = await import('./record-plan.ts');
  const choice = { names: listFlag(values, 'model'), isAll: values['all'] === true, samples: numberFlag(values, 'samples', true) };
  const { parts, leftOut } = chooseParts(loaded.suites, loaded.models, choice);
  for (const warning of loaded.warnings) console.err(`warning: ${warning}\n`);
  const signals = listenForInterrupt(console.err);
  const [{ watchSockets }, { egressText }] = await Promise.all([import('../egress.ts'), import('../reporters/egress.ts')]);
  const ledger = watchSockets();
  try {
    const code = await recordParts({ values, loaded, parts, leftOut, signals, console });
    const sent = ledger.entries();
    if (sent.length > 0) console.out(`${egressText({ egress: sent, command: [] }) ?? ''}\n`);
    return code;
  } finally {
    ledger.close();
    signals.release();
  }
}

interface Job {
  values: FlagValues;
  loaded: Loaded;
  parts: RecordPart[];
  /** models that cannot be recorded, with the reason */
  leftOut: ReadonlyMap<string, string>;
  signals: Signals;
  console: Console;
}

/** Plan, then answers, then what came of it. */
async function recordParts(job: Job): Promise<number> {
  const { values, loaded, parts, leftOut, signals, console } = job;
  const [{ estimateParts }, { openRecording }, { planText, resultText }, { shutdownDates }] = await Promise.all([
    import('./record-plan.ts'),
    import('./record-asking.ts'),
    import('./record-text.ts'),
    import('../models/shutdown-dates.ts'),
  ]);
  const isDryRun = values['dry-run'] === true;
  const { isKnown, leftovers } = await knownAnswers(job, isDryRun);
  const estimates = estimateParts(parts, isKnown, { recordings: loaded.recordings, concurrency: numberFlag(values, 'concurrency', true) });
  const toAsk = estimates.reduce((sum, estimate) => sum + estimate.toAsk, 0);
  const heard: Heard[] = [];
  const progress = progressLine(console);
  const onAnswer = (one: Heard) => {
    heard.push(one);
    progress.show('recording', heard.length, toAsk);
  };
  // opened before a word is said: a missing key is bad input
  const recording = isDryRun ? null : await openRecording({ parts, isKnown, asking: await askingOf(job), onAnswer });
  const models = [...new Set(parts.map(({ model }) => model))];
  const dates = await shutdownDates(models, { cwd: console.cwd, env: console.env, contacted: () => undefined, now: console.now });
  console.out(
    planText({
      parts,
      estimates,
      leftOut,
      leftovers: leftovers.length,
      dates,
      isDryRun,
      isAgain: values['again'] === true,
      now: console.now(),
    }),
  );
  if (recording === null || toAsk === 0) return 0;
  const startedAt = performance.now();
  try {
    await recording.ask();
  } finally {
    progress.clear();
  }
  for (const warning of recording.warnings()) console.err(`warning: ${warning}\n`);
  const { text, recorded } = resultText(heard, {
    toAsk,
    seconds: (performance.now() - startedAt) / 1000,
    recordings: loaded.recordings,
    cwd: console.cwd,
  });
  console.out(text);
  if (recorded === toAsk) return 0;
  if (!signals.stop.aborted) return INCOMPLETE;
  console.err('interrupted: what was answered is recorded\n  go on with the same command\n');
  return INTERRUPTED;
}

/** What a broken-off run left behind is recorded first. With --again only that counts as known. */
async function knownAnswers({ values, loaded, parts, console }: Job, isDryRun: boolean) {
  const [{ foldLeftovers, readLeftovers }, { readShelf }, { caseNames }] = await Promise.all([
    import('../run/recording-journal.ts'),
    import('../run/recordings.ts'),
    import('./record-plan.ts'),
  ]);
  const { recordings, suites } = loaded;
  const orderOf = (name: string) => {
    const suite = suites.find((one) => one.name === name);
    return suite ? caseNames(suite) : null;
  };
  const found = readLeftovers(recordings);
  for (const pid of found.running) console.err(`warning: process ${pid} is recording into the same folder; both may ask the same\n`);
  const leftovers = isDryRun ? found.leftovers : foldLeftovers(recordings, orderOf);
  const keyOf = (model: string, request: string) => `${model} ${request}`;
  const known = new Set(leftovers.map(({ to, recording }) => keyOf(to.model, recording.request)));
  for (const model of new Set(parts.map((part) => part.model.name))) {
    const { byRequest, unreadable } = readShelf(recordings, model);
    for (const place of unreadable) console.err(`warning: ${place}: this line is no recording, and goes when the file is written\n`);
    if (values['again'] === true) continue;
    for (const [request, one] of byRequest) if (one !== 'malformed') known.add(keyOf(model, request));
  }
  return { leftovers, isKnown: ({ model, request }: Call) => known.has(keyOf(model.name, request)) };
}

async function askingOf({ values, loaded, parts, signals, console }: Job) {
  const [{ priced }, { NO_JOURNAL }, { NO_JOBS }] = await Promise.all([
    import('../priced.ts'),
    import('../run/journal.ts'),
    import('../run/jobs.ts'),
  ]);
  const nothing = {
    journal: NO_JOURNAL,
    jobs: NO_JOBS,
    resumed: new Map<string, never>(),
    hosts: new Set<string>(),
    onAnswer: () => undefined,
  };
  return askingInput({ ...values, record: parts.map(({ model }) => model.name) }, loaded, console, { ...nothing, signals, priced });
}
