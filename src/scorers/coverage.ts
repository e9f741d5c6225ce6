/**
 * Coverage K = Σ w_e·hit_e / Σ w_e over a case's elements, 0..1, on the part of the answer that `read` selects.
 * The baseline's is the mean over its samples; null without samples, and null on both sides without elements.
 */
import type { Answer, Case, Element, ElementScore, HardFailure, Rung, Scorer, ScorerResult, ScoringCase } from '../record.ts';
import { elementKinds } from './elements/index.ts';
import type { Check, CheckContext, ElementKind } from './elements/kind.ts';
import { readPart } from './read.ts';

const kinds = elementKinds as unknown as Record<string, ElementKind<unknown>>;

export const coverage: Scorer = ({ cases }) => {
  const context = contextOf(cases);
  return Promise.resolve((scoring) => scoreCase(scoring, context));
};

/** What all insights of a suite have in common tells nothing about one of them. */
export function contextOf(cases: Iterable<Case>): CheckContext {
  const insights: string[] = [];
  for (const { elements } of cases)
    for (const { kind, options } of elements) if (kind === 'insight') insights.push((options as { insight: string }).insight);
  return { insights };
}

/** One answer held against all elements of its case: one check an element, in their order. */
export interface Checked {
  checks: Check[];
  rung: Rung;
  value: number;
  hard: HardFailure[];
}

function scoreCase(scoring: ScoringCase, context: CheckContext): ScorerResult {
  const { elements, read } = scoring.case;
  const candidate = checkAnswer(scoring.candidate, scoring.case, context);
  const others = scoring.samples.filter((_, i) => i !== scoring.candidate_is_sample);
  const samples = (others.length > 0 ? others : scoring.samples).map((answer) => checkAnswer(answer, scoring.case, context));
  const detail = {
    elements: elements.map((e, i) => elementScore(e, i, samples, candidate)),
    reading: { baseline: samples[0]?.rung ?? null, candidate: candidate.rung },
  };
  if (elements.length === 0)
    return { baseline: null, candidate: null, why: 'the case has no elements', hard: { baseline: [], candidate: [] }, detail };
  const baselineHard = samples.length > 0 && samples.every((s) => s.hard.length > 0) ? (samples[0]?.hard ?? []) : [];
  const found = candidate.checks.filter((c) => c.value >= 0.5).length;
  const unreadable = candidate.rung === 'none' && read !== null ? '; the part to compare could not be read' : '';
  return {
    baseline: samples.length === 0 ? null : samples.reduce((sum, s) => sum + s.value, 0) / samples.length,
    candidate: candidate.value,
    why: `${found} of ${elements.length} elements${unreadable}`,
    hard: { baseline: baselineHard, candidate: candidate.hard },
    detail,
  };
}

/** Every element of a case on one answer; one that is not `ok` meets none. */
export function checkAnswer(answer: Pick<Answer, 'state' | 'answer' | 'why'>, one: Case, context: CheckContext): Checked {
  const isThere = answer.state === 'ok';
  const reading = isThere ? readPart(answer.answer, one.read) : ({ text: '', rung: 'none', start: null } as const);
  const { start: offset } = reading;
  const checks = one.elements.map((element): Check => {
    if (reading.rung === 'none') return { value: 0, why: isThere ? 'nothing could be read' : (answer.why ?? answer.state), spans: [] };
    const check = kinds[element.kind]?.check(element.options, reading.text, context);
    if (!check) throw new Error(`the suite room let an unknown kind of element through: ${element.kind}`);
    return { ...check, spans: offset === null ? [] : check.spans.map(([start, end]) => [start + offset, end + offset]) };
  });
  const total = one.elements.reduce((sum, e) => sum + e.weight, 0);
  const value = total === 0 ? 0 : one.elements.reduce((sum, e, i) => sum + e.weight * (checks[i]?.value ?? 0), 0) / total;
  return { checks, rung: reading.rung, value, hard: isThere ? hardFailures(one.elements, checks, reading.rung) : [] };
}

function hardFailures(elements: readonly Element[], checks: readonly Check[], rung: Rung): HardFailure[] {
  return elements.flatMap((element, i): HardFailure[] => {
    const check = checks[i];
    // an insight is met by degrees: half of its point is the least that counts
    if (!check || check.value >= 0.5) return [];
    if (element.kind === 'not' && rung !== 'none') return [{ kind: 'forbidden_element', why: check.why }];
    if (element.required) return [{ kind: 'missing_required', why: `required: ${check.why}` }];
    return [];
  });
}

function elementScore(element: Element, i: number, samples: readonly Checked[], candidate: Checked): ElementScore {
  const { label, kind, weight, required } = element;
  const values = samples.map((s) => s.checks[i]?.value ?? 0);
  return {
    label,
    kind,
    weight,
    required,
    baseline: values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length,
    candidate: candidate.checks[i]?.value ?? null,
    why: candidate.checks[i]?.why ?? '',
    spans: { baseline: samples[0]?.checks[i]?.spans ?? [], candidate: candidate.checks[i]?.spans ?? [] },
  };
}
