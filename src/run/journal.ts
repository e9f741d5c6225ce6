/** The journal of a run, `answers.jsonl`: every answer as it came, one line each. What `--resume` reads, and what is scored. */
import { closeSync, existsSync, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { endsCut, linesOf } from './lines.ts';
import { takeLock } from './lock.ts';
import { parseRecording, type Recording } from './recordings.ts';

/** Where an answer stands in the journal, in bytes. */
export interface Place {
  offset: number;
  length: number;
}

export interface Journal {
  /** the line is with the operating system when this returns: it survives a killed process */
  add: (recording: Recording) => Place;
  read: (place: Place) => Recording;
  close: () => void;
}

/** For where nothing is asked. */
export const NO_JOURNAL: Journal = {
  add: () => {
    throw new Error('there is no journal to write to');
  },
  read: () => {
    throw new Error('there is no journal to read');
  },
  close: () => undefined,
};

/** How long a written line may wait for the disk itself, which a power cut could lose. */
const SYNC_EVERY_MS = 250;

/** One process at a time writes it; throws InputError while another does. */
export function openJournal(file: string, now: () => number): Journal {
  const release = takeLock(file);
  if (release === null)
    throw new InputError({
      code: 'run/going-on',
      what: `another process is writing ${file}`,
      fix: `wait until that run ends, or remove ${file}.lock if it died`,
    });
  const handle = openSync(file, 'a+');
  let end = fstatSync(handle).size;
  // a line that a crash cut short stays by itself
  if (endsCut(handle)) end += writeSync(handle, '\n');
  let syncedAt = now();
  let isSyncing = false;
  let failure: Error | null = null;
  // nobody waits for it: a line that is with the operating system survives the process
  const sync = () => {
    isSyncing = true;
    syncedAt = now();
    fdatasync(handle, (error) => {
      isSyncing = false;
      failure ??= error;
    });
  };
  let buffer = Buffer.allocUnsafe(1 << 16);
  return {
    add(recording) {
      if (failure !== null) throw failure;
      const line = `${JSON.stringify(recording)}\n`;
      const bytes = writeSync(handle, line);
      if (bytes !== Buffer.byteLength(line)) throw new Error(`${file} could not be written to: is the disk full?`);
      const place = { offset: end, length: bytes - 1 };
      end += bytes;
      if (!isSyncing && now() - syncedAt >= SYNC_EVERY_MS) sync();
      return place;
    },
    read({ offset, length }) {
      if (length > buffer.length) buffer = Buffer.allocUnsafe(2 * length);
      readSync(handle, buffer, 0, length, offset);
      return JSON.parse(buffer.toString('utf8', 0, length)) as Recording;
    },
    close() {
      fdatasyncSync(handle);
      closeSync(handle);
      release();
    },
  };
}

/** How an answer is found again: two models may be asked the same under one id. */
export const journalKey = (entry: string, request: string): string => `${entry} ${request}`;

/** Places of answers by `journalKey`, the latest of each; a line cut by a crash is nothing. `isKept` leaves out those to be asked again. */
export function indexJournal(file: string, isKept: (recording: Recording) => boolean): Map<string, Place> {
  const found = new Map<string, Place>();
  if (!existsSync(file)) return found;
  for (const { text, offset, length } of linesOf(file)) {
    const recording = parseRecording(text);
    if (!recording) continue;
    const key = journalKey(recording.entry ?? '', recording.request);
    if (isKept(recording)) found.set(key, { offset, length });
    else found.delete(key);
  }
  return found;
}
