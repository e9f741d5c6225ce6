/** `onpar merge DIR…`: the parts of a run, made by `eval --shard`, judged together as one. */
import { appendFileSync, createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { ScoreIdentity, Suite } from '../record.ts';
import type { ShardRun } from '../run/read-shards.ts';
import { differingIn, identityOf, usesSimilarity } from '../run/score-identity.ts';
import { checkAnnotations, ciFlags, tellCi } from './ci.ts';
import { embedderFor, outOf, printResult } from './eval.ts';
import { filterCases, type Loaded, loadForVerb } from './load.ts';
import { readyOutput } from './outputs.ts';
import { progressLine } from './progress.ts';
import { reviewFlag, reviewsForEval } from './review.ts';
import { type Console, type FlagValues, listFlag, textFlag, type Verb } from './verb.ts';

export const merge: Verb = {
  summary: 'judge the parts of a run (eval --shard) together as one',
  usage: `DIR… [FLAGS]

DIR is a run of eval --shard, or a folder that holds them. Nobody is asked.
The suite files that the parts were made with must be here, unchanged.
A part that is not there makes the verdict incomplete: exit code 3.`,
  flags: {
    models: { type: 'string', value: 'FILE', help: 'models file (default: that of the parts)' },
    out: { type: 'string', value: 'DIR', help: 'where the run is written (default: reports)' },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'another copy of a report, by extension (.html, .csv, …)' },
    embedder: { type: 'string', value: 'NAME', help: 'encoder (default: that of the parts)' },
    ...reviewFlag,
    ...ciFlags,
  },
  run: runMerge,
};

async function runMerge(given: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [{ readShards }, { checkOutputs, writeReports }] = await Promise.all([
    import('../run/read-shards.ts'),
    import('../write-reports.ts'),
  ]);
  if (positionals.length === 0) throw new InputError({ code: 'cli/usage', what: 'name the parts to merge', fix: 'onpar merge shards/' });
  const outputs = checkOutputs(listFlag(given, 'output')).map((file) => readyOutput(file, console.cwd));
  checkAnnotations(given);
  const shards = readShards(positionals.map((path) => resolve(console.cwd, path)));
  const values = flagsOf(shards, given);
  const loaded = await loadForVerb(values, console);
  const suites = suitesOf(shards, filterCases(loaded.suites, textFlag(values, 't')));
  const hosts = new Set(shards.flatMap(({ record }) => record.hosts_contacted));
  const embedder = await embedderFor(suites, values, console, hosts);
  const progress = progressLine(console);
  try {
    const view = await judgeTogether({ shards, suites, loaded, hosts, embedder, values }, console, progress.show);
    const path = resolve(outOf(values, console), view.record.run);
    writeReports(view, path, outputs);
    progress.clear();
    await printResult(view, path, embedder?.note ?? null, console);
    await tellCi(view, values, console);
    return view.record.exit_code;
  } finally {
    progress.clear();
    await embedder?.close();
  }
}

/** Those of the first part, without what makes it a part and what says where it was written; those given now come on top. */
function flagsOf([first]: readonly ShardRun[], given: FlagValues): FlagValues {
  const shared = Object.entries(first?.flags ?? {}).filter(([flag]) => !['shard', 'out', 'output'].includes(flag));
  return { ...Object.fromEntries(shared), ...given };
}

/** The suites that were asked, in their order. Throws InputError for one that is not here as it was. */
function suitesOf(shards: readonly ShardRun[], here: readonly Suite[]): Suite[] {
  const asked = new Map(shards.flatMap(({ record, path }) => record.suites.map((suite) => [suite.name, { ...suite, path }] as const)));
  const problems = [...asked.values()].flatMap(({ name, file, hash, path }) => {
    const found = here.find((suite) => suite.name === name);
    if (found?.hash === hash) return [];
    const what = found
      ? `suite "${name}" is not as it was in ${path}: ${found.file} has changed`
      : `suite "${name}" of ${path} is not here`;
    return [{ code: 'merge/suite', what, fix: `merge where ${file} is as it was when the parts were run` }];
  });
  if (problems.length > 0) throw new InputError(problems);
  return [...here];
}

interface Parts {
  shards: readonly ShardRun[];
  suites: readonly Suite[];
  loaded: Loaded;
  hosts: Set<string>;
  embedder: Awaited<ReturnType<typeof embedderFor>>;
  values: FlagValues;
}

async function judgeTogether(
  { shards, suites, loaded, hosts, embedder, values }: Parts,
  console: Console,
  onProgress: (step: string, done: number, total: number) => void,
) {
  const [
    { judgeAnswers, scoreIdentityOf },
    { openMerged },
    { NO_PAST, openPast },
    { createRunFolder, isPart },
    { jobsFile, journalFile },
    { joinJobs },
  ] = await Promise.all([
    import('../evaluate.ts'),
    import('../merged.ts'),
    import('../past.ts'),
    import('../run/run-folder.ts'),
    import('../asking.ts'),
    import('../run/jobs.ts'),
  ]);
  refuseOtherScores(shards, scoreIdentityOf(embedder));
  refuseOtherModels(shards, loaded);
  const reviews = await reviewsForEval(values, console);
  const merged = openMerged(suites, shards);
  const label = suites.length === 1 && suites[0] ? suites[0].name : 'all';
  const folder = createRunFolder(outOf(values, console), console.now(), label, { command: console.argv, flags: values });
  try {
    await joinJournals(
      shards.map(({ path }) => journalFile(path)),
      journalFile(folder.path),
    );
    joinJobs(
      shards.map(({ path }) => jobsFile(path)),
      jobsFile(folder.path),
    );
    return await judgeAnswers(merged.answers, {
      suites,
      asking: { models: loaded.models, warnings: () => (merged.missing === null ? [] : [merged.missing]) },
      hosts,
      egress: () => shards.flatMap(({ record }) => record.egress ?? []),
      embedder,
      reviews,
      folder,
      command: console.argv,
      version: console.version,
      warnings: [...new Set(shards.flatMap(({ record }) => record.warnings))],
      now: console.now,
      onProgress,
      past: isPart(values) ? NO_PAST : openPast(outOf(values, console), folder.run),
      shard: null,
    });
  } finally {
    merged.close();
  }
}

/** What the parts asked for is part of this run, so that --retry-errors can go on with it. */
async function joinJournals(from: readonly string[], to: string): Promise<void> {
  appendFileSync(to, '');
  for (const file of from)
    if (existsSync(file)) for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) appendFileSync(to, piece);
}

/** Scores are made anew: by another encoder than that of the parts they would be others than those that were shown there. */
function refuseOtherScores(shards: readonly ShardRun[], own: ScoreIdentity): void {
  for (const { path, record } of shards)
    for (const verdict of record.verdicts) {
      const [was, is] = [record.score_identity, own].map((identity) => identityOf(identity, usesSimilarity(verdict))) as [
        ScoreIdentity,
        ScoreIdentity,
      ];
      const differing = differingIn(was, is);
      if (differing.length > 0)
        throw new InputError({
          code: 'merge/other-scores',
          what: `suite "${verdict.suite}" was scored in another way in ${path} than it would be here: ${differing.join('; ')}`,
          fix: 'merge with the onpar that made the parts, and name their encoder with --embedder',
        });
    }
}

function refuseOtherModels(shards: readonly ShardRun[], { models }: Loaded): void {
  for (const { path, record } of shards)
    for (const { name, provider, model } of record.models) {
      const here = models.get(name);
      if (here && here.provider === provider && here.model === model) continue;
      throw new InputError({
        code: 'merge/other-model',
        ...(here && { at: here.at }),
        what: `model "${name}" was ${provider}: ${model} in ${path}, and is ${here ? `${here.provider}: ${here.model}` : 'not'} here`,
        fix: 'merge where the models file is as it was when the parts were run',
      });
    }
}
