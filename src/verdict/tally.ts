/** The results of a suite, counted one by one: all that a verdict needs, and none of the answers. */
import type { CaseResult, Rung, Verdict } from '../record.ts';
import { kpiTally } from './kpis.ts';
import { type Pairs, pairs } from './numbers.ts';

export interface Tally {
  n: number;
  /** quality scores of the cases that have one on both sides */
  pairs: Pairs;
  counts: Verdict['counts'];
  quality_score: Verdict['quality_score'];
  coverage: Verdict['coverage'];
  rungs: Verdict['rungs'];
  similarity: Omit<Verdict['similarity'], 'ceiling_from'>;
  kpis: NonNullable<Verdict['kpis']>;
  distribution: NonNullable<Verdict['distribution']>;
  /** the first case marked critical that failed hard, or was rejected by a reviewer */
  critical: Pick<CaseResult, 'case' | 'why'> | null;
  /** the first case that could not be judged */
  incomplete: Pick<CaseResult, 'case' | 'why'> | null;
}

const STEPS = 10;

/** Goes through the results once. A mean over anything unscored is null; what is quarantined is counted, and nothing else. */
export function tally(results: Iterable<CaseResult>): Tally {
  const found = pairs();
  const counts: Verdict['counts'] = { pass: 0, needs_work: 0, incomplete: 0, hard_failures: {} };
  const rungs: Tally['rungs'] = { baseline: {}, candidate: {} };
  const [quality, coverage] = [sides(), sides()];
  const similarity = similarityTally();
  const kpis = { baseline: kpiTally(), candidate: kpiTally() };
  const distribution = { baseline: Array<number>(STEPS).fill(0), candidate: Array<number>(STEPS).fill(0) };
  let [n, critical, incomplete]: [number, Tally['critical'], Tally['incomplete']] = [0, null, null];
  for (const result of results) {
    if (result.quarantine) {
      counts.quarantined = (counts.quarantined ?? 0) + 1;
      continue;
    }
    n++;
    const { baseline, candidate } = result.quality_score;
    if (baseline !== null && candidate !== null) found.push({ candidate, baseline });
    counts[result.complete ? (result.verdict === 'PASS' ? 'pass' : 'needs_work') : 'incomplete']++;
    const decided = decidedBy(result);
    if (decided !== null) counts[decided] = (counts[decided] ?? 0) + 1;
    for (const { kind } of result.hard_failures.candidate) counts.hard_failures[kind] = (counts.hard_failures[kind] ?? 0) + 1;
    quality.add(result.quality_score);
    coverage.add(result.coverage);
    addRung(rungs.baseline, result.reading.baseline);
    addRung(rungs.candidate, result.reading.candidate);
    similarity.add(result.similarity);
    for (const side of ['baseline', 'candidate'] as const) {
      for (const answer of result.answers[side]) kpis[side].add(answer);
      const q = result.quality_score[side];
      if (q !== null) distribution[side][Math.min(STEPS - 1, Math.floor(q * STEPS))]!++;
    }
    const about = { case: result.case, why: result.why };
    if (result.critical && result.complete && failedHard(result)) critical ??= about;
    if (!result.complete) incomplete ??= about;
  }
  return {
    n,
    pairs: found,
    counts,
    quality_score: quality.means(),
    coverage: coverage.means(),
    rungs,
    similarity: similarity.means(),
    kpis: { baseline: kpis.baseline.figures(), candidate: kpis.candidate.figures() },
    distribution,
    critical,
    incomplete,
  };
}

function decidedBy({ review }: CaseResult): 'accepted' | 'rejected' | null {
  if (review === undefined || review.decision === null) return null;
  return review.decision === 'accept' ? 'accepted' : 'rejected';
}

/** A reviewer's word stands above the scorers': what was accepted did not fail, what was rejected did. */
function failedHard({ hard_failures, review }: CaseResult): boolean {
  if (review?.decision === 'accept') return false;
  return review?.decision === 'reject' || hard_failures.candidate.length > 0;
}

/** A running mean. `ofAll` is null as soon as one value is; `ofKnown` leaves those out, and is null without any. */
function running() {
  let [sum, known, unknown] = [0, 0, 0];
  return {
    add(value: number | null | undefined) {
      if (value === null || value === undefined) unknown++;
      else {
        sum += value;
        known++;
      }
    },
    ofAll: () => (known === 0 || unknown > 0 ? null : sum / known),
    /** only for figures shown beside the share that has none */
    ofKnown: () => (known === 0 ? null : sum / known),
  };
}

function sides() {
  const [baseline, candidate] = [running(), running()];
  return {
    add(score: { baseline: number | null; candidate: number | null }) {
      baseline.add(score.baseline);
      candidate.add(score.candidate);
    },
    means: () => ({ baseline: baseline.ofAll(), candidate: candidate.ofAll() }),
  };
}

function addRung(counts: Partial<Record<Rung, number>>, rung: Rung | null): void {
  if (rung !== null) counts[rung] = (counts[rung] ?? 0) + 1;
}

function similarityTally() {
  const [value, raw, floor, ceiling] = [running(), running(), running(), running()];
  let [scored, silent] = [0, 0];
  return {
    add(similarity: CaseResult['similarity']) {
      if (similarity === null) return;
      scored++;
      if (similarity.value === null) silent++;
      value.add(similarity.value);
      for (const part of [similarity.m, similarity.f]) {
        raw.add(part.raw);
        floor.add(part.floor);
        ceiling.add(part.ceiling);
      }
    },
    means: () => ({
      candidate: value.ofKnown(),
      raw: raw.ofKnown(),
      floor: floor.ofKnown(),
      ceiling: ceiling.ofKnown(),
      not_informative: scored === 0 ? null : silent / scored,
    }),
  };
}
