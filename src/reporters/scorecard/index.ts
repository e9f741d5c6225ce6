/** The forms of the scorecard, by the ending of the file. */
import type { Scorecard } from '../../record.ts';
import { byEnding } from '../by-ending.ts';
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
export const scorecardReporterFor = (file: string): ScorecardReporter => byEnding(REPORTERS, file, 'scorecard');
