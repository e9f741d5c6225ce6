/** The forms of a drill, by the ending of the file. */
import type { DrillSummary } from '../../record.ts';
import { byEnding } from '../by-ending.ts';
import { drillHtml } from './html.ts';
import { drillMarkdown } from './text.ts';

type DrillReporter = (drill: DrillSummary) => string;

const REPORTERS: Record<string, DrillReporter> = {
  '.html': drillHtml,
  '.md': drillMarkdown,
  '.json': (drill) => `${JSON.stringify(drill, null, 2)}\n`,
};

/** Throws InputError for an ending that there is none for. */
export const drillReporterFor = (file: string): DrillReporter => byEnding(REPORTERS, file, 'drill');
