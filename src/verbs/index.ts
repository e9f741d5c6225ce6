/** The table of verbs; `--help` is made from it. */
import { check } from './check.ts';
import { compare } from './compare.ts';
import { cost } from './cost.ts';
import { doctor } from './doctor.ts';
import { drillVerb } from './drill.ts';
import { embedder } from './embedder.ts';
import { evalVerb } from './eval.ts';
import { fit } from './fit.ts';
import { importVerb } from './import.ts';
import { litellm } from './litellm.ts';
import { merge } from './merge.ts';
import { probe } from './probe.ts';
import { record } from './record.ts';
import { report } from './report.ts';
import { scorecard } from './scorecard.ts';
import { suggest } from './suggest.ts';
import { trend } from './trend.ts';
import type { Verb } from './verb.ts';

export const verbs: Record<string, Verb> = {
  check,
  suggest,
  doctor,
  record,
  eval: evalVerb,
  merge,
  report,
  compare,
  trend,
  scorecard,
  cost,
  fit,
  probe,
  drill: drillVerb,
  litellm,
  import: importVerb,
  embedder,
};
