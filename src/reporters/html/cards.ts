/** A verdict as the template shows it: words and positions, nothing left to decide. */
import type { Verdict } from '../../record.ts';
import { bounds, counts, fixed, oneLine, plural, probability, samplesText, words } from '../text.ts';
import { intervalOf, scaleOf } from './scale.ts';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(0)} %`);

function chance({ p_value, p_holm }: Verdict): string {
  if (p_value === null || p_value === undefined || p_holm === null || p_holm === undefined) return '';
  return `p ${probability(p_value)}; ${probability(p_holm)} after Holm over all comparisons of this run`;
}

/** What a reader may ask next, as name and value; a line that says nothing is not there. */
function details(verdict: Verdict) {
  const { similarity, quality_score, baseline_left_out, rungs, self_parity } = verdict;
  const scale = `raw ${fixed(similarity.raw)}, floor ${fixed(similarity.floor)}, ceiling ${fixed(similarity.ceiling)}`;
  const all: [string, string][] = [
    ['quality score', `baseline ${fixed(quality_score.baseline)}, candidate ${fixed(quality_score.candidate)}`],
    ['hard failures', counts(verdict.counts.hard_failures) || 'none'],
    ['not judged', verdict.counts.incomplete === 0 ? 'none' : plural(verdict.counts.incomplete, 'case')],
    ['baseline samples left out', counts(baseline_left_out) || 'none'],
    ['similarity before calibration', similarity.candidate === null ? 'not computed' : scale],
    ['ceiling', similarity.candidate === null ? '' : similarity.ceiling_from],
    ['similarity not informative', similarity.not_informative === null ? '' : `${percent(similarity.not_informative)} of cases`],
    ['how answers were read', `baseline: ${counts(rungs.baseline) || 'none'}; candidate: ${counts(rungs.candidate) || 'none'}`],
    [
      'baseline against itself',
      self_parity === null
        ? 'one sample a case: no control'
        : `${fixed(self_parity.parity)} (${bounds(self_parity.lower, self_parity.upper)}) on ${plural(self_parity.n, 'case')}`,
    ],
    ['baseline samples', samplesText(verdict)],
    ['chance of a PASS at the target', chance(verdict)],
    ['cases to settle it', verdict.cases_to_settle === null ? '' : `about ${verdict.cases_to_settle} at this spread`],
    ['decided by', verdict.decision === 'point' ? 'the mean against the target (decision: point), not by its bounds' : ''],
  ];
  return all.filter(([, value]) => value !== '').map(([name, value]) => ({ name, value: oneLine(value) }));
}

/** A sign and words beside the colour: judged and too low, or not judged yet. */
function looksOf({ verdict, reason }: Verdict) {
  if (verdict === 'PASS') return { tone: 'pass', sign: '✓', label: 'PASS' };
  const isJudged = reason === 'below_target' || reason === 'critical_case' || reason === 'rejected';
  return { tone: isJudged ? 'fail' : 'open', sign: isJudged ? '✗' : '?', label: 'NEEDS WORK' };
}

/** One card a verdict, in the order of the record, on one shared scale. */
export function cardsOf(verdicts: readonly Verdict[]) {
  const { place, ticks } = scaleOf(verdicts);
  return verdicts.map((verdict, index) => {
    const { parity, lower, upper, parity_target, self_parity, coverage, similarity } = verdict;
    const target = fixed(parity_target, 2);
    const control = self_parity === null ? null : intervalOf(self_parity, place);
    const range = `95 % bounds ${bounds(lower, upper)}, target ${target}`;
    return {
      id: `verdict-${index + 1}`,
      suite: oneLine(verdict.suite),
      capability: words(oneLine(verdict.capability)),
      baseline: oneLine(verdict.baseline),
      candidate: oneLine(verdict.candidate),
      ...looksOf(verdict),
      reason: verdict.reason === null ? null : words(verdict.reason),
      why: oneLine(verdict.why),
      parity: fixed(parity),
      bounds: bounds(lower, upper),
      target,
      n: plural(verdict.n, 'case'),
      passed: plural(verdict.counts.pass, 'passes', 'pass'),
      needsWork: plural(verdict.counts.needs_work, 'needs work', 'need work'),
      incomplete: verdict.counts.incomplete === 0 ? null : `${verdict.counts.incomplete} not judged`,
      coverageBaseline: fixed(coverage.baseline, 2),
      coverageCandidate: fixed(coverage.candidate, 2),
      similarity: fixed(similarity.candidate, 2),
      ticks,
      ...(control === null ? { bottom: 62, labelsAt: 80, height: 84 } : { bottom: 82, labelsAt: 100, height: 104 }),
      targetX: place(parity_target),
      interval: intervalOf(verdict, place),
      control,
      description: `Parity ${fixed(parity)}, ${range}${self_parity === null ? '' : `; the baseline against itself ${fixed(self_parity.parity)}, ${bounds(self_parity.lower, self_parity.upper)}`}.`,
      details: details(verdict),
    };
  });
}
