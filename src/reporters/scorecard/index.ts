/** The forms of the scorecard, by the ending of the file. */
import { InputError, suggestName } from '../../errors.ts';
import type { Scorecard } from '../../record.ts';
import { scorecardCsv } from './csv.ts';
import { scorecardHtml } from './html.ts';
import { scorecardMarkdown } from './markdown.ts';

/** Path of a source → the link that leads there from the file that is written. */
export type LinkTo = (path: string) => string;
export type ScorecardReporter = (card: Scorecard, linkTo: LinkTo) => string;

const REPORTERS: Record<string, ScorecardReporter> = {
  '.html': scorecardHtml,
  '.csv': scorecardCsv,
  '.md': scorecardMarkdown,
  '.json': (card) => `${JSON.stringify(card, null, 2)}\n`,
};

/** Throws InputError for an ending that there is none for. */
export function scorecardReporterFor(path: string): ScorecardReporter {
  const ending = Object.keys(REPORTERS).find((one) => path.toLowerCase().endsWith(one));
  const found = ending === undefined ? undefined : REPORTERS[ending];
  if (found) return found;
  throw new InputError({
    code: 'cli/unknown-output',
    what: `-o ${path} has an ending that no scorecard has`,
    fix: suggestName(path.slice(path.lastIndexOf('.')), Object.keys(REPORTERS)),
  });
}
