/** The files of a run: reports/<run>/ with its journal, `latest`, and one line of history a verdict. */
import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import type { CaseResult, Results, RunRecord, RunView } from '../record.ts';
import { appendHistory } from './history.ts';
import { linesOf } from './lines.ts';

export interface RunFolder {
  run: string;
  path: string;
  /** ISO 8601 */
  startedAt: string;
  /** a line of results.jsonl; all are on disk when `finish` returns */
  add: (result: CaseResult) => void;
  /** takes the folder away again */
  discard: () => void;
  /** writes run.json last, points `latest` here, appends to history.jsonl (unless only some cases were asked) and gives the results, to be read */
  finish: (record: RunRecord) => Results;
}

/** What is known of a run before it ends; `--resume` goes on from it. */
export interface Started {
  command: string[];
  flags: Record<string, string | boolean | (string | boolean)[] | undefined>;
  started_at: string;
}

/** Whether only some of the cases are asked: what such a run comes to says nothing of the suite, and is no part of its history. */
export const isPart = (flags: Started['flags']): boolean => flags['t'] !== undefined || flags['shard'] !== undefined;

export const historyFile = (out: string): string => join(out, 'history.jsonl');

/** Makes `<out>/<time>-<label>`; two runs in one second get different folders. */
export function createRunFolder(
  out: string,
  startedAt: Date,
  label: string,
  { command, flags }: Omit<Started, 'started_at'> = { command: [], flags: {} },
): RunFolder {
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  mkdirSync(out, { recursive: true });
  const run = firstFreeName(out, `${stamp}-${label.replace(/[^\w.-]+/g, '_')}`);
  const started: Started = { command, flags, started_at: startedAt.toISOString() };
  writeAtomically(join(out, run, 'started.json'), `${JSON.stringify(started)}\n`);
  return folderOf(out, run, started);
}

/** Goes on in the folder of a run that was broken off. Its results are written anew: they follow from the answers. */
export function reopenRunFolder(path: string): RunFolder & Started {
  const started = readStarted(path);
  return { ...started, ...folderOf(dirname(path), basename(path), started) };
}

export function readStarted(path: string): Started {
  const file = join(path, 'started.json');
  if (!existsSync(file))
    throw new InputError({
      code: 'run/missing',
      what: `${path} is not a run that can be resumed: it has no started.json`,
      fix: 'name a folder under reports/',
    });
  return parseJson(file, readFileSync(file, 'utf8'), 1) as Started;
}

/** The newest run, or the newest that never finished; null without one. Names begin with their time, so the last one in order is the newest. */
export function lastRun(out: string, which: 'unfinished' | 'any'): string | null {
  const names = existsSync(out) ? readdirSync(out).filter((name) => /^\d{8}-\d{6}-/.test(name)) : [];
  const has = (name: string, file: string) => existsSync(join(out, name, file));
  const open = names.sort().filter((name) => has(name, 'started.json') && (which === 'any' || !has(name, 'run.json')));
  return open.length === 0 ? null : join(out, open.at(-1) ?? '');
}

function folderOf(out: string, run: string, { flags, started_at: startedAt }: Started): RunFolder {
  const path = join(out, run);
  const [resultsFile, recordFile] = [join(path, 'results.jsonl'), join(path, 'run.json')];
  // written anew with the first result: what a broken or an earlier run left does not count
  const results = once(() => {
    rmSync(recordFile, { force: true });
    return openSync(resultsFile, 'w');
  });
  let waiting = '';
  const flush = () => {
    writeWhole(results(), waiting, resultsFile);
    waiting = '';
  };
  return {
    run,
    path,
    startedAt,
    discard: () => rmSync(path, { recursive: true, force: true }),
    add(result) {
      waiting += `${JSON.stringify(result)}\n`;
      if (waiting.length >= PIECE_CHARACTERS) flush();
    },
    finish: (record) => {
      flush();
      fsyncSync(results());
      closeSync(results());
      writeAtomically(recordFile, `${JSON.stringify(record, null, 2)}\n`);
      pointLatest(out, run);
      if (!isPart(flags)) appendHistory(historyFile(out), record);
      return readResults(resultsFile);
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function firstFreeName(out: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    try {
      mkdirSync(join(out, candidate));
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

const PIECE_CHARACTERS = 1 << 16;

function writeWhole(handle: number, text: string, path: string): void {
  if (writeSync(handle, text) !== Buffer.byteLength(text)) throw new Error(`${path} could not be written whole: is the disk full?`);
}

/** The file has all of the text or is as it was; pieces are written as they come. */
export function writeAtomically(path: string, text: string | Iterable<string>): void {
  const draft = `${path}.${process.pid}.tmp`;
  const handle = openSync(draft, 'w');
  try {
    for (const piece of typeof text === 'string' ? [text] : gathered(text)) writeWhole(handle, piece, path);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
}

/** The pieces as fewer, longer ones. */
function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PIECE_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** `latest` is a link where the system allows one, else a copy. */
function pointLatest(out: string, run: string): void {
  const [latest, draft] = [join(out, 'latest'), join(out, `.latest-${process.pid}`)];
  try {
    symlinkSync(run, draft, 'junction');
    renameSync(draft, latest);
  } catch {
    rmSync(draft, { force: true, recursive: true });
    rmSync(latest, { force: true, recursive: true });
    cpSync(join(out, run), latest, { recursive: true });
  }
}

/** Reads a run back: a folder, or its run.json. */
export function readRun(path: string): RunView {
  const folder = path.endsWith('.json') ? dirname(path) : path;
  const [recordFile, resultsFile] = [join(folder, 'run.json'), join(folder, 'results.jsonl')];
  for (const file of [recordFile, resultsFile]) {
    if (!existsSync(file))
      throw new InputError({
        code: 'run/missing',
        what: `${path} is not a finished run: it has no ${file.slice(folder.length + 1)}`,
        fix: 'name a folder under reports/, such as reports/latest',
      });
  }
  const record = parseJson(recordFile, readFileSync(recordFile, 'utf8'), 1) as RunRecord;
  if (record.format !== 1)
    throw new InputError({
      code: 'run/format',
      what: `${recordFile} has format ${String(record.format)}; this onpar reads format 1`,
      fix: 'render it with the onpar that made it',
    });
  if (!Array.isArray(record.verdicts))
    throw new InputError({
      code: 'run/malformed',
      at: { file: recordFile, line: 1, column: 1 },
      what: 'this is no record of a run: it has no verdicts',
      fix: 'name a folder that onpar eval made',
    });
  return { record, results: readResults(resultsFile) };
}

/** So many results are read once and held; every report goes through them. */
const MOST_HELD = 2_000;

/** The results of a run; of a long one a line at a time, each time anew. Throws InputError at a line that is no JSON. */
function readResults(file: string): Results {
  function* read(): Generator<CaseResult> {
    let line = 0;
    for (const { text } of linesOf(file)) {
      line++;
      if (text !== '') yield parseJson(file, text, line) as CaseResult;
    }
  }
  let length = 0;
  for (const { text } of linesOf(file)) if (text !== '') length++;
  return length <= MOST_HELD ? [...read()] : { length, [Symbol.iterator]: read };
}

function parseJson(file: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InputError(
      {
        code: 'run/malformed',
        at: { file, line, column: 1 },
        what: 'this is not valid JSON',
        fix: 'run the suite again; the file was changed or cut',
      },
      { cause },
    );
  }
}
