/** `onpar compare A B`: did it get worse? Two runs, or two candidates of one run, paired by case. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { differingIn, identityOf, usesSimilarity } from '../run/score-identity.ts';
import type { Pairing } from '../verdict/compare.ts';
import { readyOutput } from './outputs.ts';
import { type Console, type FlagValues, listFlag, textFlag, type Verb } from './verb.ts';

const MARGIN = 0.05;

export const compare: Verb = {
  summary: 'did it get worse? two runs or two candidates, paired by case',
  usage: `[BEFORE] [AFTER] [FLAGS]

BEFORE and AFTER are runs (folders, or their names under reports/), or two
candidates of --run. With one run, AFTER is reports/latest; with none, the two
newest runs are compared.
Exit codes: 0 no worse · 1 regressed · 2 nothing to compare · 3 cannot be told`,
  flags: {
    suite: { type: 'string', short: 's', multiple: true, value: 'NAME', help: 'suite to compare (default: all in common)' },
    margin: { type: 'string', value: 'SHARE', help: 'a mean loss of this size must be excluded, 0 to 1 (default: 0.05, five points)' },
    run: { type: 'string', value: 'RUN', help: 'the run whose candidates are named (default: reports/latest)' },
    out: { type: 'string', value: 'DIR', help: 'where runs are (default: reports)' },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write it to a file, too: .html, .md or .json' },
  },
  run: runCompare,
};

async function runCompare(values: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [{ comparePairings, comparisonExitCode }, { comparisonReporterFor, comparisonTable }, { writeAtomically }] = await Promise.all([
    import('../verdict/compare.ts'),
    import('../reporters/comparison.ts'),
    import('../run/run-folder.ts'),
  ]);
  const outputs = listFlag(values, 'output').map((file) => ({ render: comparisonReporterFor(file), path: readyOutput(file, console.cwd) }));
  const margin = marginOf(values);
  const sides = await sidesOf(values, positionals, console);
  const pairings = pair(sides, listFlag(values, 'suite'));
  const comparisons = comparePairings(pairings, margin);
  for (const { path, render } of outputs) writeAtomically(path, render(comparisons));
  console.out(comparisonTable(comparisons, { width: console.width, colour: console.hasColour }));
  for (const { path } of outputs) console.out(`written  ${relative(console.cwd, path)}\n`);
  return comparisonExitCode(comparisons);
}

function marginOf(values: FlagValues): number {
  const text = textFlag(values, 'margin');
  const margin = text === null ? MARGIN : Number(text);
  if (margin > 0 && margin <= 1) return margin;
  const what = `--margin ${text ?? ''} is not a share above 0 and up to 1`;
  throw new InputError({ code: 'cli/bad-flag', what, fix: 'write 0.05 for five points of a hundred' });
}

/** A run, and the one candidate of it that is meant; null is all of them. */
interface RunSide {
  view: RunView;
  candidate: string | null;
}

async function sidesOf(values: FlagValues, words: readonly string[], console: Console): Promise<[RunSide, RunSide]> {
  const { readRun } = await import('../run/run-folder.ts');
  if (words.length > 2) throw new InputError({ code: 'cli/extra-word', what: `"${words[2] ?? ''}" is one too many`, fix: 'name two runs' });
  const out = resolve(console.cwd, textFlag(values, 'out') ?? 'reports');
  const runs = words.map((word) => runPath(word, out, console.cwd));
  const whole = (path: string): RunSide => ({ view: readRun(path), candidate: null });
  const [first, second] = runs;
  if (runs.length === 2 && first && second) return [whole(first), whole(second)];
  if (runs.length === 1 && first) return [whole(first), whole(join(out, 'latest'))];
  if (runs.length === 0) {
    const [before, after] = newestRuns(out, readRun);
    return [whole(before), whole(after)];
  }
  const view = readRun(resolve(console.cwd, textFlag(values, 'run') ?? join(out, 'latest')));
  const candidates = [...new Set(view.record.verdicts.map(({ candidate }) => candidate))];
  const unknown = words.find((word) => !candidates.includes(word));
  if (words.length === 2 && unknown === undefined)
    return [
      { view, candidate: words[0] ?? '' },
      { view, candidate: words[1] ?? '' },
    ];
  throw new InputError({
    code: 'compare/unknown',
    what: `"${unknown ?? words[0] ?? ''}" is neither a finished run nor a candidate of ${view.record.run}`,
    fix: suggestName(unknown ?? '', [...candidates, ...finishedRuns(out)]),
  });
}

function runPath(word: string, out: string, cwd: string): string | null {
  const places = [resolve(cwd, word), join(out, word)].map((path) => path.replace(/[\\/]run\.json$/, ''));
  return places.find((path) => existsSync(join(path, 'run.json'))) ?? null;
}

/** Names begin with their time, so they are in order. */
function finishedRuns(out: string): string[] {
  if (!existsSync(out)) return [];
  return readdirSync(out)
    .filter((name) => /^\d{8}-\d{6}-/.test(name) && existsSync(join(out, name, 'run.json')))
    .sort();
}

/** Parts of a run say nothing of a suite, and are passed over. */
function newestRuns(out: string, readRun: (path: string) => RunView): [string, string] {
  const paths = finishedRuns(out).map((name) => join(out, name));
  const isWhole = (path: string) => readRun(path).record.shard === undefined;
  const after = paths.findLast(isWhole);
  const before = after === undefined ? undefined : paths.slice(0, paths.indexOf(after)).findLast(isWhole);
  if (before === undefined || after === undefined)
    throw new InputError({
      code: 'compare/too-few',
      what: `${out} holds fewer than two finished runs`,
      fix: 'run onpar eval first, or name two runs',
    });
  return [before, after];
}

/** A suite is compared candidate by candidate; where each run has another single one, those two. */
function pair([before, after]: [RunSide, RunSide], wanted: readonly string[]): Pairing[] {
  const suites = [...new Set(before.view.record.verdicts.map(({ suite }) => suite))].filter(
    (suite) => wanted.length === 0 || wanted.includes(suite),
  );
  const pairings = suites.flatMap((suite) => {
    const [left, right] = [verdictsOf(before, suite), verdictsOf(after, suite)];
    const same = left.flatMap((one) => right.filter(({ candidate }) => candidate === one.candidate).map((other) => [one, other] as const));
    const [only, other] = [left[0], right[0]];
    const pairs = same.length > 0 ? same : left.length === 1 && right.length === 1 && only && other ? [[only, other] as const] : [];
    return pairs.map(([one, two]): Pairing => {
      refuseOtherScores(suite, before, after, one, two);
      return { suite, before: sideOf(before, suite, one.candidate), after: sideOf(after, suite, two.candidate) };
    });
  });
  if (pairings.length > 0) return pairings;
  const has = (side: RunSide) => [...new Set(side.view.record.verdicts.map(({ suite }) => suite))].join(', ') || 'none';
  throw new InputError({
    code: 'compare/nothing',
    what: `there is nothing to compare: the suites are ${has(before)} and ${has(after)}`,
    fix: wanted.length > 0 ? 'leave --suite out, or name a suite that both have' : 'name runs that have a suite and a candidate in common',
  });
}

const verdictsOf = ({ view, candidate }: RunSide, suite: string): Verdict[] =>
  view.record.verdicts.filter((verdict) => verdict.suite === suite && (candidate === null || verdict.candidate === candidate));

function sideOf({ view }: RunSide, suite: string, candidate: string): Pairing['before'] {
  const results = {
    *[Symbol.iterator](): Generator<CaseResult> {
      for (const result of view.results) if (result.suite === suite && result.candidate === candidate) yield result;
    },
  };
  return { run: view.record.run, candidate, results };
}

/** Scores of another encoder, or of another version of the formulas, are other numbers. */
function refuseOtherScores(suite: string, before: RunSide, after: RunSide, one: Verdict, two: Verdict): void {
  const [was, is] = [
    identityOf(before.view.record.score_identity, usesSimilarity(one)),
    identityOf(after.view.record.score_identity, usesSimilarity(two)),
  ];
  const differing = differingIn(was, is);
  if (differing.length === 0) return;
  throw new InputError({
    code: 'compare/identity',
    what: `the scores of suite "${suite}" are not comparable: ${differing.join('; ')}`,
    fix: 'judge both with the same onpar and the same encoder: onpar eval --offline replays what is recorded',
  });
}
