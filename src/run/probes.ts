/** reports/probes.jsonl: one line a probe, appended as it comes. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Probe } from '../record.ts';
import { linesOf } from './lines.ts';

const schema = z.object({
  at: z.iso.datetime({ offset: true }),
  model: z.string(),
  host: z.string(),
  ok: z.boolean(),
  ms: z.number().nullable(),
  why: z.string().nullable(),
  every_seconds: z.number().positive().nullable(),
});

export function appendProbe(file: string, probe: Probe): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(probe)}\n`);
}

/** In the order of the file; `unreadable` counts lines that are no probes, such as one that a crash cut. None where there is no file. */
export function readProbes(file: string): { probes: Probe[]; unreadable: number } {
  const probes: Probe[] = [];
  let unreadable = 0;
  if (!existsSync(file)) return { probes, unreadable };
  for (const { text } of linesOf(file)) {
    if (text.trim() === '') continue;
    const probe = parse(text);
    if (probe === null) unreadable++;
    else probes.push(probe);
  }
  return { probes, unreadable };
}

function parse(text: string): Probe | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
