/** The summary as a comment on a pull request: below GitHub's 65,536 characters, with a mark by which a later run finds it again. */
import { createHash } from 'node:crypto';
import type { RunRecord, RunView } from '../record.ts';
import { page } from './markdown.ts';

const MOST_BYTES = 65_000;
const MOST_CASES = 20;
const MOST_VERDICTS = 40;

/** `<!-- onpar 1f0c… -->`, the first line: the same for the same suites and candidates, whatever their verdicts. */
export function commentMark({ verdicts }: Pick<RunRecord, 'verdicts'>): string {
  const names = verdicts.map(({ suite, candidate }) => JSON.stringify([suite, candidate])).sort();
  return `<!-- onpar ${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 12)} -->`;
}

export const comment = {
  file: 'comment.md',
  extensions: ['comment.md'],
  render: (view: RunView): string =>
    `${commentMark(view.record)}\n${page(view, { mostCases: MOST_CASES, mostVerdicts: MOST_VERDICTS, mostBytes: MOST_BYTES - 100 })}`,
};
