/** What the scorers said of one case → its quality scores and label. */
import { UNHEARD_STATES } from '../record.ts';
import type { Answer, AnswerState, CaseResult, HardFailure, ScorerResult, ScoringCase, Weights } from '../record.ts';

/** States in which the candidate itself gave no answer that could be judged: the suite is incomplete, not worse. */
const NOT_EVIDENCE: ReadonlySet<AnswerState> = new Set(UNHEARD_STATES);

/** Baseline samples in these states say nothing about quality; they are left out and reported. */
const NOT_A_SAMPLE: ReadonlySet<AnswerState> = new Set([...NOT_EVIDENCE, 'empty', 'truncated', 'context_overflow']);

/** Whether an answer of the baseline may serve as a sample. */
export function isUsableSample(answer: Answer): boolean {
  return !NOT_A_SAMPLE.has(answer.state);
}

/**
 * q = Σ w·value / Σ w over the scorers that have a value on both sides; a scorer without one passes its weight on.
 * null when none has a value.
 */
export function combine(scores: Record<string, ScorerResult>, weights: Weights): { baseline: number | null; candidate: number | null } {
  const known = Object.entries(scores).flatMap(([name, { baseline, candidate }]) =>
    baseline === null || candidate === null ? [] : [{ weight: weights[name] ?? 0, baseline, candidate }],
  );
  const total = known.reduce((sum, { weight }) => sum + weight, 0);
  if (known.length === 0) return { baseline: null, candidate: null };
  const share = (weight: number) => (total > 0 ? weight / total : 1 / known.length);
  const q = (side: 'baseline' | 'candidate') => known.reduce((sum, k) => sum + share(k.weight) * k[side], 0);
  return { baseline: q('baseline'), candidate: q('candidate') };
}

function stateFailure(answer: Answer): HardFailure[] {
  return answer.state === 'ok' ? [] : [{ kind: answer.state, why: answer.why ?? answer.state }];
}

export interface CaseEvidence {
  suite: string;
  baseline: string;
  candidate: string;
  parityTarget: number;
  scoring: ScoringCase;
  scores: Record<string, ScorerResult>;
  guards: HardFailure[];
  /** every baseline answer, also those that were left out */
  baselineAnswers: Answer[];
}

/** A hard failure makes q 0 for its side; a case passes if nothing failed hard and q(candidate) >= target · q(baseline) > 0. */
export function judgeCase(evidence: CaseEvidence): CaseResult {
  const { scoring, scores, parityTarget } = evidence;
  const { case: one, candidate: answer, samples } = scoring;
  const hard = {
    baseline: Object.values(scores).flatMap((s) => s.hard.baseline),
    candidate: [...stateFailure(answer), ...Object.values(scores).flatMap((s) => s.hard.candidate), ...evidence.guards],
  };
  const q = combine(scores, one.weights);
  if (hard.baseline.length > 0 && q.baseline !== null) q.baseline = 0;
  if (hard.candidate.length > 0 && (q.candidate !== null || samples.length > 0)) q.candidate = 0;
  const label = labelOf(q, hard.candidate, parityTarget, samples.length > 0, answer);
  const details = Object.assign({}, ...Object.values(scores).map((s) => s.detail)) as ScorerResult['detail'];
  return {
    suite: evidence.suite,
    case: one.name,
    baseline: evidence.baseline,
    candidate: evidence.candidate,
    tags: one.tags,
    critical: one.critical,
    at: one.at,
    ...label,
    quality_score: q,
    coverage: { baseline: scores.coverage?.baseline ?? null, candidate: scores.coverage?.candidate ?? null },
    similarity: details.similarity ?? null,
    elements: details.elements ?? [],
    reading: details.reading ?? { baseline: null, candidate: null },
    hard_failures: hard,
    messages: one.messages,
    answers: { baseline: evidence.baselineAnswers, candidate: [answer] },
    ...(one.quarantine && { quarantine: one.quarantine }),
  };
}

type Label = Pick<CaseResult, 'verdict' | 'reason' | 'why' | 'complete'>;

function labelOf(q: CaseResult['quality_score'], hard: HardFailure[], target: number, hasSamples: boolean, answer: Answer): Label {
  const needsWork = (reason: string, why: string, complete = true): Label => ({ verdict: 'NEEDS_WORK', reason, why, complete });
  const first = hard[0];
  if (NOT_EVIDENCE.has(answer.state)) return needsWork(answer.state, answer.why ?? answer.state, false);
  if (!hasSamples) return needsWork('no_baseline_evidence', 'the baseline has no usable answer', false);
  if (q.candidate === null || q.baseline === null) return needsWork('unscored', 'no scorer could judge this case', false);
  if (first) return needsWork(first.kind, hard.map((h) => h.why).join('; '));
  const numbers = `quality score ${q.candidate.toFixed(3)} against ${q.baseline.toFixed(3)}`;
  if (q.candidate === 0) return needsWork('below_target', `${numbers}: nothing that was asked for was found`);
  if (q.candidate < target * q.baseline) return needsWork('below_target', `${numbers} of the baseline, below ${target} of it`);
  return { verdict: 'PASS', reason: null, why: numbers, complete: true };
}
