/** A reviewed run lies inside the run it was made of, which stays as it was: `reports/<run>/reviewed/`. */
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CaseResult, RunRecord } from '../record.ts';
import { writeAtomically } from './run-folder.ts';

const NAME = 'reviewed';

/** Where the review of the run in `folder` goes; a review of a reviewed run takes its place. */
export function reviewedFolder(folder: string): string {
  return basename(resolve(folder)) === NAME ? folder : join(folder, NAME);
}

export function writeReviewedResults(folder: string, results: Iterable<CaseResult>): void {
  mkdirSync(folder, { recursive: true });
  writeAtomically(join(folder, 'results.jsonl'), lines(results));
}

export function writeReviewedRecord(folder: string, record: RunRecord): void {
  writeAtomically(join(folder, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
}

function* lines(results: Iterable<CaseResult>): Generator<string> {
  for (const result of results) yield `${JSON.stringify(result)}\n`;
}
