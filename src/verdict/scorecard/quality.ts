/** Parity of an agent's suites, from the bounds that the run already has, against the target of the map. */
import type { Agent, KpiRow } from '../../record.ts';
import type { Evidence, Measured } from './evidence.ts';
import { type About, against, measuredRow, unmeasuredRow } from './row.ts';

/** One row a suite for the candidate, then one a suite for the fallback where it was judged. */
export function qualityRows(agent: Agent, { measured }: Evidence): KpiRow[] {
  const about = { agent, kpi: 'quality', target: agent.parity_target, claimed: agent.claimed?.quality ?? null } as const;
  if (agent.suites.length === 0) return [unmeasuredRow(about, 'no suite of the map judges this agent')];
  const rows = agent.suites.map((suite) => rowOf({ ...about, suite }, pairOf(measured, suite, agent.today, agent.candidate), measured));
  const { fallback } = agent;
  const fallbacks = fallback === null ? [] : agent.suites.flatMap((suite) => pairOf(measured, suite, agent.today, fallback) ?? []);
  return [
    ...rows,
    ...fallbacks.map((one) => rowOf({ ...about, suite: one.verdict.suite, role: 'fallback', claimed: null }, one, measured)),
  ];
}

export function pairOf(measured: readonly Measured[], suite: string, baseline: string, candidate: string): Measured | undefined {
  return measured.find(({ verdict: v }) => v.suite === suite && v.baseline === baseline && v.candidate === candidate);
}

export const sourceOf = ({ run, path }: { run: string; path: string }) => ({ label: run, path });

function rowOf(about: About & { suite: string }, found: Measured | undefined, all: readonly Measured[]): KpiRow {
  if (!found) return unmeasuredRow(about, unknownPair(about.suite, all));
  const { verdict: one, stale } = found;
  const sources = [sourceOf(found)];
  const { parity, lower, upper, n } = one;
  if (parity === null) return unmeasuredRow(about, `run ${found.run} has no parity: ${one.why}`, sources);
  if (stale !== null)
    return unmeasuredRow(about, `parity was ${parity.toFixed(3)} in run ${found.run}, but ${stale}: run the suite again`, sources);
  const interval = { value: parity, lower, upper };
  if (one.reason === 'incomplete' || one.reason === 'critical_case')
    return measuredRow(about, { ...interval, n, why: one.why, sources, verdict: 'NEEDS_WORK', reason: one.reason });
  return measuredRow(about, { ...interval, n, why: whyOf(about.target, found), sources });
}

function unknownPair(suite: string, all: readonly Measured[]): string {
  const others = all.filter(({ verdict }) => verdict.suite === suite).map(({ verdict: v }) => `${v.baseline} → ${v.candidate}`);
  return others.length === 0
    ? `no finished run of suite ${suite}`
    : `nobody measured this pair on suite ${suite}; its runs are of ${others.join(', ')}`;
}

function whyOf(target: number, { verdict: { parity, lower, upper, parity_target, cases_to_settle } }: Measured): string {
  const { verdict, reason } = against(target, { lower, upper });
  const told =
    verdict === 'PASS'
      ? 'the lower bound reaches the target'
      : reason === 'below_target'
        ? 'the upper bound is below the target'
        : 'the bounds lie on both sides of the target';
  const mean = parity !== null && parity >= target && verdict !== 'PASS' ? ', although the mean reaches it' : '';
  const own = parity_target === target ? '' : `; the suite itself asks for ${parity_target}`;
  const more =
    reason === 'inconclusive' && parity_target === target && cases_to_settle !== null
      ? `; about ${cases_to_settle} cases would settle it`
      : '';
  return `${told}${mean}${own}${more}`;
}
