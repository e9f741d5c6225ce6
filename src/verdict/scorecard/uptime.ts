/**
 * Uptime from health probes: the share that succeeded, with exact bounds (binomial.ts).
 *
 * Failures come in stretches, so n probes are worth fewer than n independent ones: n' = n·(1 − ρ)/(1 + ρ) with ρ the correlation of a
 * probe with the next, at least 0 (G. V. Bayley & J. M. Hammersley 1946, "The effective number of independent observations in an autocorrelated
 * time series", JRSS Supplement 8:184, for a first-order series).
 */
import type { Agent, KpiRow, MoveTargets, Probe } from '../../record.ts';
import { shareBounds } from './binomial.ts';
import type { Evidence } from './evidence.ts';
import { measuredRow, plural, unmeasuredRow } from './row.ts';

/** A probe that belongs to no series speaks for ten minutes at most. */
const ALONE_SECONDS = 600;
const MS_PER_HOUR = 3_600_000;

export function uptimeRow(agent: Agent, { uptime }: MoveTargets, { probes }: Evidence): KpiRow {
  const about = { agent, kpi: 'uptime', target: uptime.share } as const;
  if (probes === null) return unmeasuredRow(about, 'there is no file of probes: onpar probe writes one');
  const sources = [{ label: 'probes', path: probes.path }];
  const lines = probes.lines.filter(({ model }) => model === agent.candidate).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (lines.length === 0) return unmeasuredRow(about, `no probe of ${agent.candidate}`, sources);
  const seen = observedHours(lines);
  const up = lines.filter(({ ok }) => ok).length;
  const told = `${up} of ${plural(lines.length, 'probe')} in ${hours(seen)} observed, ${outages(lines)}`;
  if (seen < uptime.hours)
    return unmeasuredRow(about, `${told}: shorter than the ${uptime.hours} hours of the map, so it tells nothing`, sources);
  return measuredRow(about, { value: up / lines.length, ...boundsOf(lines), n: lines.length, why: told, sources });
}

/** The time that probes speak for: each until the next, and at most twice its own interval. `lines` are in order. */
export function observedHours(lines: readonly Probe[]): number {
  let total = 0;
  for (const [i, { at, every_seconds }] of lines.entries()) {
    const most = (every_seconds === null ? ALONE_SECONDS : 2 * every_seconds) * 1000;
    const next = lines[i + 1];
    if (next) total += Math.min(Date.parse(next.at) - Date.parse(at), most);
  }
  return total / MS_PER_HOUR;
}

export function boundsOf(lines: readonly Pick<Probe, 'ok'>[]): { lower: number; upper: number } {
  const down = lines.filter(({ ok }) => !ok).length / lines.length;
  const n = Math.max(1, Math.floor(independent(lines.map(({ ok }) => (ok ? 0 : 1)))));
  return { lower: shareBounds(n - Math.ceil(n * down - 1e-9), n).lower, upper: shareBounds(n - Math.floor(n * down + 1e-9), n).upper };
}

function independent(failed: readonly number[]): number {
  const n = failed.length;
  const mean = failed.reduce((a, b) => a + b, 0) / n;
  let [variance, together] = [0, 0];
  for (const [i, x] of failed.entries()) {
    variance += (x - mean) ** 2;
    if (i > 0) together += (x - mean) * ((failed[i - 1] ?? 0) - mean);
  }
  const rho = variance === 0 ? 0 : Math.max(0, together / variance);
  return (n * (1 - rho)) / (1 + rho);
}

function outages(lines: readonly Probe[]): string {
  const starts = lines.filter(({ ok }, i) => !ok && (i === 0 || lines[i - 1]?.ok === true)).length;
  return starts === 0 ? 'no outage' : plural(starts, 'outage');
}

const hours = (value: number) => (value >= 48 ? `${(value / 24).toFixed(1)} days` : `${value.toFixed(1)} hours`);
