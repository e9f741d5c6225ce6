/** YAML files → checked suites and models. Nothing is returned unless everything is right; every problem is named at once. */
import { InputError, type Problem, suggestName } from '../errors.ts';
import type { Model, Suite } from '../record.ts';
import type { Hold } from './build-case.ts';
import { type BuiltSuite, buildSuite } from './build-suite.ts';
import type { ElementKind } from './elements.ts';
import { findSuites, type SuiteFile } from './find-suites.ts';
import { type ModelsFile, type Providers, readModels } from './models.ts';

export type { ElementKind } from './elements.ts';

export interface LoadOptions {
  /** paths in messages and reports are relative to it */
  cwd: string;
  /** path of models.yaml */
  models: string;
  /** names, or paths (a slash in it, or the ending .yaml/.yml); empty for every suite of the folder */
  suites: string[];
  suitesDir: string;
  elementKinds: Readonly<Record<string, ElementKind>>;
  scorerNames: readonly string[];
  providers: Providers;
  env: NodeJS.ProcessEnv;
  /** ISO date */
  today: string;
  /** keeps the cases of a dataset */
  hold: Hold;
}

export interface Loaded {
  suites: Suite[];
  /** every model of the file, except unused ones that need an environment variable which is not set */
  models: Map<string, Model>;
  warnings: Problem[];
}

/** Throws an InputError with every problem of every file. */
export async function loadSuites(options: LoadOptions): Promise<Loaded> {
  const problems: Problem[] = [];
  const modelsFile = await attempt(readModels(options.cwd, options.models, options.providers), problems);
  problems.push(...(modelsFile?.problems ?? []));
  const files = (await attempt(findSuites(options), problems)) ?? [];
  const built: BuiltSuite[] = [];
  for (const file of files) {
    const one = await attempt(build(file, options), problems);
    if (one) built.push(one);
  }
  problems.push(...built.flatMap((one) => one.problems), ...duplicateSuites(built));
  if (modelsFile) problems.push(...unknownModels(built, modelsFile));
  const used = new Set(built.flatMap((one) => one.models.map(({ name }) => name)));
  const resolved = modelsFile?.resolve(used, options.env) ?? { models: new Map<string, Model>(), problems: [] };
  problems.push(...resolved.problems);
  if (problems.length > 0) throw new InputError(distinct(problems));
  return {
    suites: built.flatMap(({ suite }) => suite ?? []),
    models: resolved.models,
    warnings: built.flatMap(({ warnings }) => warnings),
  };
}

function build({ path, file, text }: SuiteFile, { cwd, elementKinds, scorerNames, hold, today }: LoadOptions): Promise<BuiltSuite> {
  return buildSuite(text, file, { cwd, path }, { kinds: elementKinds, scorerNames, hold, today });
}

/** Goes on after a file that cannot be read, so that the problems of the others are shown, too. */
async function attempt<T>(work: Promise<T>, problems: Problem[]): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

function duplicateSuites(built: BuiltSuite[]): Problem[] {
  const first = new Map<string, Problem['at']>();
  return built.flatMap(({ name, source }) => {
    if (name === null) return [];
    const at = source.at(['name']);
    const before = first.get(name);
    if (!before) first.set(name, at);
    if (!before) return [];
    const what = `a second suite is called "${name}"; the first is at ${before.file}:${before.line}:${before.column}`;
    return [{ code: 'suite/duplicate-suite', at, what, fix: 'give one of the two another name' }];
  });
}

function unknownModels(built: BuiltSuite[], { names, source }: ModelsFile): Problem[] {
  if (names.length === 0) return [];
  return built.flatMap((one) =>
    one.models.flatMap(({ name, path }) =>
      names.includes(name)
        ? []
        : [
            {
              code: 'suite/unknown-model',
              at: one.source.at(path),
              what: `there is no model "${name}" in ${source.file}`,
              fix: suggestName(name, names),
            },
          ],
    ),
  );
}

/** One wrong value may be met twice, as itself and as part of a model that is used. */
function distinct(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
