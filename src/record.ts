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

/** An entry of models.yaml; options of a provider's own are kept in `options`. */
export interface Model {
  name: string;
  provider: string;
  /** id sent on the wire */
  model: string;
  answers: 'live' | 'recorded' | 'auto';
  /** parameters of this model; they win over the suite's */
  params: Params;
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
}

/** A case that is judged and shown, and does not count until a day. */
export interface Quarantine {
  /** ISO date; from the next day on the case counts again */
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
  /** null when PASS, else one of: hard failure kinds, `below_target`, `no_baseline_evidence`, `unscored` */
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
  /** absent without an earlier run */
  transition?: Transition;
  /** absent where nobody reviewed the case */
  review?: CaseReview;
  /** absent where the case counts */
  quarantine?: Quarantine;
}

// ---------------------------------------------------------------- verdicts and the run record

export type VerdictReason = 'below_target' | 'inconclusive' | 'incomplete' | 'critical_case';

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
    /** judged and shown, but not counted in n nor in any figure; absent in older records */
    quarantined?: number;
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
  review?: { by: string[]; accepted: number; rejected: number; expired: number; sign_offs: SignOff[] };
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
