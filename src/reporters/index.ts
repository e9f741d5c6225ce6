import type { RunView } from '../record.ts';
import { comment } from './comment.ts';
import { csv } from './csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

/** A run, as it is on disk, in; a file's text out, in pieces where it may be long. The same run gives the same bytes. */
export interface Reporter {
  /** its name in the folder of a run */
  file: string;
  /** endings by which `-o name.ending` chooses it */
  extensions: readonly string[];
  render: (view: RunView) => string | Iterable<string>;
}

/** The table of reports: a new one is a file and a line here. */
export const reporters = { html, csv, junit, comment, markdown, json, jsonl } as const satisfies Record<string, Reporter>;

/** The reporter for a file that the user named, or null when no reporter has its ending. */
export function reporterFor(path: string): Reporter | null {
  const all: Reporter[] = Object.values(reporters);
  return all.find(({ extensions }) => extensions.some((extension) => path.toLowerCase().endsWith(extension))) ?? null;
}
