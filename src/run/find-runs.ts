/** Finished runs of a folder, newest first, and the health probes that lie beside them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import type { Probe, RunRecord } from '../record.ts';
import { linesOf } from './lines.ts';
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
  return record.format === 1 ? record : readRun(folder).record;
}

const probe = z.looseObject({
  at: z.iso.datetime({ offset: true }),
  model: z.string(),
  host: z.string(),
  ok: z.boolean(),
  ms: z.number().nullable(),
  why: z.string().nullable(),
  every_seconds: z.number().gt(0).nullable(),
});

/** Null where there is no such file. A last line that was cut off is left out; any other line that is no probe is an InputError. */
export function readProbes(file: string): Probe[] | null {
  if (!existsSync(file)) return null;
  const lines: Probe[] = [];
  let line = 0;
  for (const { text, isWhole } of linesOf(file)) {
    line++;
    if (text.trim() === '') continue;
    const parsed = probe.safeParse(jsonOf(text));
    if (parsed.success) lines.push(parsed.data);
    else if (isWhole)
      throw new InputError({
        code: 'run/malformed',
        at: { file, line, column: 1 },
        what: 'this is no health probe',
        fix: 'a line is { "at": time, "model": name, "host": host, "ok": true, "ms": number, "why": null, "every_seconds": number }',
      });
  }
  return lines;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
