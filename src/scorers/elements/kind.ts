/** The contract of a kind of expected element. */
import type { z } from 'zod';

/** How far an element is met by the part of an answer that is judged. */
export interface Check {
  /** 0..1 */
  value: number;
  why: string;
  /** where it was found: [start, end) in UTF-16 units of that part */
  spans: [number, number][];
}

export interface CheckContext {
  /** the insight sentences of the whole suite: what is common among them weighs little */
  insights: string[];
}

export interface ElementKind<O> {
  /** the key that names this kind in a suite: `{ equals: … }` */
  key: string;
  /** the kind's own options; strict, so that a misspelt one is refused by name */
  schema: z.ZodType<O>;
  /** short text for people */
  label: (options: O) => string;
  /** what is wrong with options that fit the schema, such as a pattern that is not one */
  problem?: (options: O) => { what: string; fix?: string } | null;
  check: (options: O, part: string, context: CheckContext) => Check;
}

export const missed = (why: string): Check => ({ value: 0, why, spans: [] });
