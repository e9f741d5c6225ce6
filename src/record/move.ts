/** The move itself: its map, its figures, its drills. */
import type { Position } from '../errors.ts';
import type { VerdictReason } from './run.ts';
import type { CaseVerdict } from './score.ts';

/** What somebody said of a pair before anything was measured. */
export interface Claim {
  /** parity, 0..1 */
  quality: number | null;
  /** how many times as fast */
  speed: number | null;
  source: string;
}

/** One agent or capability that is to move: suites/migration.yaml. */
export interface Agent {
  name: string;
  description: string | null;
  capability: string;
  /** names in models.yaml */
  today: string;
  candidate: string;
  /** the model that answers when the candidate does not */
  fallback: string | null;
  /** names of the suites that must pass; empty where nobody wrote one */
  suites: string[];
  parity_target: number;
  /** lower ones move first */
  phase: number;
  critical: boolean;
  claimed: Claim | null;
  at: Position;
}

export interface MoveTargets {
  /** how many times as fast the candidate must be */
  speed: number;
  /** share of probes that must succeed, 0..1, and the hours that must have been observed */
  uptime: { share: number; hours: number };
  /** 0..1 */
  cost_reduction: number;
  /** hosts that count as local beside loopback */
  local_hosts: string[];
}

export interface MigrationMap {
  file: string;
  targets: MoveTargets;
  agents: Agent[];
}

export const KPIS = ['quality', 'total_time', 'tokens_per_second', 'uptime', 'cost', 'privacy'] as const;
export type Kpi = (typeof KPIS)[number];

/** `NOT_MEASURED`: there is no number. A number whose bounds straddle the target is `NEEDS_WORK`, `inconclusive`. */
export type KpiVerdict = CaseVerdict | 'NOT_MEASURED';

/** One number of the move against its target. */
export interface KpiRow {
  kpi: Kpi;
  agent: string;
  capability: string;
  baseline: string;
  candidate: string;
  /** `fallback` rows are shown for information and decide nothing */
  role: 'candidate' | 'fallback';
  /** null for figures of all suites of the agent */
  suite: string | null;
  verdict: KpiVerdict;
  /** null when PASS or NOT_MEASURED */
  reason: VerdictReason | null;
  /** quality: parity; total_time, tokens_per_second: times as fast; uptime, cost, privacy: share 0..1; null when not measured */
  value: number | null;
  /** one-sided 95 % bounds; null when there are none */
  lower: number | null;
  upper: number | null;
  target: number;
  /** cases, probes, or bytes behind the number */
  n: number;
  /** one sentence for people */
  why: string;
  claimed: number | null;
  /** the files that the number was computed from, relative to the working folder */
  sources: { label: string; path: string }[];
}

/** `cannot_tell`: nothing stands against it, and not all of its suites have passed. */
export type ReadinessState = 'ready' | 'cannot_tell' | 'not_ready';

export interface Readiness {
  /** 1 moves first */
  order: number;
  agent: string;
  description: string | null;
  phase: number;
  critical: boolean;
  capability: string;
  today: string;
  candidate: string;
  fallback: string | null;
  claimed: Claim | null;
  readiness: ReadinessState;
  why: string;
  /** figures of the candidate that nobody measured */
  not_measured: Kpi[];
  /** agents of earlier phases that are not ready; phase 0 is a rehearsal that nobody waits for */
  waits_for: string[];
}

/** One line of the summary: quality of a capability, or another figure over all agents. */
export interface KpiSummary {
  kpi: Kpi;
  /** null but for quality */
  capability: string | null;
  verdict: KpiVerdict;
  pass: number;
  needs_work: number;
  inconclusive: number;
  not_measured: number;
}

export interface Scorecard {
  format: 1;
  map: string;
  /** of the newest run or probe it is made from, ISO 8601; null without any */
  as_of: string | null;
  exit_code: 0 | 1 | 3;
  summary: KpiSummary[];
  agents: Readiness[];
  rows: KpiRow[];
}

/** What became of the requests of one phase of a drill. */
export interface DrillPhase {
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
  /** least shares, 0..1, and most seconds after the end of the fault; null where nothing is expected */
  expected: { completed: number; by_candidate: number | null; by_fallback: number | null; recovers_within_s: number | null };
  /** expectations that did not hold, a sentence each */
  failed: string[];
}

export interface DrillLocalOnly {
  requests: number;
  answered: number;
  /** at the listener in the fallback's place: 0 is what was promised */
  bytes_to_fallback: number;
  connections_to_fallback: number;
  /** other than the candidate's */
  other_hosts: string[];
  held: boolean;
}

/** What a drill showed. Reports print it and compute nothing. */
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
  phases: DrillPhase[];
  local_only: DrillLocalOnly | null;
  /** everything that did not hold; empty when all did */
  failed: string[];
}
