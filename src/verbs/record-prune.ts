/** `onpar record --prune`: takes out recordings that no case of any suite asks for any more. Asks nobody. */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { InputError } from '../errors.ts';
import type { Suite } from '../record.ts';
import { plural } from '../reporters/text.ts';
import { withLock } from '../run/lock.ts';
import { foldLeftovers } from '../run/recording-journal.ts';
import { parseRecording, pruneRecordings, type Recording, recordingFile } from '../run/recordings.ts';
import { type Loaded, loadForVerb } from './load.ts';
import { caseNames, isAskedFor, recordingsIn } from './record-plan.ts';
import type { Console, FlagValues } from './verb.ts';

export async function prune(values: FlagValues, console: Console): Promise<number> {
  for (const flag of ['suite', 'model', 'samples', 'again']) {
    if (values[flag] === undefined) continue;
    throw new InputError({
      code: 'cli/prune-with',
      what: `--prune and --${flag} do not go together: what no suite asks for can only be told from all of them`,
      fix: `leave out --${flag}`,
    });
  }
  const isDryRun = values['dry-run'] === true;
  const loaded = await loadForVerb(values, console);
  const orders = new Map(loaded.suites.map((suite) => [suite.name, suite]));
  const orderOf = (name: string) => {
    const suite = orders.get(name);
    return suite ? caseNames(suite) : null;
  };
  if (!isDryRun) foldLeftovers(loaded.recordings, orderOf);
  const said: string[] = [];
  let removed = 0;
  for (const shelf of shelves(loaded)) {
    const unwanted = recordingsIn(shelf.file).filter((one) => !shelf.isWanted(one));
    const isKept = shelf.suite === null && values['all'] !== true;
    if (isKept) said.push(orphanText(shelf, unwanted.length, console.cwd));
    if (isKept || unwanted.length === 0) continue;
    removed += unwanted.length;
    said.push(
      `${relative(console.cwd, shelf.file)}: ${unwanted.length} of ${recordingsIn(shelf.file).length}`,
      ...unwanted.map(recordingText),
    );
    const broken = brokenLines(shelf.file);
    if (broken > 0) said.push(`  ${plural(broken, 'line')} that can be read as no recording`);
    if (isDryRun) continue;
    pruneRecordings(
      shelf.file,
      shelf.isWanted,
      shelf.suite === null ? recordingsIn(shelf.file).map((r) => r.case) : caseNames(shelf.suite),
    );
    removeIfEmpty(shelf.file);
  }
  const verb = isDryRun ? 'would be removed' : 'removed';
  console.out(`${said.map((line) => `${line}\n`).join('')}${plural(removed, 'recording')} ${verb}\n`);
  return 0;
}

interface ShelfFile {
  file: string;
  /** null: no suite of the folder asks this model, or there is no such suite */
  suite: Suite | null;
  isWanted: (recording: Recording) => boolean;
}

/** Every file of recordings. A recording is found by its request, whichever suite's file it lies in. */
function shelves({ suites, models, recordings }: Loaded): ShelfFile[] {
  const used = new Map<string, Map<string, Suite>>();
  const wanted = new Map<string, (recording: Recording) => boolean>();
  for (const model of models.values()) {
    const own = suites.filter(({ baseline, self_parity, candidates }) => [baseline, self_parity, ...candidates].includes(model.name));
    const folder = dirname(recordingFile(recordings, model.name, 'any'));
    wanted.set(folder, either(wanted.get(folder), isAskedFor(own, model)));
    const files = used.get(folder) ?? new Map<string, Suite>();
    for (const suite of own) files.set(recordingFile(recordings, model.name, suite.name), suite);
    used.set(folder, files);
  }
  return list(recordings)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(recordings, name))
    .flatMap((folder) =>
      list(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => join(folder, name))
        .map((file) => ({ file, suite: used.get(folder)?.get(file) ?? null, isWanted: wanted.get(folder) ?? (() => false) })),
    );
}

/** Two names may share a folder: what either asks for stays. */
function either(a: ((recording: Recording) => boolean) | undefined, b: (recording: Recording) => boolean) {
  return a ? (recording: Recording) => a(recording) || b(recording) : b;
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.jsonl'))
    .map((entry) => entry.name)
    .sort();
}

function orphanText({ file }: ShelfFile, unwanted: number, cwd: string): string {
  const [suite, model] = [basename(file, '.jsonl'), basename(dirname(file))];
  const what = `no suite "${suite}" asks "${model}"`;
  const rest = unwanted === 0 ? 'all of it is asked for by others' : `${plural(unwanted, 'recording')} go with --prune --all`;
  return `${relative(cwd, file)}: orphan\n  ${what}; ${rest}`;
}

const recordingText = ({ case: name, sample, source }: Recording): string =>
  `  ${name}, sample ${sample}${source === null ? '' : ` (${source})`}`;

const brokenLines = (file: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && parseRecording(line) === null).length;

function removeIfEmpty(file: string): void {
  withLock(file, () => {
    if (readFileSync(file, 'utf8') === '') rmSync(file);
  });
  if (readdirSync(dirname(file)).length === 0) rmdirSync(dirname(file));
}
