/** A number against its target, as one row of the scorecard. */
import type { Agent, Kpi, KpiRow, KpiVerdict, VerdictReason } from '../../record.ts';

export interface Interval {
  value: number;
  lower: number | null;
  upper: number | null;
}

/** PASS when the lower bound reaches the target; below it when the upper bound does not; anything else is inconclusive. */
export function against(target: number, { lower, upper }: Pick<Interval, 'lower' | 'upper'>): Pick<KpiRow, 'verdict' | 'reason'> {
  if (lower !== null && lower >= target) return { verdict: 'PASS', reason: null };
  return { verdict: 'NEEDS_WORK', reason: upper !== null && upper < target ? 'below_target' : 'inconclusive' };
}

export interface About {
  agent: Agent;
  kpi: Kpi;
  target: number;
  claimed?: number | null;
  suite?: string | null;
  role?: KpiRow['role'];
}

type Found = Interval & { n: number; why: string; sources: KpiRow['sources']; verdict?: KpiVerdict; reason?: VerdictReason | null };

export function measuredRow(about: About, found: Found): KpiRow {
  const { value, lower, upper, n, why, sources } = found;
  const { verdict, reason } =
    found.verdict === undefined ? against(about.target, found) : { verdict: found.verdict, reason: found.reason ?? null };
  return { ...head(about), verdict, reason, value, lower, upper, n, why, sources };
}

export function unmeasuredRow(about: About, why: string, sources: KpiRow['sources'] = []): KpiRow {
  return { ...head(about), verdict: 'NOT_MEASURED', reason: null, value: null, lower: null, upper: null, n: 0, why, sources };
}

function head({ agent, kpi, target, claimed = null, suite = null, role = 'candidate' }: About) {
  const candidate = role === 'fallback' ? (agent.fallback ?? '') : agent.candidate;
  const { name, capability, today } = agent;
  return { kpi, agent: name, capability, baseline: today, candidate, role, suite, target, claimed };
}

export const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
