/** migration.yaml → the map of the move: who asks which model today, who is to answer, and what must be shown first. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { InputError, type Problem, suggestName } from '../errors.ts';
import type { Agent, MigrationMap, MoveTargets } from '../record.ts';
import { checkFields, isMap, type Place, within } from './check-fields.ts';
import { findSuites, isPath, nameOf } from './find-suites.ts';
import { type Providers, readModels } from './models.ts';
import { fileName, readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';
import { CAPABILITIES, NAME } from './schema.ts';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });
const share = must(z.number().gt(0).max(1), 'above 0 and at most 1');
const times = must(z.number().gt(0), 'a number above 0: 3 is three times as fast');
const line = must(z.string().regex(/^\S(.*\S)?$/), 'one line of text');
const model = must(z.string().min(1), 'the name of a model in models.yaml');

const targets = z.strictObject({
  quality: z.strictObject(Object.fromEntries(CAPABILITIES.map((name) => [name, share.optional()]))).optional(),
  speed: times.optional(),
  uptime: z.strictObject({ share: share.optional(), hours: must(z.number().gt(0), 'a number of hours above 0').optional() }).optional(),
  cost_reduction: share.optional(),
  local_hosts: must(z.array(line), 'a list of host names').optional(),
});

const root = z.strictObject({
  targets: must(targets, 'a map').optional(),
  agents: must(z.record(z.string(), z.unknown()), 'a map of agents by name'),
});

const agentSchema = z.strictObject({
  description: line.optional(),
  capability: must(z.enum(CAPABILITIES), `one of ${CAPABILITIES.join(', ')}`),
  today: model,
  candidate: model,
  fallback: model.optional(),
  suites: must(z.array(line), 'a list of suites that must pass; [] while there is none'),
  parity_target: share.optional(),
  phase: must(z.int().min(0), 'a whole number of at least 0; lower phases move first'),
  critical: must(z.boolean(), 'true or false').optional(),
  claimed: must(z.strictObject({ quality: share.optional(), speed: times.optional(), source: line }), 'a map with a source').optional(),
});

/** The KPIs of the move where the map does not set others; a capability without a target of its own has that of `general`. */
const QUALITY = { reasoning: 0.9, general: 0.95 };
const DEFAULTS: MoveTargets = { speed: 3, uptime: { share: 0.995, hours: 168 }, cost_reduction: 0.8, local_hosts: [] };

export interface MigrationOptions {
  cwd: string;
  path: string;
  /** path of models.yaml */
  models: string;
  suitesDir: string;
  providers: Providers;
}

export interface ReadMap {
  map: MigrationMap;
  /** names and paths of all suites of the map, as it writes them */
  suites: string[];
}

/** Throws an InputError with every problem of the file: unknown keys, models and suites that do not exist, a critical agent that moves early. */
export async function readMigration({ cwd, path, models, suitesDir, providers }: MigrationOptions): Promise<ReadMap> {
  const absolute = resolve(cwd, path);
  const file = fileName(cwd, absolute);
  const { value, source, problems } = readYaml(await readText({ path: absolute, file, what: 'migration map' }), file);
  const place: Place = { source, path: [], problems };
  const fields = checkFields(root, value, place, file);
  const entries = Object.entries(fields.agents ?? {});
  if (isMap(value) && isMap(value['agents']) && entries.length === 0)
    problems.push({ code: 'map/no-agents', at: source.at(['agents']), what: `${file} names no agent` });
  const { names } = await readModels(cwd, models, providers);
  const suites = await suiteNames({ cwd, suitesDir, models });
  const quality: Record<string, number | undefined> = { ...QUALITY, ...fields.targets?.quality };
  const agents: Agent[] = [];
  const selected = new Set<string>();
  for (const [name, entry] of entries) {
    const agent = await readAgent(name, entry, within(place, 'agents', name), { cwd, models: names, suites, quality, selected });
    if (agent) agents.push(agent);
  }
  problems.push(...criticalTooEarly(agents));
  if (problems.length > 0) throw new InputError(problems);
  const { speed, cost_reduction, local_hosts, uptime } = fields.targets ?? {};
  const wanted: MoveTargets = {
    speed: speed ?? DEFAULTS.speed,
    uptime: { share: uptime?.share ?? DEFAULTS.uptime.share, hours: uptime?.hours ?? DEFAULTS.uptime.hours },
    cost_reduction: cost_reduction ?? DEFAULTS.cost_reduction,
    local_hosts: local_hosts ?? DEFAULTS.local_hosts,
  };
  return { map: { file, targets: wanted, agents }, suites: [...selected] };
}

async function suiteNames({ cwd, suitesDir, models }: { cwd: string; suitesDir: string; models: string }): Promise<string[]> {
  return (await findSuites({ cwd, suitesDir, models, suites: [] })).flatMap((file) => nameOf(file) ?? []);
}

interface Known {
  cwd: string;
  models: readonly string[];
  suites: readonly string[];
  quality: Record<string, number | undefined>;
  /** gathers the suites as the map writes them */
  selected: Set<string>;
}

async function readAgent(name: string, entry: unknown, place: Place, known: Known): Promise<Agent | null> {
  const { source, path, problems } = place;
  const before = problems.length;
  if (!NAME.test(name))
    problems.push({
      code: 'suite/bad-value',
      at: source.keyAt(path),
      what: `an agent cannot be called "${name}"`,
      fix: 'use letters, digits and . _ - + @; what it does goes under description:',
    });
  const fields = checkFields(agentSchema, entry, place, `agent "${name}"`);
  for (const role of ['today', 'candidate', 'fallback'] as const) {
    const wanted = fields[role];
    if (wanted === undefined || known.models.includes(wanted)) continue;
    const what = `there is no model "${wanted}" in the models file`;
    problems.push({ code: 'suite/unknown-model', at: source.at([...path, role]), what, fix: suggestName(wanted, known.models) });
  }
  if (fields.today !== undefined && fields.today === fields.candidate)
    problems.push({
      code: 'map/same-model',
      at: source.at([...path, 'candidate']),
      what: `agent "${name}" would move from ${fields.today} to itself`,
      fix: 'name the model that is to answer',
    });
  const suites = await Promise.all((fields.suites ?? []).map((wanted, i) => suiteOf(wanted, within(place, 'suites', i), known)));
  const { capability, today, candidate, phase } = fields;
  if (problems.length > before || !capability || !today || !candidate || phase === undefined) return null;
  return {
    name,
    description: fields.description ?? null,
    capability,
    today,
    candidate,
    fallback: fields.fallback ?? null,
    suites,
    parity_target: fields.parity_target ?? known.quality[capability] ?? known.quality['general'] ?? QUALITY.general,
    phase,
    critical: fields.critical ?? false,
    claimed: fields.claimed
      ? { quality: fields.claimed.quality ?? null, speed: fields.claimed.speed ?? null, source: fields.claimed.source }
      : null,
    at: source.keyAt(path),
  };
}

/** A suite outside the folder is named by its path, as on the command line. */
async function suiteOf(wanted: string, { source, path, problems }: Place, { cwd, suites, selected }: Known): Promise<string> {
  selected.add(wanted);
  const at = source.at(path);
  if (!isPath(wanted)) {
    if (!suites.includes(wanted))
      problems.push({ code: 'suite/unknown-suite', at, what: `no suite is called "${wanted}"`, fix: suggestName(wanted, suites) });
    return wanted;
  }
  const file = fileName(cwd, resolve(cwd, wanted));
  const text = await readText({ path: resolve(cwd, wanted), file, what: 'suite', at }).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return null;
  });
  if (text === null) return wanted;
  const name = nameOf({ path: resolve(cwd, wanted), file, text });
  if (name === null)
    problems.push({ code: 'suite/unknown-suite', at, what: `${file} is no suite: it has no name`, fix: 'name a suite file' });
  return name ?? wanted;
}

/** What may not fail moves last. */
function criticalTooEarly(agents: readonly Agent[]): Problem[] {
  const last = Math.max(...agents.filter(({ critical }) => !critical).map(({ phase }) => phase));
  return agents
    .filter(({ critical, phase }) => critical && phase < last)
    .map(({ name, phase, at }) => ({
      code: 'map/critical-first',
      at,
      what: `agent "${name}" is critical and moves in phase ${phase}, before others that are not (phase ${last})`,
      fix: `give it phase ${last} or later`,
    }));
}
