/**
 * Similarity: how near the candidate's answer comes to the baseline's, on the scale from "echoes the prompt" (0) to "as near
 * as the baseline to itself" (1). It cannot see truth: a fluent wrong answer scores high, which is what elements are for.
 */
import type { Scorer, ScorerResult, ScoringCase, Similarity, SimilarityPart } from '../record.ts';
import { calibrate } from './similarity/calibrate.ts';
import { measureCases } from './similarity/measure.ts';

export const similarity: Scorer = async ({ answered }, { embedder, onProgress }) => {
  const measures = await measureCases(answered, embedder, onProgress ?? (() => {}));
  const [m, f] = [calibrate(measures.m), calibrate(measures.f)];
  return (scoring, index) => resultOf(judge(scoring, m(index), f(index)));
};

/** How the ceiling is obtained, a sentence for the report, from the number of samples of every case: it decides what a similarity of 1 means. */
export function ceilingMethod(samples: readonly number[]): string {
  const counts = samples.filter((count) => count > 0);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return 'no baseline sample: there is no ceiling';
  if (most === 1) return "1 baseline sample: the ceiling is 1, the baseline's own variation is not known";
  const full = counts.filter((count) => count >= 2).length;
  const where = full === counts.length ? '' : ` (${full} of ${counts.length} cases have two or more, the others take the suite mean)`;
  return `${most} baseline samples, half case, half suite mean${where}`;
}

function judge({ samples, candidate }: ScoringCase, m: SimilarityPart, f: SimilarityPart): Similarity {
  if (samples.length === 0) return { value: null, why: 'no usable baseline sample to compare with', m, f };
  if (candidate.state !== 'ok') return { value: 0, why: `the candidate's answer is ${candidate.state}`, m, f };
  if (candidate.answer.trim() === '') return { value: 0, why: "the candidate's answer is blank", m, f };
  const informative = [m.value, f.value].filter((value) => value !== null);
  if (informative.length === 0) {
    return { value: null, why: "not informative: echoing the prompt earns about as much as the baseline's own answer", m, f };
  }
  const value = informative.reduce((sum, part) => sum + part, 0) / informative.length;
  return { value, why: `mean segment vectors ${told(m)}; segment by segment ${told(f)}`, m, f };
}

function told({ value, raw, floor, ceiling }: SimilarityPart): string {
  if (value === null) return 'not informative';
  const [from, at, to] = [floor, raw, ceiling].map((number) => (number ?? 0).toFixed(2)) as [string, string, string];
  return `${value.toFixed(2)} (${at} between floor ${from} and ceiling ${to})`;
}

/** The baseline is the measure, hence 1 wherever the candidate can be measured; both are null together. */
function resultOf(score: Similarity): ScorerResult {
  return {
    baseline: score.value === null ? null : 1,
    candidate: score.value,
    why: score.why,
    hard: { baseline: [], candidate: [] },
    detail: { similarity: score },
  };
}
