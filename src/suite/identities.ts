/** What suites mean now, so that a run of another version of them is told apart. Models are not looked at, and no environment is needed. */
import { InputError } from '../errors.ts';
import { buildSuite } from './build-suite.ts';
import { findSuites } from './find-suites.ts';
import { hashSuite } from './hash.ts';
import type { LoadOptions } from './load-suites.ts';

export interface SuiteIdentity {
  cases: number;
  /** hash of the suite with these candidates, which a run may have had fewer or more of */
  hashWith: (candidates: string[]) => string;
}

/** By name. Throws an InputError with the problems of every suite that is wrong. */
export async function suiteIdentities(options: Omit<LoadOptions, 'env' | 'providers'>): Promise<Map<string, SuiteIdentity>> {
  const { cwd, elementKinds: kinds, scorerNames, hold, today } = options;
  const files = options.suites.length === 0 ? [] : await findSuites(options);
  const built = [];
  for (const { path, file, text } of files) built.push(await buildSuite(text, file, { cwd, path }, { kinds, scorerNames, hold, today }));
  const problems = built.flatMap((one) => one.problems);
  if (problems.length > 0) throw new InputError(problems);
  const suites = built.flatMap(({ suite }) => suite ?? []);
  return new Map(
    suites.map((suite) => [
      suite.name,
      {
        cases: suite.cases.length,
        hashWith: (candidates) => {
          const { hash, ...rest } = suite;
          void hash;
          return hashSuite({ ...rest, candidates });
        },
      },
    ]),
  );
}
