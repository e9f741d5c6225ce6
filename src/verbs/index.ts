/** The table of verbs; `--help` is made from it. */
import { check } from './check.ts';
import { evalVerb } from './eval.ts';
import { importVerb } from './import.ts';
import { report } from './report.ts';
import type { Verb } from './verb.ts';

export const verbs: Record<string, Verb> = { eval: evalVerb, check, report, import: importVerb };
