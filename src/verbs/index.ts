/** The table of verbs; `--help` is made from it. */
import { check } from './check.ts';
import { compare } from './compare.ts';
import { doctor } from './doctor.ts';
import { embedder } from './embedder.ts';
import { evalVerb } from './eval.ts';
import { fit } from './fit.ts';
import { importVerb } from './import.ts';
import { probe } from './probe.ts';
import { record } from './record.ts';
import { report } from './report.ts';
import { suggest } from './suggest.ts';
import type { Verb } from './verb.ts';

export const verbs: Record<string, Verb> = {
  eval: evalVerb,
  record,
  check,
  suggest,
  compare,
  report,
  doctor,
  probe,
  fit,
  import: importVerb,
  embedder,
};
