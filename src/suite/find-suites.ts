/** `--suite` values → suite files. A name is what `name:` says in the file, whatever the file is called. */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError, nearestName, type Problem } from '../errors.ts';
import { fileName, readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';

/** Files that lie among the suites and are none. */
const NO_SUITES = ['models.yaml', 'migration.yaml', 'cost.yaml'];

export interface SuiteFile {
  /** absolute */
  path: string;
  /** relative to the working folder, for people */
  file: string;
  text: string;
}

export interface Search {
  cwd: string;
  suitesDir: string;
  /** models file, which lies among the suites and is none */
  models: string;
  /** names or paths; empty for all of the folder */
  suites: string[];
}

/** With a slash, or the ending of a file, a value is a path. */
export function isPath(value: string): boolean {
  return /[\\/]/.test(value) || /\.ya?ml$/i.test(value);
}

export async function findSuites(search: Search): Promise<SuiteFile[]> {
  const problems: Problem[] = [];
  const found = new Map<string, SuiteFile>();
  const paths = search.suites.filter(isPath);
  const names = search.suites.filter((value) => !isPath(value));
  const add = (file: SuiteFile) => found.set(file.path, file);
  if (search.suites.length === 0 || names.length > 0) {
    const folder = await readFolder(search, problems);
    const wanted = search.suites.length === 0 ? folder : pick(folder, names, search.suitesDir, problems);
    wanted.forEach(add);
  }
  for (const path of paths) {
    const absolute = resolve(search.cwd, path);
    const file = await tryRead(search.cwd, absolute, problems);
    if (file) add(file);
  }
  if (problems.length > 0) throw new InputError(problems);
  return [...found.values()];
}

async function readFolder({ cwd, suitesDir, models, suites }: Search, problems: Problem[]): Promise<SuiteFile[]> {
  const folder = resolve(cwd, suitesDir);
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (cause) {
    throw new InputError(
      {
        code: 'suite/missing-folder',
        what: `there is no folder ${fileName(cwd, folder)} with suites`,
        fix: 'name a suite by its path: --suite path/to/suite.yaml',
      },
      { cause },
    );
  }
  const paths = entries
    .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.') && !NO_SUITES.includes(name))
    .sort()
    .map((name) => join(folder, name));
  const wanted = paths.filter((path) => path !== resolve(cwd, models));
  if (wanted.length === 0)
    throw new InputError({
      code: 'suite/no-suites',
      what: `the folder ${fileName(cwd, folder)} holds no suite`,
      fix: 'add one: docs/suite-format.md shows how',
    });
  // a broken neighbour is no reason to refuse a suite that was asked for by name
  const files = await Promise.all(wanted.map((path) => tryRead(cwd, path, suites.length === 0 ? problems : [])));
  return files.filter((file) => file !== null);
}

async function tryRead(cwd: string, path: string, problems: Problem[]): Promise<SuiteFile | null> {
  const file = fileName(cwd, path);
  try {
    return { path, file, text: await readText({ path, file, what: 'suite' }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

function pick(folder: SuiteFile[], names: string[], suitesDir: string, problems: Problem[]): SuiteFile[] {
  const named = folder.map((file) => ({ file, name: nameOf(file) ?? basename(file.file).replace(/\.ya?ml$/i, '') }));
  const known = [...new Set(named.map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const hits = named.filter((one) => one.name === name).map(({ file }) => file);
    if (hits.length > 0) return hits;
    const near = nearestName(name, known);
    const fix = near === null ? `the suites of ${suitesDir} are: ${known.join(', ')}` : `did you mean "${near}"?`;
    problems.push({ code: 'suite/unknown-suite', what: `no suite is called "${name}" (suites: ${known.join(', ')})`, fix });
    return [];
  });
}

/** Suites can be long: the name is looked up in the text first, and parsed for only where it is written in another way. */
export function nameOf({ text, file }: SuiteFile): string | null {
  const quick = /^name:[ \t]+([A-Za-z0-9][\w.+@-]*)[ \t]*(?:#.*)?\r?$/m.exec(text)?.[1];
  if (quick !== undefined) return quick;
  try {
    const { value } = readYaml(text, file);
    const name = (value as { name?: unknown } | null)?.name;
    return typeof name === 'string' ? name : null;
  } catch {
    return null;
  }
}
