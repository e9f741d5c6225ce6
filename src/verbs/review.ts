/** Review files on the command line: which are read, and a finished run judged anew with them. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { RunView } from '../record.ts';
import type { Reviewing } from '../verdict/review.ts';
import { type Console, type Flag, type FlagValues, listFlag } from './verb.ts';

/** Committed: what was accepted changes by a reviewed file only. */
const DEFAULT_FILE = join('suites', 'review.json');

export const reviewFlag: Record<string, Flag> = {
  review: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'fold in what people decided (without it: suites/review.json, but for report)',
  },
};

/** Reviews for `eval`; null where there is nothing to fold in. */
export async function reviewsForEval(values: FlagValues, { cwd }: Console): Promise<Reviewing | null> {
  const named = listFlag(values, 'review');
  const files = named.length === 0 && existsSync(resolve(cwd, DEFAULT_FILE)) ? [DEFAULT_FILE] : named;
  return files.length === 0 ? null : openReviews(files, cwd);
}

async function openReviews(files: readonly string[], cwd: string): Promise<Reviewing> {
  const [{ readReviews }, { reviewing }] = await Promise.all([import('../suite/read-reviews.ts'), import('../verdict/review.ts')]);
  return reviewing(await readReviews(cwd, files));
}

/** Writes the reviewed run into a folder inside `folder`, and gives it. Nothing in `folder` changes. */
export async function reviewRun(view: RunView, folder: string, files: readonly string[], cwd: string): Promise<[RunView, string]> {
  if (view.record.shard)
    throw new InputError({
      code: 'review/part-of-a-run',
      what: `${folder} is a part of a run, whose verdict is still open`,
      fix: 'merge the parts, and review the whole',
    });
  const [{ reviewedFolder, writeReviewedRecord, writeReviewedResults }, { readRun }, { rejudge }] = await Promise.all([
    import('../run/reviewed-folder.ts'),
    import('../run/run-folder.ts'),
    import('../verdict/review.ts'),
  ]);
  const reviews = await openReviews(files, cwd);
  const target = reviewedFolder(folder);
  writeReviewedResults(target, reviews.fold(view.results));
  // a first record, so that the results can be read where they lie now
  writeReviewedRecord(target, view.record);
  const written = readRun(target);
  const record = rejudge(written, reviews);
  writeReviewedRecord(target, record);
  return [{ ...written, record }, target];
}
