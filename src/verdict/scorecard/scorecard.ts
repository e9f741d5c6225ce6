/** Map and evidence → the scorecard of the move: every figure, who is ready, in what order. */
import {
  type Agent,
  type Kpi,
  type KpiRow,
  KPIS,
  type KpiSummary,
  type KpiVerdict,
  type MigrationMap,
  type Readiness,
  type Scorecard,
} from '../../record.ts';
import type { Evidence } from './evidence.ts';
import { privacyRow } from './privacy.ts';
import { qualityRows } from './quality.ts';
import { plural } from './row.ts';
import { speedAndCostRows } from './speed-and-cost.ts';
import { uptimeRow } from './uptime.ts';

export function scorecardOf(map: MigrationMap, evidence: Evidence): Scorecard {
  const rows = map.agents.flatMap((agent) => [
    ...qualityRows(agent, evidence),
    ...speedAndCostRows(agent, map.targets, evidence),
    uptimeRow(agent, map.targets, evidence),
    privacyRow(agent, map.targets, evidence),
  ]);
  const deciding = rows.filter(({ role }) => role === 'candidate');
  return {
    format: 1,
    map: map.file,
    as_of: newest(evidence),
    exit_code: exitCodeOf(deciding),
    summary: summaryOf(deciding),
    agents: readinessOf(map.agents, deciding),
    rows,
  };
}

function newest({ measured, probes }: Evidence): string | null {
  const times = [...measured.map(({ finishedAt }) => finishedAt), ...(probes?.lines.map(({ at }) => at) ?? [])];
  return times.reduce<string | null>((last, time) => (last === null || Date.parse(time) > Date.parse(last) ? time : last), null);
}

const isByEvidence = ({ verdict, reason }: KpiRow) => verdict === 'NEEDS_WORK' && (reason === 'below_target' || reason === 'critical_case');
const isOpen = (row: KpiRow) => row.verdict === 'NEEDS_WORK' && !isByEvidence(row);

/** As for a run: 1 where anything falls short by its numbers, else 3 where anything is not measured or cannot be told, else 0. */
function exitCodeOf(rows: readonly KpiRow[]): 0 | 1 | 3 {
  if (rows.some(isByEvidence)) return 1;
  return rows.length > 0 && rows.every(({ verdict }) => verdict === 'PASS') ? 0 : 3;
}

/** Quality by capability, then the other figures over all agents. */
function summaryOf(rows: readonly KpiRow[]): KpiSummary[] {
  const capabilities = [...new Set(rows.map(({ capability }) => capability))];
  const quality = capabilities.map((capability) =>
    counted(
      'quality',
      capability,
      rows.filter((row) => row.kpi === 'quality' && row.capability === capability),
    ),
  );
  const others = KPIS.filter((kpi) => kpi !== 'quality').map((kpi) =>
    counted(
      kpi,
      null,
      rows.filter((row) => row.kpi === kpi),
    ),
  );
  return [...quality, ...others];
}

function counted(kpi: Kpi, capability: string | null, rows: readonly KpiRow[]): KpiSummary {
  const count = (is: (row: KpiRow) => boolean) => rows.filter(is).length;
  const counts = {
    pass: count(({ verdict }) => verdict === 'PASS'),
    needs_work: count(isByEvidence),
    inconclusive: count(isOpen),
    not_measured: count(({ verdict }) => verdict === 'NOT_MEASURED'),
  };
  const verdict: KpiVerdict =
    counts.needs_work + counts.inconclusive > 0 ? 'NEEDS_WORK' : counts.not_measured > 0 || rows.length === 0 ? 'NOT_MEASURED' : 'PASS';
  return { kpi, capability, verdict, ...counts };
}

const RANK = { ready: 0, cannot_tell: 1, not_ready: 2 };

/** By phase, then by readiness, then as they stand in the map. Phase 0 is a rehearsal: nobody waits for it. */
function readinessOf(agents: readonly Agent[], rows: readonly KpiRow[]): Readiness[] {
  const judged = agents.map((agent) => ({ agent, ...stateOf(rows.filter((row) => row.agent === agent.name)) }));
  const ordered = [...judged].sort((a, b) => a.agent.phase - b.agent.phase || RANK[a.readiness] - RANK[b.readiness]);
  return ordered.map(({ agent, ...state }, i) => ({
    order: i + 1,
    agent: agent.name,
    description: agent.description,
    phase: agent.phase,
    critical: agent.critical,
    capability: agent.capability,
    today: agent.today,
    candidate: agent.candidate,
    fallback: agent.fallback,
    claimed: agent.claimed,
    ...state,
    waits_for: judged
      .filter((one) => one.agent.phase > 0 && one.agent.phase < agent.phase && one.readiness !== 'ready')
      .map((one) => one.agent.name),
  }));
}

/** Ready: every suite passed, and no figure of the candidate needs work. What nobody measured is named, and does not hold it back. */
function stateOf(rows: readonly KpiRow[]): Pick<Readiness, 'readiness' | 'why' | 'not_measured'> {
  const notMeasured = [...new Set(rows.filter(({ verdict }) => verdict === 'NOT_MEASURED').map(({ kpi }) => kpi))];
  const short = rows.filter(isByEvidence);
  if (short.length > 0) return { readiness: 'not_ready', why: `falls short: ${list(short)}`, not_measured: notMeasured };
  const open = rows.filter(isOpen);
  const unjudged = rows.filter(({ kpi, verdict }) => kpi === 'quality' && verdict === 'NOT_MEASURED');
  if (open.length + unjudged.length > 0) {
    const parts = [open.length > 0 ? `cannot be told yet: ${list(open)}` : '', unjudged.length > 0 ? `not judged: ${list(unjudged)}` : ''];
    return { readiness: 'cannot_tell', why: parts.filter((part) => part !== '').join('; '), not_measured: notMeasured };
  }
  const suites = rows.filter(({ kpi }) => kpi === 'quality').length;
  const rest = notMeasured.length === 0 ? '' : '; what is not measured is taken on trust';
  return {
    readiness: 'ready',
    why: `${suites === 1 ? 'its suite passes' : `all ${plural(suites, 'suite')} pass`}${rest}`,
    not_measured: notMeasured,
  };
}

const list = (rows: readonly KpiRow[]) =>
  rows.map(({ kpi, suite }) => `${kpi.replaceAll('_', ' ')}${suite === null ? '' : ` (${suite})`}`).join(', ');
