/** models.yaml → models by name. `${NAME}` is taken from the environment, for the models that are used. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { type Problem, suggestName } from '../errors.ts';
import type { Model, PromptVariant } from '../record.ts';
import { checkParams } from './shared-keys.ts';
import { checkFields, isMap, type Place, within } from './check-fields.ts';
import type { Source } from './positions.ts';
import { fileName, readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';
import { NAME, params, prompt } from './schema.ts';

/** What is read of a provider; more of it in src/models/provider.ts. */
export interface ProviderRules {
  options: z.ZodObject;
  refersTo?: readonly string[];
  answers?: Model['answers'];
}
export type Providers = Readonly<Record<string, ProviderRules>>;

export interface ModelsFile {
  source: Source;
  /** names as they are written, whether or not the entry is right */
  names: string[];
  /** problems of the file, of every entry; none of the environment */
  problems: Problem[];
  /** models whose variables are all set, and what is missing for those in `used` */
  resolve: (used: ReadonlySet<string>, env: NodeJS.ProcessEnv) => { models: Map<string, Model>; problems: Problem[] };
}

const root = z.strictObject({ models: z.record(z.string(), z.unknown()).meta({ must: 'a map of models by name' }) });

export async function readModels(cwd: string, path: string, providers: Providers): Promise<ModelsFile> {
  const absolute = resolve(cwd, path);
  const file = fileName(cwd, absolute);
  const text = await readText({ path: absolute, file, what: 'models file' });
  const { value, source, problems } = readYaml(text, file);
  const place: Place = { source, path: [], problems };
  const entries = Object.entries(checkFields(root, value, place, file).models ?? {});
  if (isMap(value) && isMap(value['models']) && entries.length === 0)
    problems.push({ code: 'suite/no-models', at: source.at(['models']), what: `${file} names no model` });
  for (const [name, entry] of entries) {
    if (!NAME.test(name)) {
      const what = `a model cannot be called "${name}"`;
      problems.push({
        code: 'suite/bad-value',
        at: source.keyAt(['models', name]),
        what,
        fix: 'use letters, digits and . _ - + @; the id that the server knows goes under model:',
      });
    }
    const here = within(place, 'models', name);
    checkKey(entry, within(here, 'api_key'));
    readModel(name, entry, here, providers, placesOfVariables(entry, here));
  }
  for (const [name, entry] of entries) checkReferences(entry, within(place, 'models', name), entries, providers);
  return {
    source,
    names: entries.map(([name]) => name),
    problems,
    resolve: (used, env) => resolveModels(entries, place, { used: withReferences(used, entries, providers), env, providers }),
  };
}

/** A key in a file that is committed is a key that is lost; the message does not repeat it. */
function checkKey(entry: unknown, { source, path, problems }: Place): void {
  const key = isMap(entry) ? entry['api_key'] : undefined;
  if (typeof key !== 'string' || /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(key)) return;
  problems.push({
    code: 'suite/literal-key',
    at: source.at(path),
    what: 'api_key must not stand in the file itself',
    fix: 'write api_key: "${NAME}", and set NAME in the environment or in .env',
  });
}

/** Keys of an entry that name others, with the names. */
function referencesOf(entry: unknown, providers: Providers): [string, string][] {
  const provider = isMap(entry) ? entry['provider'] : undefined;
  const keys = typeof provider === 'string' && Object.hasOwn(providers, provider) ? (providers[provider]?.refersTo ?? []) : [];
  return keys.flatMap((key) => {
    const value = isMap(entry) ? entry[key] : undefined;
    return typeof value === 'string' ? [[key, value] as [string, string]] : [];
  });
}

function checkReferences(entry: unknown, place: Place, entries: [string, unknown][], providers: Providers): void {
  const { source, path, problems } = place;
  for (const [key, name] of referencesOf(entry, providers)) {
    const other = entries.find(([known]) => known === name)?.[1];
    const at = source.at([...path, key]);
    if (!entries.some(([known]) => known === name)) {
      const fix = suggestName(
        name,
        entries.map(([known]) => known),
      );
      problems.push({ code: 'suite/unknown-model', at, what: `${key}: there is no model "${name}"`, fix });
    } else if (isMap(other) && (other['provider'] === 'file' || referencesOf(other, providers).length > 0 || 'prompt' in other)) {
      const what = `${key}: "${name}" is not a plain model of a server`;
      problems.push({
        code: 'suite/bad-reference',
        at,
        what,
        fix: 'name an entry that is asked over the network, without a prompt of its own',
      });
    }
  }
}

/** Who uses an entry uses those that it names. */
function withReferences(used: ReadonlySet<string>, entries: [string, unknown][], providers: Providers): ReadonlySet<string> {
  return new Set([
    ...used,
    ...entries.flatMap(([name, entry]) => (used.has(name) ? referencesOf(entry, providers).map(([, other]) => other) : [])),
  ]);
}

/** Entries that nobody uses never fail for the environment; they are left out when a variable of theirs is not set. */
function resolveModels(
  entries: [string, unknown][],
  { source }: Place,
  { used, env, providers }: { used: ReadonlySet<string>; env: NodeJS.ProcessEnv; providers: Providers },
) {
  const models = new Map<string, Model>();
  const problems: Problem[] = [];
  for (const [name, entry] of entries) {
    const place: Place = { source, path: ['models', name], problems: [] };
    const filled = fillFromEnv(entry, place, env);
    const model = place.problems.length === 0 ? readModel(name, filled, place, providers, []) : null;
    if (model) models.set(name, model);
    else if (used.has(name)) problems.push(...place.problems);
  }
  return { models, problems };
}

/** Values at the places `waiting` hold a `${…}` and cannot be judged yet. */
function readModel(name: string, entry: unknown, place: Place, providers: Providers, waiting: string[]): Model | null {
  const { source, path, problems } = place;
  const provider = isMap(entry) ? entry['provider'] : undefined;
  const schema = typeof provider === 'string' && Object.hasOwn(providers, provider) ? providers[provider]?.options : undefined;
  if (typeof provider === 'string' && !schema) {
    problems.push({
      code: 'suite/unknown-provider',
      at: source.at([...path, 'provider']),
      what: `there is no provider "${provider}"`,
      fix: suggestName(provider, Object.keys(providers)),
    });
    return null;
  }
  const found: Problem[] = [];
  const fields = checkFields(schemaOf(provider, schema), entry, { ...place, problems: found }, `model "${name}"`);
  checkParams(fields.params, { ...within(place, 'params'), problems: found });
  problems.push(...found.filter((problem) => !waiting.includes(JSON.stringify(problem.at))));
  if (problems.length > 0 || typeof fields.provider !== 'string') return null;
  const { provider: by, model, answers, params: sent, prompt: variant, ...options } = fields;
  return {
    name,
    provider: by,
    model: model ?? name,
    answers: by === 'file' ? 'recorded' : (answers ?? providers[by]?.answers ?? 'auto'),
    options,
    params: sent ?? {},
    ...(variant !== undefined && { prompt: variant as PromptVariant }),
    at: source.keyAt(path),
  };
}

function schemaOf(provider: unknown, options: z.ZodObject | undefined) {
  const answers = provider === 'file' ? (['recorded', 'auto'] as const) : (['live', 'recorded', 'auto'] as const);
  return z.strictObject({
    provider: z.string().meta({ must: 'the name of a provider' }),
    model: z.string().min(1).meta({ must: 'the id that is sent to the server' }).optional(),
    answers: z.enum(answers).optional(),
    params: params.optional(),
    ...(provider !== 'file' && { prompt: prompt.optional() }),
    ...(options?.shape as Record<string, z.ZodType> | undefined),
  });
}

/** `${NAME}`, or `${NAME:-value when it is not set}`. */
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

function fillFromEnv(value: unknown, place: Place, env: NodeJS.ProcessEnv): unknown {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (_, name: string, otherwise: string | undefined) => {
      const found = env[name] || otherwise;
      if (found !== undefined) return found;
      const what = `the environment variable ${name} is ${env[name] === '' ? 'empty' : 'not set'}`;
      place.problems.push({
        code: 'suite/missing-env',
        at: place.source.at(place.path),
        what,
        fix: `set ${name}, or write \${${name}:-value} to have a default`,
      });
      return '';
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => fillFromEnv(item, within(place, index), env));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillFromEnv(inner, within(place, key), env)]));
}

function placesOfVariables(value: unknown, place: Place): string[] {
  if (typeof value === 'string') return value.includes('${') ? [JSON.stringify(place.source.at(place.path))] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => placesOfVariables(inner, within(place, Array.isArray(value) ? Number(key) : key)));
}
