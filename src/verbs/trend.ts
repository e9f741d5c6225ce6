/** `onpar trend`: how each suite and candidate did over the runs, from reports/history.jsonl. */
import { relative, resolve } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import type { HistoryLine, Trend } from '../record.ts';
import { differingIn } from '../run/score-identity.ts';
import { numberFlag } from './ask-flags.ts';
import { readyOutput } from './outputs.ts';
import { type Console, type FlagValues, listFlag, textFlag, type Verb } from './verb.ts';

const LAST = 20;

export const trend: Verb = {
  summary: 'how each suite and candidate did over the runs',
  usage: `[FLAGS]

Reads reports/history.jsonl, which has no parts of runs.
Where the scores changed there is a break, and no change is told across it.
Exit codes: 0 told · 2 there is nothing to tell`,
  flags: {
    suite: { type: 'string', short: 's', multiple: true, value: 'NAME', help: 'only this suite' },
    candidate: { type: 'string', multiple: true, value: 'NAME', help: 'only this candidate' },
    last: { type: 'string', value: 'N', help: `runs of each suite and candidate, the newest (default: ${LAST})` },
    out: { type: 'string', value: 'DIR', help: 'where runs are (default: reports)' },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write it to a file, too: .csv, .md or .json' },
  },
  flagsForWord: ['suite'],
  run: runTrend,
};

async function runTrend(values: FlagValues, _: string[], console: Console): Promise<number> {
  const [{ readHistory }, { historyFile, writeAtomically }, { trendsOf }, { trendReporterFor, trendTable }] = await Promise.all([
    import('../run/history.ts'),
    import('../run/run-folder.ts'),
    import('../verdict/trend.ts'),
    import('../reporters/trend.ts'),
  ]);
  const outputs = listFlag(values, 'output').map((file) => ({ render: trendReporterFor(file), path: readyOutput(file, console.cwd) }));
  const last = numberFlag(values, 'last', true) ?? LAST;
  const file = historyFile(resolve(console.cwd, textFlag(values, 'out') ?? 'reports'));
  const { lines, broken } = readHistory(file);
  const name = relative(console.cwd, file);
  for (const number of broken) console.err(`warning: ${name}:${number}:1  this is not a line of history; it is left out\n`);
  const trends = chosen(trendsOf(lines, last, differing), values, name);
  for (const { path, render } of outputs) writeAtomically(path, render(trends));
  console.out(trendTable(trends, { width: console.width, colour: console.hasColour }));
  for (const { path } of outputs) console.out(`written  ${relative(console.cwd, path)}\n`);
  return 0;
}

/** Parity to another baseline is another figure. */
function differing(before: HistoryLine, after: HistoryLine): string[] {
  const baseline = before.baseline === after.baseline ? [] : [`baseline ${before.baseline} / ${after.baseline}`];
  return [...baseline, ...differingIn(before.score_identity, after.score_identity)];
}

function chosen(trends: readonly Trend[], values: FlagValues, file: string): Trend[] {
  const left = (['suite', 'candidate'] as const).reduce((all, flag) => narrowed(all, flag, listFlag(values, flag)), trends);
  if (left.length > 0) return [...left];
  throw new InputError({
    code: 'trend/nothing',
    what: `${file} tells of no run`,
    fix: 'run onpar eval first, or name another folder with --out',
  });
}

function narrowed(trends: readonly Trend[], flag: 'suite' | 'candidate', wanted: readonly string[]): readonly Trend[] {
  if (wanted.length === 0 || trends.length === 0) return trends;
  const names = [...new Set(trends.map((one) => one[flag]))];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown === undefined) return trends.filter((one) => wanted.includes(one[flag]));
  throw new InputError({ code: 'trend/unknown', what: `no run judged ${flag} "${unknown}"`, fix: suggestName(unknown, names) });
}
