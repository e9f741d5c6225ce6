/**
 * The journal of `onpar record`: every answer as it came, one file a process, in `.journal` beside the recordings. It goes when
 * its answers are recorded; what a killed process left behind is recorded by the next one.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Jobs, openJobs } from './jobs.ts';
import { type Journal, openJournal, type Place } from './journal.ts';
import { linesOf } from './lines.ts';
import { withLock } from './lock.ts';
import { isWorthRecording, parseRecording, type Recording, recordingFile, writeRecordings } from './recordings.ts';

/** Names of the model and the suite that an answer is recorded for. */
export interface Destination {
  model: string;
  suite: string;
}

export interface RecordingJournal {
  /** the answer survives a killed process when this returns */
  add: (recording: Recording, to: Destination) => Place;
  read: (place: Place) => Recording;
  /** its answers are recorded elsewhere */
  discard: () => void;
  /** of all processes that record here; they outlive the journal */
  jobs: Jobs;
}

/** An answer that was paid for, and never reached the recordings. */
export interface Leftover {
  to: Destination;
  recording: Recording;
}

const destination = z.object({ to: z.object({ model: z.string(), suite: z.string() }) });

const folderOf = (recordings: string): string => join(recordings, '.journal');

/** Journals of this process; another one of its number was a process of before, or in another container. */
const own = new Set<string>();

/** The file is made with the first answer. */
export function openRecordingJournal(recordings: string, now: () => number): RecordingJournal {
  let opened: { file: string; journal: Journal } | null = null;
  const jobs = openJobs(join(folderOf(recordings), 'jobs.json'));
  return {
    jobs: {
      get: jobs.get,
      started: (key, id) =>
        alone(recordings, () => {
          makeFolder(recordings);
          jobs.started(key, id);
        }),
      ended: (key) => {
        if (jobs.get(key) !== null) alone(recordings, () => jobs.ended(key));
      },
    },
    add(recording, to) {
      opened ??= create(recordings, now);
      const line: Recording & { to: Destination } = { ...recording, to };
      return opened.journal.add(line);
    },
    read(place) {
      if (opened === null) throw new Error('nothing was written to the journal yet');
      const { to, ...recording } = opened.journal.read(place) as Recording & { to: Destination };
      void to;
      return recording;
    },
    discard() {
      if (opened === null) return;
      const { file, journal } = opened;
      opened = null;
      journal.close();
      alone(recordings, () => remove(recordings, [file]));
      own.delete(file);
    },
  };
}

function create(recordings: string, now: () => number): { file: string; journal: Journal } {
  return alone(recordings, () => {
    const folder = makeFolder(recordings);
    const file = join(folder, `${process.pid}-${randomUUID().slice(0, 8)}.jsonl`);
    own.add(file);
    return { file, journal: openJournal(file, now) };
  });
}

function makeFolder(recordings: string): string {
  const folder = folderOf(recordings);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  return folder;
}

/** One process at a time opens, folds in and removes journals. */
function alone<T>(recordings: string, work: () => T): T {
  mkdirSync(recordings, { recursive: true });
  return withLock(folderOf(recordings), work);
}

function remove(recordings: string, files: readonly string[]): void {
  const folder = folderOf(recordings);
  for (const file of files) for (const name of [file, `${file}.lock`]) rmSync(name, { force: true });
  if (!existsSync(folder) || readdirSync(folder).some((name) => name !== '.gitignore')) return;
  rmSync(join(folder, '.gitignore'), { force: true });
  rmdirSync(folder);
}

/** Answers that dead processes left behind, and the processes that are recording into this folder now. */
export function readLeftovers(recordings: string): { leftovers: Leftover[]; running: number[] } {
  const { dead, running } = journals(recordings);
  return { leftovers: dead.flatMap(readLines), running };
}

/** Records what dead processes left behind. `orderOf` gives the cases of a suite in order, null for a suite that is not loaded. */
export function foldLeftovers(recordings: string, orderOf: (suite: string) => string[] | null): Leftover[] {
  if (journals(recordings).dead.length === 0) return [];
  return alone(recordings, () => {
    const { dead } = journals(recordings);
    const leftovers = dead.flatMap(readLines);
    const byFile = new Map<string, Leftover[]>();
    for (const leftover of leftovers) {
      const file = recordingFile(recordings, leftover.to.model, leftover.to.suite);
      byFile.set(file, [...(byFile.get(file) ?? []), leftover]);
    }
    for (const [file, ofFile] of byFile) {
      const fresh = ofFile.map(({ recording }) => recording);
      writeRecordings(file, fresh, orderOf(ofFile[0]?.to.suite ?? '') ?? orderIn(file, fresh));
    }
    remove(recordings, dead);
    return leftovers;
  });
}

/** The order that a file has, new cases last. */
function orderIn(file: string, fresh: readonly Recording[]): string[] {
  const names = new Set<string>();
  if (existsSync(file)) for (const { text } of linesOf(file)) names.add(parseRecording(text)?.case ?? '');
  for (const one of fresh) names.add(one.case);
  return [...names];
}

function journals(recordings: string): { dead: string[]; running: number[] } {
  const folder = folderOf(recordings);
  const dead: string[] = [];
  const running: number[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const pid = Number(/^(\d+)-\w+\.jsonl$/.exec(name)?.[1] ?? NaN);
    const file = join(folder, name);
    if (Number.isNaN(pid) || own.has(file)) continue;
    if (pid !== process.pid && isRunning(pid)) running.push(pid);
    else dead.push(file);
  }
  return { dead, running };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A line cut by a crash is nothing; the latest answer to a request counts. */
function readLines(file: string): Leftover[] {
  const found = new Map<string, Leftover>();
  for (const { text } of linesOf(file)) {
    const recording = parseRecording(text);
    if (!recording || !isWorthRecording({ state: recording.state ?? 'ok' })) continue;
    const { to } = destination.parse(JSON.parse(text));
    found.set(`${to.model} ${recording.request}`, { to, recording });
  }
  return [...found.values()];
}
