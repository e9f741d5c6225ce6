import type { CaseResult } from '../../../record.ts';

/** What the list knows of a case without opening it. */
export interface Row extends Pick<
  CaseResult,
  'suite' | 'case' | 'baseline' | 'candidate' | 'tags' | 'verdict' | 'reason' | 'why' | 'complete' | 'critical' | 'quality_score'
> {
  /** place in `Index.prompts` */
  prompt: number;
  /** number of the chunk that holds the whole case, and its place in it */
  chunk: number;
  place: number;
}

/** In the order of the run. Prompts are kept once, though several candidates answer them. */
export interface Index {
  prompts: { text: string; /** its last message on one line, cut */ lead: string }[];
  rows: Row[];
}
