/**
 * Jobs that a server works on by itself, of questions without an answer yet. They are paid for: their ids are on disk, beside
 * the journal, so that whoever goes on takes them up. The file is there as long as one is open; processes may share it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import { withLock } from './lock.ts';

export interface Jobs {
  /** the id of the job of a question, by `journalKey`; null when none is known */
  get: (key: string) => string | null;
  /** the id is on disk when this returns */
  started: (key: string, id: string) => void;
  /** its answer is kept, or none will come of it */
  ended: (key: string) => void;
}

/** For where nothing is asked. */
export const NO_JOBS: Jobs = {
  get: () => null,
  started: () => {
    throw new Error('there is no place to keep a job');
  },
  ended: () => undefined,
};

export function openJobs(file: string): Jobs {
  const open = read(file);
  return {
    get: (key) => open.get(key) ?? null,
    started(key, id) {
      open.set(key, id);
      withLock(file, () => write(file, read(file).set(key, id)));
    },
    ended(key) {
      if (!open.delete(key) || !existsSync(file)) return;
      withLock(file, () => {
        const all = read(file);
        all.delete(key);
        write(file, all);
      });
    },
  };
}

/** Puts the open jobs of several files into one. */
export function joinJobs(from: readonly string[], to: string): void {
  const all = new Map(from.flatMap((file) => [...read(file)]));
  if (all.size > 0) write(to, all);
}

const schema = z.record(z.string(), z.string());

function read(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map();
  try {
    return new Map(Object.entries(schema.parse(JSON.parse(readFileSync(file, 'utf8')))));
  } catch (cause) {
    const problem = { code: 'run/jobs', what: `${file} is not a list of jobs`, fix: 'remove it; its jobs are then started anew' };
    throw new InputError(problem, { cause });
  }
}

function write(file: string, jobs: ReadonlyMap<string, string>): void {
  if (jobs.size === 0) return rmSync(file, { force: true });
  const draft = `${file}.${process.pid}.tmp`;
  const handle = openSync(draft, 'w');
  writeSync(handle, `${JSON.stringify(Object.fromEntries(jobs), null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
}
