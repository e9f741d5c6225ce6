/** `onpar eval`: judge candidates against their baseline. */
import { relative, resolve } from 'node:path';
import { CannotHave } from '../embed/cannot-have.ts';
import type { Ledger } from '../egress.ts';
import { formatProblem, InputError } from '../errors.ts';
import type { RunView, Suite } from '../record.ts';
import type { Recording } from '../run/recordings.ts';
import type { RunFolder } from '../run/run-folder.ts';
import type { Shard } from '../shards.ts';
import { askFlags, askingInput, listenForInterrupt } from './ask-flags.ts';
import { checkAnnotations, ciFlags, tellCi } from './ci.ts';
import { filterCases, loadForVerb } from './load.ts';
import { readyOutput } from './outputs.ts';
import { progressLine } from './progress.ts';
import { reviewFlag, reviewsForEval } from './review.ts';
import { socketFlags, withSocketFlags } from './socket-flags.ts';
import { type Console, type FlagValues, listFlag, suiteFlags, textFlag, type Verb } from './verb.ts';

const [NOT_HAD, INTERRUPTED] = [3, 130];

export const evalVerb: Verb = {
  summary: 'judge candidates against their baseline and write the reports',
  usage: '[--suite NAME] [FLAGS]',
  flags: {
    ...suiteFlags,
    t: { type: 'string', short: 't', value: 'TEXT', help: 'only the case of this name, or those with it in their name' },
    shard: { type: 'string', value: 'I/N', help: 'only part I of N of the cases; onpar merge makes one run of the parts' },
    out: { type: 'string', value: 'DIR', help: 'where runs are written (default: reports)' },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'another copy of a report, by extension (.html, .csv, …)' },
    embedder: {
      type: 'string',
      value: 'NAME',
      help: 'encoder (default: bge-m3 where it is on this machine, else the bundled one), or a server: http://localhost:1234/v1#MODEL',
    },
    ...askFlags,
    ...reviewFlag,
    ...ciFlags,
    ...socketFlags,
    resume: { type: 'boolean', help: 'go on with the newest unfinished run, or with --run' },
    'retry-errors': { type: 'boolean', help: 'ask again what failed in the newest run, or in --run' },
    run: { type: 'string', value: 'DIR', help: 'the run to go on with' },
  },
  flagsForWord: ['suite'],
  run: (values, _, console) => runEval(values, console).catch((error: unknown) => couldNot(error, console)),
};

/** Without an encoder nothing can be judged; answers that came before are kept. */
function couldNot(error: unknown, console: Console): number {
  if (!(error instanceof CannotHave)) throw error;
  console.err(`${formatProblem(error.problem)}\n`);
  return NOT_HAD;
}

async function runEval(given: FlagValues, outside: Console): Promise<number> {
  const values = await withFlagsOfResumed(given, outside);
  const console = withSocketFlags(values, outside);
  if (values['resume'] !== true) await tellOfBrokenRun(values, console);
  const loaded = await loadForVerb(values, console);
  const { parseShard, dealCases } = await import('../shards.ts');
  const part = textFlag(values, 'shard');
  const shard = part === null ? null : parseShard(part);
  const chosen = filterCases(loaded.suites, textFlag(values, 't'));
  const suites = shard === null ? chosen : dealCases(chosen, shard);
  const { checkOutputs, writeReports } = await import('../write-reports.ts');
  const outputs = checkOutputs(listFlag(values, 'output')).map((file) => readyOutput(file, console.cwd));
  checkAnnotations(values);
  const reviews = await reviewsForEval(values, console);
  const hosts = new Set<string>();
  const { watchSockets } = await import('../egress.ts');
  const ledger = watchSockets();
  const embedder = await embedderFor(suites, values, console, hosts);
  const signals = listenForInterrupt(console.err);
  const progress = progressLine(console);
  try {
    const view = await judgeAll(values, { ...loaded, suites }, console, { embedder, hosts, ledger, signals, progress, reviews, shard });
    if (view === null) return INTERRUPTED;
    const path = resolve(outOf(values, console), view.record.run);
    progress.show('reports', 0, 1);
    writeReports(view, path, outputs);
    progress.clear();
    await printResult(view, path, embedder?.note ?? null, console);
    await tellCi(view, values, console);
    return view.record.exit_code;
  } finally {
    signals.release();
    ledger.close();
    progress.clear();
    await embedder?.close();
  }
}

/** Null where no suite wants a similarity: an encoder that is not needed is not even read. */
export async function embedderFor(suites: readonly Suite[], values: FlagValues, { env }: Console, hosts: Set<string>) {
  const name = textFlag(values, 'embedder');
  if (name === null && !suites.some(wantsSimilarity)) return null;
  const { openEmbedder, defaultFolders } = await import('../embed/index.ts');
  const served = { env, isOffline: values['offline'] === true, contacted: (host: string) => void hosts.add(host) };
  return openEmbedder({ name, ...defaultFolders(env), served });
}

function wantsSimilarity({ cases }: Suite): boolean {
  for (const { weights } of cases) if ('similarity' in weights) return true;
  return false;
}

/** Answers of a run that was killed are paid for: they should not be asked for again by mistake. */
async function tellOfBrokenRun(values: FlagValues, console: Console): Promise<void> {
  const [{ lastRun }, { jobsFile, journalFile }, { isLocked }, { existsSync, statSync }] = await Promise.all([
    import('../run/run-folder.ts'),
    import('../asking.ts'),
    import('../run/lock.ts'),
    import('node:fs'),
  ]);
  const broken = lastRun(outOf(values, console), 'unfinished');
  const journal = broken === null ? '' : journalFile(broken);
  if (broken === null || isLocked(journal) || !existsSync(journal)) return;
  if (statSync(journal).size === 0 && !existsSync(jobsFile(broken))) return;
  console.err(`note: ${relative(console.cwd, broken)} was broken off, and its answers are kept: --resume goes on with it\n`);
}

interface Tools {
  embedder: Awaited<ReturnType<typeof embedderFor>>;
  /** that were asked for vectors or answers */
  hosts: Set<string>;
  ledger: Ledger;
  signals: ReturnType<typeof listenForInterrupt>;
  progress: ReturnType<typeof progressLine>;
  reviews: Awaited<ReturnType<typeof reviewsForEval>>;
  shard: Shard | null;
}

/** Null when the run was interrupted. */
async function judgeAll(
  values: FlagValues,
  loaded: Awaited<ReturnType<typeof loadForVerb>>,
  console: Console,
  tools: Tools,
): Promise<RunView | null> {
  const [
    { evaluate },
    { openAsking, jobsFile, journalFile },
    { Interrupted },
    { openJournal, indexJournal },
    { openJobs },
    { isSettled },
    { priced },
    { NO_PAST, openPast },
    { isPart },
  ] = await Promise.all([
    import('../evaluate.ts'),
    import('../asking.ts'),
    import('../collect.ts'),
    import('../run/journal.ts'),
    import('../run/jobs.ts'),
    import('../taking-up.ts'),
    import('../priced.ts'),
    import('../past.ts'),
    import('../run/run-folder.ts'),
  ]);
  const { embedder, hosts, signals, progress, reviews, shard } = tools;
  const folder = await folderOf(values, loaded.suites, console);
  const journal = openJournal(journalFile(folder.path), () => performance.now());
  const jobs = openJobs(jobsFile(folder.path));
  const isKept = (recording: Recording) => isSettled(recording, jobs, values['retry-errors'] === true);
  const resumed = values['resume'] === true ? indexJournal(journalFile(folder.path), isKept) : new Map<string, never>();
  const total = loaded.suites.reduce((sum, s) => sum + s.cases.length * (s.baseline_samples + s.candidates.length), 0);
  const onAnswer = (suite: string, done: number) => progress.show(`${suite}: asking`, done, total);
  try {
    const asking = openAsking(askingInput(values, loaded, console, { journal, jobs, resumed, hosts, signals, priced, onAnswer }));
    const { suites, warnings } = loaded;
    return await evaluate({
      suites,
      asking,
      hosts,
      egress: tools.ledger.entries,
      embedder,
      reviews,
      folder,
      command: console.argv,
      version: console.version,
      warnings,
      now: console.now,
      onProgress: progress.show,
      past: isPart(values) ? NO_PAST : openPast(outOf(values, console), folder.run),
      shard,
    });
  } catch (error) {
    // nothing was asked: an empty run is not worth keeping, let alone resuming
    if (error instanceof InputError && values['resume'] !== true) folder.discard();
    if (!(error instanceof Interrupted)) throw error;
    progress.clear();
    console.err(`interrupted: ${error.message}; what was answered is kept\n  go on with: onpar eval --resume\n`);
    return null;
  } finally {
    journal.close();
  }
}

export const outOf = (values: FlagValues, console: Console): string => resolve(console.cwd, textFlag(values, 'out') ?? 'reports');

/** A run that is resumed keeps the flags it was started with; those given now come on top. */
async function withFlagsOfResumed(values: FlagValues, console: Console): Promise<FlagValues> {
  if (values['resume'] !== true && values['retry-errors'] !== true) return values;
  const { lastRun, readStarted } = await import('../run/run-folder.ts');
  const named = textFlag(values, 'run');
  const out = outOf(values, console);
  const newest = () => lastRun(out, 'unfinished') ?? (values['retry-errors'] === true ? lastRun(out, 'any') : null);
  const path = named === null ? newest() : resolve(console.cwd, named);
  if (path === null)
    throw new InputError({
      code: 'run/none-to-resume',
      what: 'there is no unfinished run to go on with',
      fix: 'name one with --run, or start a new one without --resume',
    });
  return { ...readStarted(path).flags, ...values, resume: true, run: path };
}

/** A new folder, or the one of the run to go on with. */
async function folderOf(values: FlagValues, suites: readonly Suite[], console: Console): Promise<RunFolder> {
  const { createRunFolder, reopenRunFolder } = await import('../run/run-folder.ts');
  const resumed = textFlag(values, 'run');
  if (values['resume'] === true && resumed !== null) return reopenRunFolder(resumed);
  const label = suites.length === 1 && suites[0] ? suites[0].name : 'all';
  return createRunFolder(outOf(values, console), console.now(), label, { command: console.argv, flags: values });
}

export async function printResult(view: RunView, path: string, note: string | null, console: Console): Promise<void> {
  const { terminalTable } = await import('../reporters/terminal.ts');
  const { computed = 0, cached = 0 } = view.record.embedding ?? {};
  for (const warning of view.record.warnings) console.err(`warning: ${warning}\n`);
  console.out(terminalTable(view, { width: console.width, colour: console.hasColour }));
  if (note !== null) {
    const [encoder, ...why] = note.split(': ');
    console.out(['', encoder, ...why.map(indent), indent(`${computed} texts embedded, ${cached} from the cache`), ''].join('\n'));
  }
  console.out(`report   ${relative(console.cwd, path)}/report.html\n`);
}

const indent = (line: string) => `         ${line}`;
