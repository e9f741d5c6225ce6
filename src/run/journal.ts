/** The journal of a run, `answers.jsonl`: every answer as it came, one line each. What `--resume` reads. */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parseRecording, type Recording } from './recordings.ts';

export interface Journal {
  /** the line is with the operating system when this returns: it survives a killed process */
  add: (recording: Recording) => void;
  close: () => void;
}

/** How long a written line may wait for the disk itself, which a power cut could lose. */
const SYNC_EVERY_MS = 250;

export function openJournal(file: string, now: () => number): Journal {
  const journal = openSync(file, 'a');
  let syncedAt = now();
  return {
    add(recording) {
      writeSync(journal, `${JSON.stringify(recording)}\n`);
      if (now() - syncedAt < SYNC_EVERY_MS) return;
      fdatasyncSync(journal);
      syncedAt = now();
    },
    close() {
      fdatasyncSync(journal);
      closeSync(journal);
    },
  };
}

/** Answers by request, the latest of each; a line cut by a crash is nothing. `isKept` leaves out those to be asked again. */
export function readJournal(file: string, isKept: (recording: Recording) => boolean): Map<string, Recording> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const found = new Map<string, Recording>();
  for (const recording of lines.flatMap((line) => parseRecording(line) ?? [])) found.set(recording.request, recording);
  return new Map([...found].filter(([, recording]) => isKept(recording)));
}
