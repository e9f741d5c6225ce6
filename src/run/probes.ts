/** reports/probes.jsonl: one line a probe, appended as it comes. */
import { appendFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { InputError } from '../errors.ts';
import type { Probe } from '../record.ts';
import { endsCut, linesOf } from './lines.ts';

const schema = z.object({
  at: z.iso.datetime({ offset: true }),
  model: z.string(),
  host: z.string(),
  ok: z.boolean(),
  ms: z.number().nullable(),
  why: z.string().nullable(),
  every_seconds: z.number().positive().nullable(),
});

/** A line that a crash cut stays a line of its own. */
export function appendProbe(file: string, probe: Probe): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${existsSync(file) && endsCut(file) ? '\n' : ''}${JSON.stringify(probe)}\n`);
}

export interface Probes {
  /** in the order of the file */
  probes: Probe[];
  /** lines that are none, such as one that a crash cut */
  unreadable: number;
}

/** Null where there is no such file. Throws InputError for a file that is something else: lines, and no probe among them. */
export function readProbes(file: string): Probes | null {
  if (!existsSync(file)) return null;
  const probes: Probe[] = [];
  let unreadable = 0;
  if (statSync(file).isFile()) {
    for (const { text } of linesOf(file)) {
      if (text.trim() === '') continue;
      const probe = parse(text);
      if (probe === null) unreadable++;
      else probes.push(probe);
    }
    if (unreadable === 0 || probes.length > 0) return { probes, unreadable };
  }
  throw new InputError({
    code: 'run/malformed',
    at: { file, line: 1, column: 1 },
    what: 'these are no health probes',
    fix: 'a line is { "at": time, "model": name, "host": host, "ok": true, "ms": number, "why": null, "every_seconds": number }',
  });
}

function parse(text: string): Probe | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
