/** `onpar doctor` for one model: the table of checks, and what they find. A new check is a function plus a line here. */
import { InputError } from '../../errors.ts';
import type { Model } from '../../record.ts';
import { redact } from '../endpoint.ts';
import type { Provider, ProviderTools } from '../provider.ts';
import type { ServedProvider } from '../served.ts';
import { answers, determinism, parameters, reasoning, speed, streaming, usage } from './answer-checks.ts';
import { DEADLINES, type Deadlines, type Line, openLine } from './ask.ts';
import { jsonObject, jsonSchema, tools } from './capability-checks.ts';
import type { Check, Diagnosis, Evidence, Finding, Need } from './evidence.ts';
import { gather } from './gather.ts';
import { backends, context, key, known, loaded, parallel, retirement, server } from './server-checks.ts';

export type { Diagnosis, Finding, Need, Status } from './evidence.ts';

const checks = {
  server,
  key,
  'model known': known,
  loaded,
  answers,
  backends,
  parameters,
  context,
  streaming,
  usage,
  reasoning,
  json_schema: jsonSchema,
  json_object: jsonObject,
  tools,
  parallel,
  speed,
  determinism,
  retirement,
} as const satisfies Record<string, Check>;

export function isServed(provider: Provider | ServedProvider): provider is ServedProvider {
  return 'served' in provider;
}

/** Never rejects for what a server does, nor for an entry that lacks its key or address: these are findings. */
export async function diagnose(
  { served }: ServedProvider,
  model: Model,
  need: Need,
  tools: ProviderTools,
  deadlines: Deadlines = DEADLINES,
): Promise<Diagnosis> {
  const who = { model: model.name, provider: model.provider, id: model.model };
  let line: Line;
  try {
    line = await openLine(served, model, tools);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...who, address: null, findings: error.problems.map(unopened) };
  }
  const seen = await gather(line, { model, need, now: tools.now(), deadlines });
  const findings = Object.entries<Check>(checks).flatMap(([check, judge]): Finding[] => {
    const row = judge(seen);
    return row === null ? [] : [{ check, ...row }];
  });
  return redact({ ...who, address: seen.baseUrl, findings: isAnswered(seen) ? findings : withRest(findings) }, line.endpoint.secrets);
}

const isAnswered = ({ jsonSchema: asked }: Evidence): boolean => asked !== null;

/** One row for all that could not be told, since nothing was answered. */
function withRest(findings: readonly Finding[]): Finding[] {
  const told = findings.filter(({ status }) => status !== 'unknown');
  return [...told, { check: 'all else', status: 'unknown', found: 'not probed, since nothing was answered', fix: null }];
}

function unopened({ code, what, fix }: InputError['problems'][number]): Finding {
  return {
    check: code === 'model/no-key' || code === 'model/bad-key' ? 'key' : 'models.yaml',
    status: 'blocks',
    found: what,
    fix: fix ?? null,
  };
}
