/** Finished runs of a folder, newest first. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { RunRecord } from '../record.ts';
import { readRun } from './run-folder.ts';

export interface FoundRun {
  path: string;
  record: RunRecord;
}

/** `path` is a run, or a folder of runs (`latest`, a link to one of them, is not counted twice). A missing folder has no runs. */
export function findRuns(path: string): FoundRun[] {
  const found = existsSync(join(path, 'run.json')) || path.endsWith('.json') ? [path.replace(/[\\/]?run\.json$/, '')] : foldersOf(path);
  return found.map((folder) => ({ path: folder, record: readRecord(folder) })).sort((a, b) => timeOf(b) - timeOf(a));
}

function foldersOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory())
    throw new InputError({
      code: 'run/missing',
      what: `${path} is neither a run nor a folder of runs`,
      fix: 'name reports/, or a folder in it',
    });
  return readdirSync(path)
    .filter((name) => name !== 'latest' && existsSync(join(path, name, 'run.json')))
    .sort()
    .map((name) => join(path, name));
}

const timeOf = ({ record }: FoundRun) => Date.parse(record.finished_at);

function readRecord(folder: string): RunRecord {
  const file = join(folder, 'run.json');
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  } catch {
    return readRun(folder).record; // says what is wrong with it
  }
  return record.format === 1 && Array.isArray(record.verdicts) ? record : readRun(folder).record;
}
