/** Time, tokens per second and cost of the same work, paired by case over all suites of an agent. */
import type { Agent, KpiRow, MoveTargets } from '../../record.ts';
import type { Effort, Evidence, Measured, Work } from './evidence.ts';
import { pairOf, sourceOf } from './quality.ts';
import { ratioOfSums, typicalRatio } from './ratio.ts';
import { type About, measuredRow, plural, unmeasuredRow } from './row.ts';

export function speedAndCostRows(agent: Agent, targets: MoveTargets, { measured }: Evidence): KpiRow[] {
  const found = agent.suites.flatMap((suite) => pairOf(measured, suite, agent.today, agent.candidate) ?? []);
  const speed = { agent, target: targets.speed, claimed: agent.claimed?.speed ?? null };
  return [
    speedRow({ ...speed, kpi: 'total_time' }, found, 'total_ms', ({ baseline, candidate }) => baseline / candidate),
    speedRow({ ...speed, kpi: 'tokens_per_second' }, found, 'tokens_per_second', ({ baseline, candidate }) => candidate / baseline),
    costRow({ agent, kpi: 'cost', target: targets.cost_reduction }, found),
  ];
}

interface Pairs {
  pairs: { baseline: number; candidate: number }[];
  /** cases that both answered to the end, with or without the figure */
  finished: number;
  sources: KpiRow['sources'];
}

function pairsOf(found: readonly Measured[], field: keyof Effort): Pairs {
  const work = found.flatMap((one) => one.work);
  const told = (one: Work) => ({ baseline: one.baseline[field], candidate: one.candidate[field] });
  const pairs = work
    .map(told)
    .filter((pair): pair is { baseline: number; candidate: number } => pair.baseline !== null && pair.candidate !== null);
  return { pairs, finished: work.length, sources: found.map(sourceOf) };
}

const NAMES = { total_ms: 'time', tokens_per_second: 'tokens per second', cost_usd: 'cost' };
const UNTIMED = 'recordings that were imported have none; record anew';
const REMEDY = { total_ms: UNTIMED, tokens_per_second: UNTIMED, cost_usd: 'give the models prices in models.yaml, and record anew' };

/** Why there is no number, or null when there is one. */
function missing(found: readonly Measured[], field: keyof Effort, { pairs, finished }: Pairs): string | null {
  if (found.length === 0) return 'no finished run of this pair';
  if (pairs.length > 0) return null;
  if (finished === 0) return 'no case was answered to the end by both';
  const lacks = (side: keyof Work) => found.every(({ work }) => work.every((one) => one[side][field] === null));
  const sides = [lacks('baseline') ? 'baseline' : '', lacks('candidate') ? 'candidate' : ''].filter((side) => side !== '');
  return `the answers of the ${sides.join(' and of the ') || 'two sides'} do not tell their ${NAMES[field]}: ${REMEDY[field]}`;
}

function speedRow(about: About, found: readonly Measured[], field: keyof Effort, ratio: (pair: Pairs['pairs'][number]) => number): KpiRow {
  const all = pairsOf(found, field);
  const why = missing(found, field, all);
  if (why !== null) return unmeasuredRow(about, why, all.sources);
  const usable = all.pairs.filter(({ baseline, candidate }) => baseline > 0 && candidate > 0);
  const measured = typicalRatio(usable.map(ratio));
  if (!measured) return unmeasuredRow(about, `no case has a ${NAMES[field]} above 0 on both sides`, all.sources);
  const only = usable.length < all.finished ? ` of ${all.finished} that both finished` : ' that both finished';
  const told = `typical ratio over ${plural(usable.length, 'case')}${only}, as recorded`;
  return measuredRow(about, {
    ...measured,
    n: usable.length,
    why: usable.length < 2 ? `${told}; one case has no interval` : told,
    sources: all.sources,
  });
}

function costRow(about: About, found: readonly Measured[]): KpiRow {
  const all = pairsOf(found, 'cost_usd');
  const why = missing(found, 'cost_usd', all);
  if (why !== null) return unmeasuredRow(about, why, all.sources);
  const ratio = ratioOfSums(all.pairs.map(({ baseline, candidate }) => ({ over: candidate, under: baseline })));
  if (!ratio) return unmeasuredRow(about, 'the baseline cost nothing, so nothing can be saved', all.sources);
  const less = (value: number | null) => (value === null ? null : 1 - value);
  const sum = (side: 'baseline' | 'candidate') => all.pairs.reduce((total, pair) => total + pair[side], 0).toFixed(4);
  const told = `$${sum('candidate')} instead of $${sum('baseline')} for ${plural(all.pairs.length, 'case')} of ${all.finished} that both finished`;
  return measuredRow(about, {
    value: 1 - ratio.value,
    lower: less(ratio.upper),
    upper: less(ratio.lower),
    n: all.pairs.length,
    why: told,
    sources: all.sources,
  });
}
