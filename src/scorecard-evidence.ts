/** Runs and probes on disk → what the scorecard is made from. */
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { RunRecord, Verdict } from './record.ts';
import { findRuns, type FoundRun } from './run/find-runs.ts';
import { readProbes } from './run/probes.ts';
import { readRun } from './run/run-folder.ts';
import type { SuiteIdentity } from './suite/identities.ts';
import { type Evidence, type Measured, type Watched, type Work, workOf } from './verdict/scorecard/evidence.ts';

export interface Places {
  cwd: string;
  /** runs, or folders of runs, absolute */
  runs: string[];
  /** absolute */
  probes: string;
  suites: ReadonlyMap<string, SuiteIdentity>;
}

/** Of each suite and pair the newest run counts, and of each model the newest in which it was asked. */
export function gatherEvidence({ cwd, runs, probes, suites }: Places): Evidence {
  const found = distinct(runs.flatMap(findRuns)).sort((a, b) => Date.parse(b.record.finished_at) - Date.parse(a.record.finished_at));
  const name = (path: string) => relative(cwd, path).split(sep).join('/');
  const read = readProbes(probes);
  return {
    measured: newestVerdicts(found).map((one) => measuredOf(one, name, suites)),
    watched: newestAsked(found, name),
    probes: read === null ? null : { path: name(probes), lines: read.probes, unreadable: read.unreadable },
  };
}

const distinct = (runs: readonly FoundRun[]) => [...new Map(runs.map((run) => [run.record.run, run])).values()];

const pageOf = (folder: string) => join(folder, existsSync(join(folder, 'report.html')) ? 'report.html' : 'run.json');

interface OneVerdict {
  found: FoundRun;
  verdict: Verdict;
}

function newestVerdicts(runs: readonly FoundRun[]): OneVerdict[] {
  const newest = new Map<string, OneVerdict>();
  for (const found of runs) {
    for (const verdict of found.record.verdicts) {
      const key = keyOf(verdict);
      if (!newest.has(key)) newest.set(key, { found, verdict });
    }
  }
  return [...newest.values()];
}

const keyOf = ({ suite, baseline, candidate }: { suite: string; baseline: string; candidate: string }) =>
  JSON.stringify([suite, baseline, candidate]);

function measuredOf({ found, verdict }: OneVerdict, name: (path: string) => string, suites: Places['suites']): Measured {
  const { record, path } = found;
  let work: Work[] | null = null;
  return {
    verdict,
    run: record.run,
    path: name(pageOf(path)),
    finishedAt: record.finished_at,
    stale: staleness(record, verdict, suites.get(verdict.suite)),
    get work() {
      return (work ??= workIn(path, verdict));
    },
  };
}

/** Read when it is asked for: only the pairs of the map are. */
function workIn(path: string, verdict: Verdict): Work[] {
  const key = keyOf(verdict);
  const work: Work[] = [];
  for (const result of readRun(path).results) {
    const one = keyOf(result) === key ? workOf(result) : null;
    if (one) work.push(one);
  }
  return work;
}

function staleness(record: RunRecord, { suite }: Verdict, now: SuiteIdentity | undefined): string | null {
  const then = record.suites.find(({ name }) => name === suite);
  if (!now || !then) return null;
  if (record.shard) return `that is part ${record.shard.index} of ${record.shard.of} of the suite`;
  if (then.cases < now.cases) return `only ${then.cases} of ${now.cases} cases were judged`;
  const candidates = record.verdicts.filter((one) => one.suite === suite).map(({ candidate }) => candidate);
  return then.hash === now.hashWith(candidates) ? null : 'the suite has changed since';
}

function newestAsked(runs: readonly FoundRun[], name: (path: string) => string): Watched[] {
  const newest = new Map<string, Watched>();
  for (const { record, path } of runs) {
    const live = (record.cost ?? []).filter((one) => one.live > 0).map(({ model }) => model);
    const { run, finished_at: finishedAt, hosts_contacted: hosts, egress } = record;
    for (const model of live) {
      if (newest.has(model)) continue;
      newest.set(model, { model, run, path: name(pageOf(path)), finishedAt, hosts, egress, live });
    }
  }
  return [...newest.values()];
}
