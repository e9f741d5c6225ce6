/**
 * The values that rooms hand over. Everything here is plain JSON in snake_case, so that what is in memory is what is on
 * disk. A number that could not be had is `null`, with a reason beside it; it is never 0 and never passes.
 */
import type { Position } from './errors.ts';

// ---------------------------------------------------------------- suites

export type Role = 'system' | 'developer' | 'user' | 'assistant';
export interface Message {
  role: Role;
  content: string;
}

/** Request parameters sent to a model, as written in the suite or in models.yaml (`temperature`, `max_tokens`, …). */
export type Params = Record<string, unknown>;

/** One thing an answer must contain. `kind` names an entry of the table `src/scorers/elements/index.ts`. */
export interface Element {
  kind: string;
  /** the kind's own options, already checked by the kind's schema */
  options: unknown;
  /** short text for people: `scalability`, `UX | user experience`, `equals -15`, `not "as an AI"` */
  label: string;
  weight: number;
  /** a required element that is missing is a hard failure (quality score 0) */
  required: boolean;
  at: Position;
}

/** Which part of the answer coverage is judged on; `null` is the whole answer. */
export type Read = { json: string } | { after: string } | null;

/** Weight of each scorer in the quality score, by scorer name; they need not sum to 1. A scorer of weight 0 is shown for information, one that is not named is not run. */
export type Weights = Record<string, number>;

export interface Case {
  name: string;
  messages: Message[];
  elements: Element[];
  read: Read;
  weights: Weights;
  params: Params;
  tags: string[];
  /** a hard failure here fails the suite whatever its parity */
  critical: boolean;
  /** BCP 47 language the answer must be in, or null when none is declared */
  language: string | null;
  /** absent where the case counts: none was written, or its day has passed */
  quarantine?: Quarantine;
  at: Position;
}

/** The cases of a suite in order; may be gone through again and again. Those of a large dataset are not held in memory. */
export interface Cases extends Iterable<Case> {
  readonly length: number;
}

export type Decision = 'bounds' | 'point';

export interface Suite {
  name: string;
  description: string | null;
  capability: string;
  /** names in models.yaml */
  baseline: string;
  candidates: string[];
  /** a sibling version of the baseline whose answers serve as its further samples */
  self_parity: string | null;
  parity_target: number;
  decision: Decision;
  /** baseline samples asked for */
  baseline_samples: number;
  cases: Cases;
  file: string;
  /** sha256 of the suite's meaning (cases, weights, target), hex */
  hash: string;
}

// ---------------------------------------------------------------- models and answers

/** Another way to put the same case: it changes what is sent, not what is judged. */
export interface PromptVariant {
  /** stands before the case's own system message */
  system?: string | undefined;
  /** the last user message, `{{prompt}}` in its place */
  wrap?: string | undefined;
}

/** An entry of models.yaml; options of a provider's own are kept in `options`. */
export interface Model {
  name: string;
  provider: string;
  /** id sent on the wire */
  model: string;
  answers: 'live' | 'recorded' | 'auto';
  /** parameters of this model; they win over the suite's */
  params: Params;
  /** how this entry puts a case's messages; absent: as they are */
  prompt?: PromptVariant;
  /** the provider's own options, already checked by the provider's schema */
  options: Record<string, unknown>;
  at: Position;
}

/** What a model said, be it little: evidence of the model. Only `ok` can make a case pass; the others are hard failures. */
export const SPOKEN_STATES = ['ok', 'empty', 'truncated', 'refused', 'context_overflow'] as const;

/** Nothing was heard of the model under test: no evidence, the suite is incomplete. Each is named in the report. */
export const UNHEARD_STATES = [
  /** no recording, no line in the file */
  'missing',
  /** what came is not an answer: HTML, broken JSON, an error inside a 200 */
  'malformed',
  /** the budget is spent, or the model is down */
  'not_asked',
  /** another model answered */
  'wrong_model',
  /** a proxy let its fallback answer */
  'fallback',
  'unauthorized',
  /** the server does not know the model, or not any more */
  'unknown_model',
  'out_of_quota',
  /** the server will not take this request: 400, 422 … */
  'rejected',
  'rate_limited',
  /** a proxy holds all deployments back after failures */
  'cooldown',
  'timed_out',
  /** refused, reset or broken off in the middle */
  'unreachable',
  'server_error',
] as const;

/** How asking ended. */
export const ANSWER_STATES = [...SPOKEN_STATES, ...UNHEARD_STATES] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
export type UnheardState = (typeof UNHEARD_STATES)[number];

export interface Answer {
  /** name in models.yaml */
  model: string;
  case: string;
  /** 0-based */
  sample: number;
  state: AnswerState;
  /** why the state is not `ok`; null when it is */
  why: string | null;
  /** the scored text, reasoning removed; '' when there is none */
  answer: string;
  /** what the model thought; kept and shown, never scored */
  reasoning: string | null;
  /** null when unknown (imported answers may not know theirs) */
  finish_reason: string | null;
  usage: {
    input_tokens: number;
    output_tokens: number;
    /** part of the output tokens */
    reasoning_tokens: number | null;
    /** part of the input tokens, read from the server's cache; absent or null where the server does not tell */
    cached_input_tokens?: number | null | undefined;
  } | null;
  timings: { total_ms: number; first_token_ms: number | null; tokens_per_second: number | null } | null;
  /** id the server reported; null when unknown */
  reported_model: string | null;
  /** where the answer came from */
  origin: 'live' | 'recording' | 'file';
  source: string | null;
  licence: string | null;
  /** how it was asked; null for answers that were imported or come from a file */
  call: Call | null;
}

/** What is known of the request that brought an answer. Never a key, never a header that holds one. */
export interface Call {
  /** sha256 of model, messages, params and sample, hex */
  request: string;
  /** ISO 8601 */
  recorded_at: string;
  /** tries made, 1 or more */
  attempts: number;
  /** what the server tells of itself: `server`, `quantization`, `context_length`, `fingerprint`, `litellm_model_id` … */
  provenance: Record<string, string | number | null>;
  /** null when the price is unknown, never 0 for that */
  cost_usd: number | null;
  /** unit prices that the cost was made with; null when unknown, and where the cost is that of a machine's time */
  prices: Prices | null;
}

/** US dollars a million tokens. */
export interface Prices {
  input_per_million: number;
  output_per_million: number;
  /** only where cached input was counted */
  cached_input_per_million?: number | undefined;
}

// ---------------------------------------------------------------- scores

/** The part of an answer that was judged, and the rung of the ladder on which it was read (docs/scoring.md). */
export type Rung = 'whole' | 'strict' | 'fenced' | 'extracted' | 'repaired' | 'none';
export interface Reading {
  text: string;
  rung: Rung;
}

/** value 0..1, or null when it could not be had; `why` is a sentence for people. */
export interface Score {
  value: number | null;
  why: string;
}

/** How far one element is met, for each side; the baseline's is the mean over its samples. */
export interface ElementScore {
  label: string;
  kind: string;
  weight: number;
  required: boolean;
  baseline: number | null;
  candidate: number | null;
  why: string;
  /** where it was found: [start, end) offsets in UTF-16 units into the first baseline answer / the candidate's answer */
  spans: { baseline: [number, number][]; candidate: [number, number][] };
}

/** One of the two raw similarities of a case: m (mean segment vectors) or F (greedy segment matching). */
export interface SimilarityPart {
  /** 0..1, or null when not informative */
  value: number | null;
  raw: number | null;
  floor: number | null;
  ceiling: number | null;
}

export interface Similarity extends Score {
  m: SimilarityPart;
  f: SimilarityPart;
}

/** A named reason why a case's quality score is 0. */
export interface HardFailure {
  kind: string;
  why: string;
}

export type CaseVerdict = 'PASS' | 'NEEDS_WORK';

/** How a case did against the last finished run that judged the same case of the same candidate by the same scores. */
export type Transition = 'new' | 'fixed' | 'broken' | 'same';

/** What a person decided of a case. It holds as long as the candidate's answer is the one that was looked at. */
export interface CaseReview {
  /** `accept`: as good as the baseline's; `reject`: worth nothing, whatever its scores; null is a note alone */
  decision: 'accept' | 'reject' | null;
  by: string;
  /** a decision needs one */
  reason: string;
  note: string;
  /** ISO 8601 */
  at: string;
  /** what the scores alone had said; absent where the decision changed nothing */
  scored?: { candidate: number | null } & Pick<CaseResult, 'verdict' | 'reason' | 'why'>;
}

/** A case that is judged and shown, and does not count until a day. */
export interface Quarantine {
  /** ISO date, in UTC; from the next day on the case counts again */
  until: string;
  why: string;
}

/** One line of results.jsonl: one case, one candidate. Reports print it and compute nothing. */
export interface CaseResult {
  suite: string;
  case: string;
  baseline: string;
  candidate: string;
  tags: string[];
  critical: boolean;
  at: Position;
  verdict: CaseVerdict;
  /** null when PASS, else one of: hard failure kinds, `below_target`, `no_baseline_evidence`, `unscored`, `rejected` */
  reason: string | null;
  why: string;
  /** false when the case has no usable baseline sample or no score: the suite is then incomplete */
  complete: boolean;
  quality_score: { baseline: number | null; candidate: number | null };
  coverage: { baseline: number | null; candidate: number | null };
  similarity: Similarity | null;
  elements: ElementScore[];
  reading: { baseline: Rung | null; candidate: Rung | null };
  hard_failures: { baseline: HardFailure[]; candidate: HardFailure[] };
  messages: Message[];
  answers: { baseline: Answer[]; candidate: Answer[] };
  /** absent without an earlier run, and where the case could not be judged */
  transition?: Transition;
  /** absent where nobody reviewed the case */
  review?: CaseReview;
  /** absent where the case counts */
  quarantine?: Quarantine;
}

// ---------------------------------------------------------------- verdicts and the run record

export type VerdictReason = 'below_target' | 'inconclusive' | 'incomplete' | 'critical_case' | 'rejected';

export interface Bounds {
  parity: number | null;
  /** one-sided 95 % bounds; null when they do not exist (the baseline's mean cannot be told from 0) */
  lower: number | null;
  upper: number | null;
}

/** Quantiles of a figure over the answers that tell it (Hyndman & Fan 1996, type 7); p95 is null for fewer than 20. */
export interface Quantiles {
  n: number;
  p5: number | null;
  p25: number;
  p50: number;
  p75: number;
  p95: number | null;
}

/** Speed and cost of one side of a suite; a figure that no answer tells is null. Answers that nobody gave do not count. */
export interface Kpis {
  answers: number;
  /** asking to first token, and to the end, in milliseconds */
  first_token_ms: Quantiles | null;
  total_ms: Quantiles | null;
  tokens_per_second: Quantiles | null;
  output_tokens: Quantiles | null;
  /** US dollars of all answers; null when any is unknown */
  cost_usd: number | null;
}

export interface Verdict extends Bounds {
  suite: string;
  capability: string;
  baseline: string;
  candidate: string;
  parity_target: number;
  decision: Decision;
  verdict: CaseVerdict;
  /** null when PASS */
  reason: VerdictReason | null;
  /** one sentence for people */
  why: string;
  n: number;
  /** usable baseline samples a case, the fewest and the most: repeats, which are no cases; absent in older records */
  samples?: { least: number; most: number };
  /**
   * One-sided p of "parity is at most the target", and the same after Holm over all verdicts of the run: which of several suites or candidates
   * passes by luck. null where there is no parity; absent in older records.
   */
  p_value?: number | null;
  p_holm?: number | null;
  /** cases that would probably settle an inconclusive suite at this spread; null when none would or none is needed */
  cases_to_settle: number | null;
  counts: {
    pass: number;
    needs_work: number;
    incomplete: number;
    hard_failures: Record<string, number>;
    /** judged and shown, but not counted in n nor in any figure; absent where there are none */
    quarantined?: number;
    /** counted as a person decided, not as scored; absent where there are none */
    accepted?: number;
    rejected?: number;
  };
  /** the last finished run that judged the same by the same scores, and what became of the cases since; absent without one */
  previous?: { run: string; parity: number | null; verdict: CaseVerdict; new: number; fixed: number; broken: number };
  quality_score: { baseline: number | null; candidate: number | null };
  coverage: { baseline: number | null; candidate: number | null };
  similarity: {
    candidate: number | null;
    raw: number | null;
    floor: number | null;
    ceiling: number | null;
    /** how the ceiling was obtained, a sentence */
    ceiling_from: string;
    /** share of cases whose similarity was not informative, 0..1 */
    not_informative: number | null;
  };
  /** answers read on each rung, by side */
  rungs: { baseline: Partial<Record<Rung, number>>; candidate: Partial<Record<Rung, number>> };
  /** absent in older records */
  kpis?: { baseline: Kpis; candidate: Kpis };
  /** cases by quality score, in ten steps of 0.1 from 0 to 1; absent in older records */
  distribution?: { baseline: number[]; candidate: number[] };
  /** the baseline judged against itself by the same machinery; null with one baseline sample */
  self_parity: (Bounds & { n: number }) | null;
  /** kept-out baseline samples by state (empty, truncated, …), never silently dropped */
  baseline_left_out: Record<string, number>;
}

/** What the answers of one model cost, as far as that is known: src/priced.ts. */
export interface ModelCost {
  /** name in models.yaml */
  model: string;
  /** answers that were asked for, now or when they were recorded: those `missing` and `not_asked` were not */
  answers: number;
  /** of them asked in this run */
  live: number;
  /** of them without a known cost */
  unknown: number;
  /** US dollars; null when any cost is unknown */
  cost_usd: number | null;
  /** US dollars of the answers whose cost is known: the cost is at least this; null when none is known */
  known_usd: number | null;
  /** US dollars of the answers asked in this run; null when any of theirs is unknown, 0 when there are none */
  live_usd: number | null;
  /** sums over the answers that tell; null when none does */
  input_tokens: number | null;
  output_tokens: number | null;
  /** every unit price that was used */
  prices: Prices[];
}

/** What makes two scores comparable. Runs whose identities differ are not compared. */
export interface ScoreIdentity {
  scoring_version: number;
  /** `server`: the host whose vectors they are; absent where they were computed on this machine */
  encoder: { id: string; revision: string; dimensions: number; pooling: string; bundled: boolean; server?: string } | null;
  /** method of the ceiling, of the floor and of the bounds */
  method: string;
}

/** One line of history.jsonl: one suite and candidate of one run. */
export interface HistoryLine {
  run: string;
  /** ISO 8601 */
  finished_at: string;
  suite: string;
  baseline: string;
  candidate: string;
  parity_target: number;
  parity: number | null;
  lower: number | null;
  upper: number | null;
  verdict: CaseVerdict;
  reason: VerdictReason | null;
  n: number;
  score_identity: ScoreIdentity;
}

/** One line of probes.jsonl: whether a model answered when it was asked whether it is there. */
export interface Probe {
  /** ISO 8601, when it was asked */
  at: string;
  /** name in models.yaml */
  model: string;
  /** name and port */
  host: string;
  ok: boolean;
  /** milliseconds to the end of the answer; null when none came */
  ms: number | null;
  /** null when ok */
  why: string | null;
  /** pause between the probes of the series that this one belongs to; null for a single one */
  every_seconds: number | null;
}

/** What a person says of a suite as a whole. */
export interface SignOff {
  suite: string;
  candidate: string;
  decision: 'approve' | 'reject';
  by: string;
  reason: string;
  /** ISO 8601 */
  at: string;
}

/** What went over the connections of a run to one address, for one purpose, counted at the TCP sockets: headers and TLS included, look-ups of names not. */
export interface Egress {
  /** name and port as asked for, such as `api.openai.com:443`; a proxy's where one was used */
  host: string;
  /** IP address that was reached; null where no connection came about */
  address: string | null;
  /** `asking MODEL`, `embedding`, `fetching an encoder`; `unknown` for a socket that onpar did not open itself */
  purpose: string;
  bytes_out: number;
  bytes_in: number;
  /** whether the bytes stayed on this machine; false for a proxy, wherever it is: what it gets it sends on; false for `unknown` */
  loopback: boolean;
}

export interface RunRecord {
  format: 1;
  onpar: string;
  node: string;
  run: string;
  started_at: string;
  finished_at: string;
  command: string[];
  exit_code: number;
  score_identity: ScoreIdentity;
  suites: { name: string; file: string; hash: string; cases: number; parity_target: number }[];
  /** keys are never here */
  models: { name: string; provider: string; model: string; answers: string; reported_models: string[]; sources: string[] }[];
  verdicts: Verdict[];
  /** embedding work of this run: texts asked for, taken from the cache, computed */
  embedding: { texts: number; cached: number; computed: number; seconds: number } | null;
  /** absent in records made before costs were counted */
  cost?: ModelCost[];
  hosts_contacted: string[];
  /** absent in older records; of a run that was resumed only the last part */
  egress?: Egress[];
  warnings: string[];
  /** earlier runs of the same suites and candidates by the same scores, oldest first, at most 30 each; absent without any */
  history?: HistoryLine[];
  /** absent in a run of all cases; the verdict of a part is `incomplete` until the parts are merged */
  shard?: { index: number; of: number };
  /** absent where no review was folded in; `expired` decisions were made of another answer */
  review?: {
    /** who decided or signed off, sorted */
    by: string[];
    accepted: number;
    rejected: number;
    expired: number;
    sign_offs: SignOff[];
    /** every decision that did not count, with why: those that expired, and those of cases that could not be judged */
    left_out?: { suite: string; candidate: string; case: string; decision: 'accept' | 'reject'; by: string; why: string }[];
  };
}

/** The results of a run in order; may be gone through again and again. Those of a run on disk are read anew each time. */
export interface Results extends Iterable<CaseResult> {
  readonly length: number;
}

/** A run as a report sees it. Reports are pure functions of this. */
export interface RunView {
  record: RunRecord;
  results: Results;
}

// ---------------------------------------------------------------- comparisons

/** `no_worse`: a loss larger than the margin is excluded. */
export type ComparisonOutcome = 'regressed' | 'improved' | 'no_worse' | 'cannot_tell';

/** A case whose quality score moved. */
export interface Move {
  case: string;
  before: number;
  after: number;
  at: Position;
}

/** Two sets of answers to the same cases of one suite, paired by case: two runs, or two candidates of a run. */
export interface Comparison {
  suite: string;
  before: { run: string; candidate: string };
  after: { run: string; candidate: string };
  outcome: ComparisonOutcome;
  /** one sentence for people */
  why: string;
  /** cases with a quality score on both sides */
  n: number;
  /** cases that could not be paired, by why */
  left_out: { only_before: number; only_after: number; changed: number; unscored: number };
  /** cases in which the very same answer stands on both sides */
  same_answers: number;
  /** mean quality score of the candidate over the paired cases; null without any */
  quality_score: { before: number | null; after: number | null };
  /** mean difference of the quality scores, after − before, −1..1, with one-sided 95 % bounds; null without cases */
  difference: { mean: number | null; lower: number | null; upper: number | null };
  /** a mean loss of this size is to be excluded */
  margin: number;
  /** one-sided p of "it did not get worse", and the same after Holm over all comparisons made together; null without cases */
  p_regressed: number | null;
  p_holm: number | null;
  /** how many cases would probably exclude a loss of `margin` at this spread; null when none are needed or none would do */
  cases_to_tell: number | null;
  /** cases by their label before and after */
  transitions: { fixed: number; broken: number; still_pass: number; still_needs_work: number };
  /** the largest losses and gains, at most ten each */
  losses: Move[];
  gains: Move[];
}

/** One run in a trend. */
export interface TrendPoint extends HistoryLine {
  /** parity − that of the run before, with which it can be compared; null for the first, after a break, and without a parity */
  change: number | null;
  /** why the run before cannot be compared: in what the scores differ; null when it can be, and for the first */
  break: string | null;
}

/** A suite and candidate over the runs, oldest first. */
export interface Trend {
  suite: string;
  candidate: string;
  points: TrendPoint[];
}

// ---------------------------------------------------------------- the move

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

// ---------------------------------------------------------------- cost and return

/** An input that is known from–to; both are the same where it is one number. */
export interface Span {
  low: number;
  high: number;
}

/** The shortest and the longest horizon, and life of hardware: beyond them it is a slip. */
export const COST_YEARS: Span = { low: 0.25, high: 100 };

/** Inputs of cost and return, with their units; docs/cost.md has the formulas. */
export const COST_INPUTS = [
  'baseline_usd_per_month',
  'requests_per_month',
  'input_tokens_per_request',
  'output_tokens_per_request',
  'input_usd_per_million',
  'output_usd_per_million',
  'local_usd_per_month',
  'machine_usd_per_hour',
  'machine_hours_per_month',
  'machine_watts',
  'usd_per_kwh',
  'hardware_usd',
  /** how long hardware lasts; then it is bought again */
  'hardware_years',
  'development_usd',
  'horizon_years',
  /** a year, 0.08 is 8 % */
  'discount_rate',
] as const;
export type CostInput = (typeof COST_INPUTS)[number];

/** Either `baseline_usd_per_month` is there, or requests, tokens and prices are. An input that is absent plays no part. */
export interface CostPlan {
  file: string;
  inputs: Partial<Record<CostInput, Span>>;
  /** where an input came from, for people; absent where it stands in the file */
  from: Partial<Record<CostInput, string>>;
  claimed: { break_even_months: Span | null; npv_usd: Span | null; source: string } | null;
}

/** What follows from one value of each input. US dollars. */
export interface CostOutcome {
  baseline_usd_per_month: number;
  local_usd_per_month: number;
  savings_usd_per_month: number;
  /** share of the baseline's cost that is saved; below 0 when the machine costs more; null when the baseline costs nothing */
  cost_reduction: number | null;
  investment_usd: number;
  /** months until savings have paid for what was bought; null when they never do within 100 years */
  break_even_months: number | null;
  npv_usd: number;
}

/** What a claim would need, at the same cost of the machine. */
export interface ClaimCheck {
  claim: 'break_even_months' | 'npv_usd';
  claimed: Span;
  /** what follows from the inputs; null: never */
  best: number | null;
  worst: number | null;
  /** whether any outcome lies within what was claimed */
  follows: 'all' | 'in_part' | 'not';
  /** savings a month that its easiest end needs with the least investment, and its hardest with the most */
  savings_needed: Span;
  /** the baseline's monthly cost that makes such savings, as a multiple of today's; null where it costs nothing */
  volume_needed: Span | null;
}

export interface CostReport {
  format: 1;
  plan: CostPlan;
  /** every input at the end that is best, in the middle, at the end that is worst for the net present value */
  best: CostOutcome;
  middle: CostOutcome;
  worst: CostOutcome;
  /** one input moved, all others in the middle; widest first. `assumed`: moved by 20 % either way, since it is one number */
  sensitivity: { input: CostInput; low: number; high: number; npv_at_low: number; npv_at_high: number; assumed: boolean }[];
  claims: ClaimCheck[];
}

// ---------------------------------------------------------------- seams

/** Texts → L2-normalised vectors, same order; `onProgress` gets (done, total) of the texts that had to be computed. */
export interface Embedder {
  identity: NonNullable<ScoreIdentity['encoder']>;
  embed: (texts: readonly string[], onProgress?: (done: number, total: number) => void) => Promise<Float32Array[]>;
  stats: () => NonNullable<RunRecord['embedding']>;
  close: () => Promise<void>;
}

/** A case with the answers that are to be scored. `samples` holds usable baseline samples only, and may be empty. */
export interface ScoringCase {
  case: Case;
  samples: Answer[];
  candidate: Answer;
  /** A/A control: index of the sample that plays the candidate and is left out of comparisons; null otherwise */
  candidate_is_sample: number | null;
}

/** What a scorer says of one case. `baseline` is 1 by definition where the score is relative to the baseline. */
export interface ScorerResult {
  baseline: number | null;
  candidate: number | null;
  why: string;
  /** failures that set the quality score of a side to 0; a baseline failure counts when every sample has it */
  hard: { baseline: HardFailure[]; candidate: HardFailure[] };
  detail: { elements?: ElementScore[]; reading?: CaseResult['reading']; similarity?: Similarity };
}

/** A suite with its answers, for one candidate. Both may be gone through several times; `answered` is read from disk each time. */
export interface AnsweredSuite {
  cases: Iterable<Case>;
  answered: Iterable<ScoringCase>;
}

/**
 * Sees the whole suite first, since similarity is calibrated against it, and gives the function that scores one case; `index`
 * is the case's place among those that the scorer was shown.
 */
export type Scorer = (
  suite: AnsweredSuite,
  tools: { embedder: Embedder; onProgress?: (done: number, total: number) => void },
) => Promise<(scoring: ScoringCase, index: number) => ScorerResult>;
