/** The table of scorers: the only list of their names. Suites' `weights`, the schema and the docs follow from it. */
import type { Scorer } from '../record.ts';
import { coverage } from './coverage.ts';
import { similarity } from './similarity.ts';

export const scorers = { coverage, similarity } as const satisfies Record<string, Scorer>;

/** Raised whenever the same answers would get other scores; runs of different versions are not compared. */
export const SCORING_VERSION = 2;
