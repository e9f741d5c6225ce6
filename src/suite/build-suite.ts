/** One suite file → a Suite, with everything that is wrong with it. */
import type { Position, Problem } from '../errors.ts';
import type { Cases, Suite } from '../record.ts';
import { buildCase, type CaseTools, type Defaults, type Hold } from './build-case.ts';
import { checkParams, readRead } from './shared-keys.ts';
import { checkFields, type Fields, isMap, type Place, within } from './check-fields.ts';
import { buildDataset, type SuiteFolder } from './dataset.ts';
import type { ElementKinds } from './elements.ts';
import { hashSuite } from './hash.ts';
import type { Source } from './positions.ts';
import { readYaml } from './read-yaml.ts';
import { repeatedNames } from './repeated-names.ts';
import { suiteSchemas, type SuiteSchemas } from './schema.ts';

export interface SuiteTools {
  kinds: ElementKinds;
  scorerNames: readonly string[];
  hold: Hold;
  /** ISO date; a quarantine that ended before it is over */
  today: string;
}

export interface BuiltSuite {
  /** null when there is a problem */
  suite: Suite | null;
  /** as the file says, also when the suite has a problem */
  name: string | null;
  problems: Problem[];
  warnings: Problem[];
  source: Source;
  /** models as the file names them, with the place of each, so that they can be looked up */
  models: { name: string; path: PropertyKey[] }[];
}

type SuiteFields = Fields<SuiteSchemas['suite']>;

/** Throws an InputError when the file is no YAML document. */
export async function buildSuite(text: string, file: string, folder: SuiteFolder, tools: SuiteTools): Promise<BuiltSuite> {
  const { value, source, problems } = readYaml(text, file);
  const schemas = suiteSchemas(tools.scorerNames);
  const place: Place = { source, path: [], problems };
  const fields = checkFields(schemas.suite, value, place, 'the suite');
  const defaults = readDefaults(fields, place);
  const warnings = warningsOf(value, source);
  const warn = (problem: Problem) => void warnings.push(problem);
  const cases = await readCases(fields, place, folder, { ...tools, schemas, defaults, warn });
  checkCandidates(fields, place);
  checkNames(cases, value, place);
  const suite = problems.length === 0 ? toSuite(fields, cases, file) : null;
  return { suite, name: fields.name ?? null, problems, warnings, source, models: modelsOf(fields) };
}

function toSuite(fields: SuiteFields, cases: Cases, file: string): Suite | null {
  const { name, capability, baseline, candidates, parity_target } = fields;
  if (name === undefined || capability === undefined || baseline === undefined || candidates === undefined || parity_target === undefined)
    return null;
  const suite = {
    name,
    description: fields.description ?? null,
    capability,
    baseline,
    candidates,
    self_parity: fields.self_parity ?? null,
    parity_target,
    decision: fields.decision ?? 'bounds',
    baseline_samples: fields.defaults?.samples?.baseline ?? 1,
    cases,
    file,
  };
  return { ...suite, hash: hashSuite(suite) };
}

function readDefaults({ defaults, language }: SuiteFields, place: Place): Defaults {
  const here = within(place, 'defaults');
  checkParams(defaults?.params, within(here, 'params'));
  const weights = defaults?.weights;
  return {
    params: defaults?.params ?? {},
    weights: weights ? Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight ?? 0])) : null,
    tags: defaults?.tags ?? [],
    read: readRead(defaults?.read, within(here, 'read'), place.problems),
    critical: defaults?.critical ?? false,
    language: language ?? null,
  };
}

async function readCases(fields: SuiteFields, place: Place, folder: SuiteFolder, tools: CaseTools): Promise<Cases> {
  const { problems, source } = place;
  const written = fields.cases ?? [];
  const inline = written.flatMap((value, index) => buildCase(value, within(place, 'cases', index), tools) ?? []);
  const fromRows = fields.dataset === undefined ? [] : await buildDataset(fields.dataset, within(place, 'dataset'), folder, tools);
  const nothing = fields.dataset === undefined && written.length === 0;
  if (nothing && !problems.some((p) => p.code === 'suite/wrong-type' && p.what.startsWith('cases '))) {
    problems.push({
      code: 'suite/empty-suite',
      at: source.at(fields.cases ? ['cases'] : []),
      what: 'the suite has no cases',
      fix: 'add cases: with at least one, or a dataset:',
    });
  }
  if (inline.length === 0) return fromRows;
  return {
    length: inline.length + fromRows.length,
    *[Symbol.iterator]() {
      yield* inline;
      yield* fromRows;
    },
  };
}

function checkCandidates({ baseline, candidates, self_parity }: SuiteFields, { source, problems }: Place): void {
  (candidates ?? []).forEach((name, index) => {
    const at = source.at(['candidates', index]);
    if (name === baseline)
      problems.push({
        code: 'suite/candidate-is-baseline',
        at,
        what: `"${name}" is the baseline, so it cannot be a candidate`,
        fix: 'name another model',
      });
    else if (candidates?.indexOf(name) !== index)
      problems.push({
        code: 'suite/duplicate-candidate',
        at,
        what: `the candidate "${name}" is named twice`,
        fix: 'remove one of the two',
      });
  });
  if (self_parity !== undefined && self_parity === baseline) {
    const what = `self_parity is "${self_parity}", the baseline itself`;
    problems.push({
      code: 'suite/bad-value',
      at: source.at(['self_parity']),
      what,
      fix: 'name a sibling version of it, or set defaults: { samples: { baseline: 2 } }',
    });
  }
}

/** Names of cases that are wrong otherwise count, too: they are read from the file, not from what was built. */
function checkNames(cases: Cases, value: unknown, { source, problems }: Place): void {
  const written = isMap(value) && Array.isArray(value['cases']) ? (value['cases'] as unknown[]) : [];
  const inline = written.flatMap((one, index) => {
    const name = isMap(one) ? one['name'] : undefined;
    const isTemplate = isMap(one) && isMap(one['vars']) && typeof name === 'string' && name.includes('{{');
    return typeof name === 'string' && !isTemplate
      ? [{ name, at: source.at(['cases', index, 'name']), whole: source.at(['cases', index]) }]
      : [];
  });
  const known = new Set(inline.map(({ whole }) => JSON.stringify(whole)));
  const named = function* (): Generator<{ name: string; at: Position }> {
    yield* inline;
    for (const { name, at } of cases) if (!known.has(JSON.stringify(at))) yield { name, at };
  };
  const isRepeated = repeatedNames(named());
  const first = new Map<string, Position>();
  for (const { name, at } of named()) {
    if (!isRepeated(name)) continue;
    const before = first.get(name);
    first.set(name, before ?? at);
    if (!before) continue;
    const what = `a second case is called "${name}"; the first is at ${before.file}:${before.line}:${before.column}`;
    problems.push({ code: 'suite/duplicate-case', at, what, fix: 'give one of the two another name' });
  }
}

function modelsOf({ baseline, candidates, self_parity }: SuiteFields): BuiltSuite['models'] {
  return [
    ...(baseline === undefined ? [] : [{ name: baseline, path: ['baseline'] }]),
    ...(candidates ?? []).map((name, index) => ({ name, path: ['candidates', index] })),
    ...(self_parity === undefined ? [] : [{ name: self_parity, path: ['self_parity'] }]),
  ];
}

/** Variables that no text of their case can use are most likely a slip. */
function warningsOf(value: unknown, source: Source): Problem[] {
  const written = isMap(value) && Array.isArray(value['cases']) ? (value['cases'] as unknown[]) : [];
  return written.flatMap((one, index) => {
    if (!isMap(one) || !isMap(one['vars'])) return [];
    const { vars, ...rest } = one;
    if (JSON.stringify(rest).includes('{{')) return [];
    const at = source.keyAt(['cases', index, 'vars']);
    return [
      {
        code: 'suite/unused-vars',
        at,
        what: `no text of this case uses its variables (${Object.keys(vars).join(', ')})`,
        fix: 'write {{name}} where the value belongs',
      },
    ];
  });
}
