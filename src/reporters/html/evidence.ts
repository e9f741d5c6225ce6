/** What a verdict rests on, in words: what must never be hidden, and what a reader may ask next. */
import type { Verdict } from '../../record.ts';
import { decidedText, quarantinedText } from '../reviews.ts';
import { bounds, counts, fixed, oneLine, plural, probability, samplesText } from '../text.ts';

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(0)} %`);

/** Null for a text that says nothing. */
const told = (text: string) => (text === '' ? null : { text, isBad: false });

const total = (of: Record<string, number>) => Object.values(of).reduce((sum, count) => sum + count, 0);

/** Everything that speaks against the answers or was kept out of the figures; always on the card, `isBad` where it weighs on the verdict. */
export function troublesOf(verdict: Verdict): { text: string; isBad: boolean }[] {
  const { counts: of, baseline_left_out, similarity, decision } = verdict;
  const hard = total(of.hard_failures);
  const left = total(baseline_left_out);
  const all = [
    hard === 0 ? null : { text: `${plural(hard, 'hard failure')}: ${counts(of.hard_failures)}`, isBad: true },
    of.incomplete === 0 ? null : { text: `${plural(of.incomplete, 'case')} could not be judged`, isBad: true },
    told(quarantinedText(verdict)),
    told(decidedText(verdict)),
    left === 0 ? null : { text: `${plural(left, 'baseline sample')} left out: ${counts(baseline_left_out)}`, isBad: false },
    (similarity.not_informative ?? 0) === 0
      ? null
      : { text: `similarity not informative in ${percent(similarity.not_informative)} of cases`, isBad: false },
    decision === 'point' ? { text: 'decided by the mean, not by its bounds', isBad: false } : null,
  ];
  return all.filter((one) => one !== null);
}

function chance({ p_value, p_holm }: Verdict): string {
  if (p_value === null || p_value === undefined || p_holm === null || p_holm === undefined) return '';
  return `p ${probability(p_value)}; ${probability(p_holm)} after Holm over all comparisons of this run`;
}

/** As name and value; a line that says nothing is not there. */
export function detailsOf(verdict: Verdict) {
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
