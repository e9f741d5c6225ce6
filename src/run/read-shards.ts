/** Folders → the parts of one run, one each, of the same suites, models and scores. Everything that does not fit is refused at once. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, type Problem } from '../errors.ts';
import type { RunRecord } from '../record.ts';
import { readRun, readStarted, type Started } from './run-folder.ts';
import { differingIn, identityOf, usesSimilarity } from './score-identity.ts';

export interface ShardRun {
  path: string;
  record: RunRecord & { shard: NonNullable<RunRecord['shard']> };
  /** the flags it was started with */
  flags: Started['flags'];
}

/** How far runs are looked for below a folder: artifacts/<job>/reports/<run>. */
const DEEPEST = 4;

/**
 * `paths` are runs, or folders that hold runs. Sorted by part; parts may be missing. Throws InputError when there is none, and for parts that are
 * there twice or do not belong together.
 */
export function readShards(paths: readonly string[]): ShardRun[] {
  const found = paths.flatMap((path) => (existsSync(join(path, 'run.json')) ? [namedPart(path)] : partsBelow(path, DEEPEST)));
  const shards = distinct(found).sort((a, b) => a.record.shard.index - b.record.shard.index);
  const [first] = shards;
  if (!first)
    throw new InputError({
      code: 'merge/none',
      what: `there is no finished part of a run in ${paths.join(', ')}`,
      fix: 'name the runs that onpar eval --shard made, or the folder that holds them',
    });
  const problems = [...shards.slice(1).flatMap((shard) => strangers(first, shard)), ...twice(shards)];
  if (problems.length > 0) throw new InputError(problems);
  return shards;
}

function namedPart(path: string): ShardRun {
  const { record } = readRun(path);
  const { shard } = record;
  if (shard) return { path, record: { ...record, shard }, flags: readStarted(path).flags };
  throw new InputError({
    code: 'merge/whole',
    what: `${path} is a run of all cases, not a part of one`,
    fix: 'name runs of onpar eval --shard',
  });
}

/** Finished parts; other runs that lie there are passed over. */
function partsBelow(path: string, depth: number): ShardRun[] {
  if (!existsSync(path)) throw new InputError({ code: 'merge/missing', what: `there is no folder ${path}`, fix: 'name the runs to merge' });
  if (existsSync(join(path, 'run.json'))) return readRun(path).record.shard ? [namedPart(path)] : [];
  if (depth === 0) return [];
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => partsBelow(join(path, name), depth - 1));
}

/** `latest` may be a copy of its run. */
function distinct(shards: readonly ShardRun[]): ShardRun[] {
  const key = ({ record: { run, finished_at, shard } }: ShardRun) => JSON.stringify([run, finished_at, shard]);
  return [...new Map(shards.map((shard) => [key(shard), shard])).values()];
}

function twice(shards: readonly ShardRun[]): Problem[] {
  return shards.flatMap(({ path, record: { shard } }, i) => {
    const before = shards[i - 1];
    if (before?.record.shard.index !== shard.index) return [];
    const what = `part ${shard.index} of ${shard.of} is there twice: ${before.path} and ${path}`;
    return [{ code: 'merge/twice', what, fix: 'name the runs that belong together, one a part' }];
  });
}

/** What keeps a part from belonging to the same run as the first. */
function strangers(first: ShardRun, other: ShardRun): Problem[] {
  const refuse = (code: string, what: string, fix: string): Problem => ({
    code,
    what: `${other.path} does not belong to ${first.path}: ${what}`,
    fix,
  });
  const [was, is] = [first.record.shard, other.record.shard];
  const problems: Problem[] = [];
  if (was.of !== is.of)
    problems.push(refuse('merge/other-parts', `it is one of ${is.of} parts, not of ${was.of}`, 'merge the parts of one run'));
  if (first.flags['t'] !== other.flags['t'])
    problems.push(refuse('merge/other-cases', 'another -t chose its cases', 'run all parts with the same flags'));
  for (const { name, hash } of other.record.suites)
    if (first.record.suites.some((suite) => suite.name === name && suite.hash !== hash))
      problems.push(
        refuse('merge/other-suite', `suite "${name}" is not the same (its hash differs)`, 'run all parts with the same suite files'),
      );
  for (const model of other.record.models) {
    const before = first.record.models.find(({ name }) => name === model.name);
    if (before && (before.provider !== model.provider || before.model !== model.model))
      problems.push(refuse('merge/other-model', `model "${model.name}" is another one`, 'run all parts with the same models file'));
  }
  for (const verdict of other.record.verdicts) {
    const before = first.record.verdicts.find(({ suite, candidate }) => suite === verdict.suite && candidate === verdict.candidate);
    if (!before) continue;
    const identity = ({ record }: ShardRun, of: typeof verdict) => identityOf(record.score_identity, usesSimilarity(of));
    const differing = differingIn(identity(first, before), identity(other, verdict));
    if (differing.length > 0)
      problems.push(
        refuse(
          'merge/other-scores',
          `suite "${verdict.suite}" was scored otherwise: ${differing.join('; ')}`,
          'run all parts with the same onpar and encoder',
        ),
      );
  }
  return problems;
}
