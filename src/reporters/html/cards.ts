/** A verdict as the templates show it: words and positions, nothing left to decide. */
import type { RunRecord, Verdict } from '../../record.ts';
import { bounds, fixed, luckText, oneLine, plural, words } from '../text.ts';
import { histogramOf } from './distribution.ts';
import { detailsOf, troublesOf } from './evidence.ts';
import { kpisOf, ratio } from './kpis.ts';
import { LIST, NO_FILTERS, writeHash } from './page/state.ts';
import { intervalOf, scaleOf } from './scale.ts';
import { sinceOf, trendOf } from './trend.ts';

/** Cards start unfolded up to so many verdicts. */
const FEW = 2;

/** A sign and words beside the colour: judged and too low, or not judged yet. */
function looksOf({ verdict, reason }: Verdict) {
  if (verdict === 'PASS') return { tone: 'pass', sign: '✓', label: 'PASS' };
  const isJudged = reason === 'below_target' || reason === 'critical_case' || reason === 'rejected';
  return { tone: isJudged ? 'fail' : 'open', sign: isJudged ? '✗' : '?', label: 'NEEDS WORK' };
}

const costRatio = ({ kpis }: Verdict) => ratio(kpis?.baseline.cost_usd, kpis?.candidate.cost_usd);
const timeRatio = ({ kpis }: Verdict) => ratio(kpis?.baseline.total_ms?.p50, kpis?.candidate.total_ms?.p50);

/** What was signed before the run was judged, newest last. */
const signedOff = ({ review }: RunRecord, { suite, candidate }: Verdict) =>
  (review?.sign_offs ?? [])
    .filter((one) => one.suite === suite && one.candidate === candidate)
    .map(({ decision, by, reason, at }) => ({
      decision: decision === 'approve' ? 'Approved' : 'Rejected',
      by: oneLine(by, 80),
      reason: oneLine(reason, 400),
      at: at.slice(0, 10),
    }));

/** Link to the list of the cases of one comparison that need work. */
const failingCases = ({ suite, candidate }: Verdict) =>
  writeHash({ filters: { ...NO_FILTERS, verdict: 'NEEDS_WORK', suite, candidate }, page: LIST });

/** One card a verdict, in the order of the record, on one shared scale. */
export function cardsOf(record: RunRecord) {
  const { verdicts } = record;
  const { place, ticks } = scaleOf(verdicts);
  return verdicts.map((verdict, index) => {
    const { parity, lower, upper, parity_target, self_parity, coverage, similarity } = verdict;
    const target = fixed(parity_target, 2);
    const control = self_parity === null ? null : intervalOf(self_parity, place);
    const range = `95 % bounds ${bounds(lower, upper)}, target ${target}`;
    return {
      id: `verdict-${index + 1}`,
      link: `#/verdict/${index + 1}`,
      key: `${verdict.suite}\n${verdict.candidate}`,
      isOpen: verdicts.length <= FEW,
      suite: oneLine(verdict.suite),
      capability: words(oneLine(verdict.capability)),
      baseline: oneLine(verdict.baseline),
      candidate: oneLine(verdict.candidate),
      ...looksOf(verdict),
      reason: verdict.reason === null ? null : words(verdict.reason),
      why: oneLine(verdict.why),
      luck: luckText(verdict),
      parity: fixed(parity),
      bounds: bounds(lower, upper),
      target,
      n: plural(verdict.n, 'case'),
      passed: plural(verdict.counts.pass, 'passes', 'pass'),
      needsWork: verdict.counts.needs_work === 0 ? null : plural(verdict.counts.needs_work, 'needs work', 'need work'),
      failing: failingCases(verdict),
      incomplete: verdict.counts.incomplete === 0 ? null : `${verdict.counts.incomplete} not judged`,
      coverageBaseline: fixed(coverage.baseline, 2),
      coverageCandidate: fixed(coverage.candidate, 2),
      similarity: similarity.candidate === null ? null : fixed(similarity.candidate, 2),
      troubles: troublesOf(verdict),
      ticks,
      ...(control === null ? { bottom: 62, labelsAt: 80, height: 84 } : { bottom: 82, labelsAt: 100, height: 104 }),
      targetX: place(parity_target),
      interval: intervalOf(verdict, place),
      control,
      description: `Parity ${fixed(parity)}, ${range}${self_parity === null ? '' : `; the baseline against itself ${fixed(self_parity.parity)}, ${bounds(self_parity.lower, self_parity.upper)}`}.`,
      histogram: histogramOf(verdict),
      kpis: kpisOf(verdict),
      time: timeRatio(verdict),
      cost: costRatio(verdict),
      trend: trendOf(verdict, record),
      since: sinceOf(verdict),
      signed: signedOff(record, verdict),
      details: detailsOf(verdict),
    };
  });
}
