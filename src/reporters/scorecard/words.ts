/** How figures of the move are called and written, in every form of the scorecard. */
import type { Claim, Kpi, KpiRow, KpiSummary, ReadinessState } from '../../record.ts';
import { words } from '../text.ts';

export const KPI_NAMES: Record<Kpi, string> = {
  quality: 'quality parity',
  total_time: 'total time',
  tokens_per_second: 'tokens per second',
  uptime: 'uptime',
  cost: 'cost reduction',
  privacy: 'stays local',
};

export const READINESS_NAMES: Record<ReadinessState, string> = { ready: 'ready', cannot_tell: 'cannot tell', not_ready: 'not ready' };

type Rounding = (value: number) => number;

/** `0.973`, `3.02×`, `99.71 %`; `–` where there is none. Digits that are left off are rounded by `round`. */
export function figure(kpi: Kpi, value: number | null, round: Rounding = Math.round): string {
  if (value === null) return '–';
  const [scale, digits, unit] =
    kpi === 'quality'
      ? [1, 3, '']
      : kpi === 'total_time' || kpi === 'tokens_per_second'
        ? [1, 2, '×']
        : ([100, kpi === 'uptime' ? 3 : 1, ' %'] as const);
  const step = 10 ** digits;
  return `${(round(Number((value * scale * step).toPrecision(12))) / step).toFixed(digits)}${unit}`;
}

/** Rounded outwards, so that a bound just short of a target never looks like one that reaches it. */
export function figureBounds({ kpi, lower, upper, verdict }: KpiRow): string {
  if (verdict === 'NOT_MEASURED' || (lower === null && upper === null)) return '–';
  return `${figure(kpi, lower, Math.floor)} to ${figure(kpi, upper, Math.ceil)}`;
}

export const targetText = ({ kpi, target }: Pick<KpiRow, 'kpi' | 'target'>): string =>
  kpi === 'quality'
    ? String(target)
    : kpi === 'total_time' || kpi === 'tokens_per_second'
      ? `${target}×`
      : `${Number((target * 100).toFixed(6))} %`;

export const claimText = ({ kpi, claimed }: KpiRow): string =>
  claimed === null ? '–' : kpi === 'quality' ? claimed.toFixed(2) : `${claimed}×`;

export function claimsText(claim: Claim | null): string {
  if (claim === null) return 'nothing';
  const parts = [
    claim.quality === null ? '' : `${Number((claim.quality * 100).toFixed(6))} % parity`,
    claim.speed === null ? '' : `${claim.speed}× speed`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'nothing';
}

/** `tone` names a colour; a sign and words say the same. */
export function looks({ verdict, reason }: Pick<KpiRow, 'verdict' | 'reason'>): { tone: string; sign: string; label: string } {
  if (verdict === 'PASS') return { tone: 'pass', sign: '✓', label: 'PASS' };
  if (verdict === 'NOT_MEASURED') return { tone: 'none', sign: '·', label: 'not measured' };
  const isShort = reason === 'below_target' || reason === 'critical_case';
  return { tone: isShort ? 'fail' : 'open', sign: isShort ? '✗' : '?', label: 'NEEDS_WORK' };
}

export function readinessLooks(readiness: ReadinessState): { tone: string; sign: string; label: string } {
  const label = READINESS_NAMES[readiness];
  if (readiness === 'ready') return { tone: 'pass', sign: '✓', label };
  return readiness === 'cannot_tell' ? { tone: 'open', sign: '?', label } : { tone: 'fail', sign: '✗', label };
}

export const summaryLooks = (one: KpiSummary) =>
  looks({ verdict: one.verdict, reason: one.verdict !== 'NEEDS_WORK' ? null : one.needs_work > 0 ? 'below_target' : 'inconclusive' });

export const summaryName = ({ kpi, capability }: KpiSummary): string =>
  capability === null ? KPI_NAMES[kpi] : `${KPI_NAMES[kpi]}, ${words(capability)}`;

/** `1 of 3 pass, 1 falls short, 1 not measured` */
export function countsText({ pass, needs_work, inconclusive, not_measured }: KpiSummary): string {
  const all = pass + needs_work + inconclusive + not_measured;
  const parts = [
    `${pass} of ${all} pass`,
    needs_work === 0 ? '' : `${needs_work} ${needs_work === 1 ? 'falls' : 'fall'} short`,
    inconclusive === 0 ? '' : `${inconclusive} cannot be told`,
    not_measured === 0 ? '' : `${not_measured} not measured`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export const rowName = (row: KpiRow): string =>
  `${KPI_NAMES[row.kpi]}${row.suite === null ? '' : `, ${row.suite}`}${row.role === 'fallback' ? ', fallback' : ''}`;
