/** What a drill showed, as plain data. Reports print it and compute nothing. */
import type { Passed } from './proxy.ts';
import type { Outcome, PhaseRun } from './run.ts';

export interface PhaseSummary {
  name: string;
  fault: string | null;
  skipped: string | null;
  requests: number;
  /** answered within the deadline */
  completed: number;
  by_candidate: number;
  by_fallback: number;
  /** reasons why the candidate did not answer, with their numbers */
  reasons: Record<string, number>;
  detected_ms: number | null;
  recovered_ms: number | null;
  /** of the requests that completed; p95 is null for fewer than 20 */
  p50_ms: number | null;
  p95_ms: number | null;
  /** mean coverage of the answers, 0..1; null without a suite */
  coverage: number | null;
  /** that over the first phase without a fault; null where either is missing or 0 */
  parity: number | null;
  /** expectations that did not hold, a sentence each */
  failed: string[];
}

export interface LocalOnlySummary {
  requests: number;
  answered: number;
  /** at the listener in the fallback's place: 0 is what was promised */
  bytes_to_fallback: number;
  connections_to_fallback: number;
  /** other than the candidate's */
  other_hosts: string[];
  held: boolean;
}

export interface DrillSummary {
  format: 1;
  drill: string;
  model: string;
  candidate: string;
  fallback: string;
  suite: string | null;
  onpar: string;
  started_at: string;
  deadline_s: number;
  requests: number;
  completed: number;
  by_candidate: number;
  by_fallback: number;
  p50_ms: number | null;
  p95_ms: number | null;
  slowest_ms: number | null;
  duplicates: {
    /** requests that were sent to the candidate more than once */
    asked_twice: number;
    /** requests that the candidate answered whole, and the fallback too */
    answered_twice: number;
  };
  phases: PhaseSummary[];
  local_only: LocalOnlySummary | null;
  /** everything that did not hold; empty when all did */
  failed: string[];
}

export interface DrillFacts {
  about: Pick<DrillSummary, 'drill' | 'model' | 'candidate' | 'fallback' | 'suite' | 'onpar' | 'started_at' | 'deadline_s'>;
  runs: readonly PhaseRun[];
  passed: ReadonlyMap<string, Passed>;
  localOnly: LocalOnlySummary | null;
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

function phaseSummary({ phase, outcomes, skipped, ...run }: PhaseRun, deadlineMs: number, reference: number | null): PhaseSummary {
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
  };
  return { ...summary, failed: skipped === null ? unmet(phase, summary, run.isOpenAtEnd) : [] };
}

function unmet({ expect = {} }: PhaseRun['phase'], got: Omit<PhaseSummary, 'failed'>, isOpenAtEnd: boolean): string[] {
  const failed: string[] = [];
  const least = (what: string, had: number, of: number, wanted: number | undefined) => {
    if (wanted !== undefined && had < wanted * of) failed.push(`${had} of ${of} ${what}, at least ${wanted} of them were expected`);
  };
  least('requests completed within the deadline', got.completed, got.requests, expect.completed ?? 1);
  least('answers came from the candidate', got.by_candidate, got.completed, expect.by_candidate);
  least('answers came from the fallback', got.by_fallback, got.completed, expect.by_fallback);
  const most = expect.recovers_within_s;
  if (isOpenAtEnd) failed.push(`the candidate was not asked again ${most === undefined ? 'within a minute' : `within ${most} s`}`);
  else if (most !== undefined && got.recovered_ms !== null && got.recovered_ms > most * 1000)
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
