/** Suites and models as every verb reads them. */
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { Model, Suite } from '../record.ts';
import { type Console, type FlagValues, listFlag, textFlag } from './verb.ts';

export interface Loaded {
  suites: Suite[];
  models: Map<string, Model>;
  recordings: string;
  warnings: string[];
}

export async function loadForVerb(values: FlagValues, console: Console): Promise<Loaded> {
  const [{ loadSuites }, { elementKinds }, { scorers }, { providers }, { formatProblem }, { spill }] = await Promise.all([
    import('../suite/load-suites.ts'),
    import('../scorers/elements/index.ts'),
    import('../scorers/index.ts'),
    import('../models/index.ts'),
    import('../errors.ts'),
    import('../run/spill.ts'),
  ]);
  const { cwd, env } = console;
  const loaded = await loadSuites({
    cwd,
    models: textFlag(values, 'models') ?? join('suites', 'models.yaml'),
    suites: listFlag(values, 'suite'),
    suitesDir: 'suites',
    elementKinds: elementKinds,
    scorerNames: Object.keys(scorers),
    providers,
    env,
    today: console.now().toISOString().slice(0, 10),
    hold: spill,
  });
  const recordings = resolve(cwd, textFlag(values, 'recordings') ?? join('fixtures', 'recordings'));
  return { ...loaded, recordings, warnings: loaded.warnings.map(formatProblem) };
}

/** Keeps the cases called `pattern`, or else those whose name contains it; suites left without one are dropped, and nothing left is an error. */
export function filterCases(suites: Suite[], pattern: string | null): Suite[] {
  if (pattern === null) return suites;
  const wanted = pattern.toLowerCase();
  const keep = (isWanted: (name: string) => boolean) =>
    suites
      .map((suite) => ({ ...suite, cases: [...suite.cases].filter((one) => isWanted(one.name.toLowerCase())) }))
      .filter((suite) => suite.cases.length > 0);
  const exact = keep((name) => name === wanted);
  const left = exact.length > 0 ? exact : keep((name) => name.includes(wanted));
  if (left.length > 0) return left;
  const names = suites.map((s) => s.name).join(', ');
  throw new InputError({
    code: 'cli/no-case',
    what: `no case of ${names} has "${pattern}" in its name`,
    fix: 'see the names with "onpar check --list"',
  });
}
