/** What a drill showed, from what became of its requests. */
import type { DrillLocalOnly, DrillPhase, DrillSummary } from '../record.ts';
import type { Passed } from './proxy.ts';
import type { Outcome, PhaseRun } from './run.ts';

export interface DrillFacts {
  about: Pick<DrillSummary, 'drill' | 'model' | 'candidate' | 'fallback' | 'suite' | 'onpar' | 'started_at' | 'deadline_s'>;
  runs: readonly PhaseRun[];
  passed: ReadonlyMap<string, Passed>;
  localOnly: DrillLocalOnly | null;
}

export function summarise({ about, runs, passed, localOnly }: DrillFacts): DrillSummary {
  const deadlineMs = about.deadline_s * 1000;
  const all = runs.flatMap(({ outcomes }) => outcomes);
  const done = all.filter((outcome) => isDone(outcome, deadlineMs));
  const calm = runs.find(({ phase, skipped }) => phase.fault === undefined && skipped === null);
  const reference = calm === undefined ? null : coverageOf(calm.outcomes);
  const phases = runs.map((run) => phaseSummary(run, deadlineMs, reference));
  const times = done.map(({ ms }) => ms);
  const isLocalBroken = localOnly !== null && !localOnly.held;
  return {
    format: 1,
    ...about,
    requests: all.length,
    completed: done.length,
    by_candidate: count(done, 'candidate'),
    by_fallback: count(done, 'baseline'),
    p50_ms: quantile(times, 0.5),
    p95_ms: times.length < 20 ? null : quantile(times, 0.95),
    slowest_ms: all.length === 0 ? null : Math.round(Math.max(...all.map(({ ms }) => ms))),
    duplicates: {
      asked_twice: [...passed.values()].filter(({ asked }) => asked > 1).length,
      answered_twice: all.filter(({ tag, by }) => by === 'baseline' && (passed.get(tag)?.answered ?? 0) > 0).length,
    },
    phases,
    local_only: localOnly,
    failed: [
      ...phases.flatMap(({ name, failed }) => failed.map((why) => `${name}: ${why}`)),
      ...(isLocalBroken ? ['local_only: something left for another host'] : []),
    ],
  };
}

function phaseSummary({ phase, outcomes, skipped, ...run }: PhaseRun, deadlineMs: number, reference: number | null): DrillPhase {
  const done = outcomes.filter((outcome) => isDone(outcome, deadlineMs));
  const coverage = coverageOf(outcomes);
  const reasons: Record<string, number> = {};
  for (const { reason, by } of outcomes) if (by !== 'candidate' || reason !== 'healthy') reasons[reason] = (reasons[reason] ?? 0) + 1;
  const times = done.map(({ ms }) => ms);
  const summary = {
    name: phase.name,
    fault: phase.fault?.kind ?? null,
    skipped,
    requests: outcomes.length,
    completed: done.length,
    by_candidate: count(done, 'candidate'),
    by_fallback: count(done, 'baseline'),
    reasons,
    detected_ms: run.detectedMs,
    recovered_ms: run.recoveredMs,
    p50_ms: quantile(times, 0.5),
    p95_ms: times.length < 20 ? null : quantile(times, 0.95),
    coverage,
    parity: coverage === null || !reference ? null : coverage / reference,
    expected: expectedOf(phase),
  };
  return { ...summary, failed: skipped === null ? unmet(summary, run.isOpenAtEnd) : [] };
}

function expectedOf({ expect = {} }: PhaseRun['phase']): DrillPhase['expected'] {
  const { completed = 1, by_candidate = null, by_fallback = null, recovers_within_s = null } = expect;
  return { completed, by_candidate, by_fallback, recovers_within_s };
}

function unmet({ expected, ...got }: Omit<DrillPhase, 'failed'>, isOpenAtEnd: boolean): string[] {
  const failed: string[] = [];
  const least = (what: string, had: number, of: number, wanted: number | null) => {
    if (wanted !== null && had < wanted * of)
      failed.push(
        `${had} of ${of} ${what}, ${wanted === 1 ? 'all' : `at least ${Number((wanted * 100).toFixed(2))} %`} of them were expected`,
      );
  };
  least('requests completed within the deadline', got.completed, got.requests, expected.completed);
  least('answers came from the candidate', got.by_candidate, got.completed, expected.by_candidate);
  least('answers came from the fallback', got.by_fallback, got.completed, expected.by_fallback);
  const most = expected.recovers_within_s;
  if (isOpenAtEnd) failed.push(`the candidate was not asked again ${most === null ? 'within a minute' : `within ${most} s`}`);
  else if (most !== null && got.recovered_ms !== null && got.recovered_ms > most * 1000)
    failed.push(`the candidate was asked again after ${got.recovered_ms / 1000} s, at most ${most} s were expected`);
  return failed;
}

const isDone = ({ by, ms }: Outcome, deadlineMs: number): boolean => by !== null && ms <= deadlineMs;
const count = (outcomes: readonly Outcome[], side: Outcome['by']): number => outcomes.filter(({ by }) => by === side).length;

/** An answer that nobody gave meets nothing; null where nothing is judged. */
function coverageOf(outcomes: readonly Outcome[]): number | null {
  if (!outcomes.some(({ coverage }) => coverage !== null)) return null;
  return outcomes.reduce((sum, { coverage }) => sum + (coverage ?? 0), 0) / outcomes.length;
}

/** Hyndman & Fan 1996, type 7; null of nothing. */
function quantile(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return Math.round(low + (high - low) * (place - Math.floor(place)));
}
