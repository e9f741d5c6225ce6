/** Probes → uptime: the share that were answered, with its bounds, and the time that was watched at all. */
import type { Probe } from '../record.ts';
import { shareBounds } from './binomial.ts';

export interface Outage {
  /** ISO 8601: the first probe that failed */
  from: string;
  /** the first that was answered again; null when none was before the series broke off */
  to: string | null;
  /** from the one to the other, or to the last probe that failed */
  seconds: number;
}

export interface Uptime {
  model: string;
  probes: number;
  up: number;
  /** up / probes, 0..1 */
  share: number;
  /** each holds with 95 % */
  lower: number;
  upper: number;
  /** time between probes that are no further apart than their series, or ten minutes where they belong to none */
  observed_seconds: number;
  /** longer pauses: nobody knows what was up then */
  gaps: number;
  gap_seconds: number;
  outages: number;
  longest_outage: Outage | null;
}

/**
 * Exact bounds (binomial.ts) of as many probes as are independent. Failures come in stretches, so n probes are worth
 * n' = n·(1 − ρ)/(1 + ρ) with ρ the correlation of a probe with the next, at least 0 (G. V. Bayley & J. M. Hammersley 1946, "The effective
 * number of independent observations in an autocorrelated time series", JRSS Supplement 8:184, for a first-order series).
 */
export function uptimeBounds(answered: readonly boolean[]): { lower: number; upper: number } {
  const down = answered.filter((ok) => !ok).length / answered.length;
  const n = Math.max(1, Math.floor(independent(answered.map((ok) => (ok ? 0 : 1)))));
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

/** One entry a model, in the order in which they first appear. */
export function uptimeOf(probes: readonly Probe[]): Uptime[] {
  const byModel = new Map<string, Probe[]>();
  for (const probe of probes) {
    const own = byModel.get(probe.model) ?? [];
    byModel.set(probe.model, own);
    own.push(probe);
  }
  return [...byModel].map(([model, own]) => {
    const sorted = own.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    const up = sorted.filter(({ ok }) => ok).length;
    const { length } = sorted;
    return { model, probes: length, up, share: up / length, ...uptimeBounds(sorted.map(({ ok }) => ok)), ...watch(sorted) };
  });
}

const GAP = 1.5;
/** A probe that belongs to no series speaks for ten minutes: that of a cron job, say. */
const ALONE_SECONDS = 600;

function watch(sorted: readonly Probe[]): Pick<Uptime, 'observed_seconds' | 'gaps' | 'gap_seconds' | 'outages' | 'longest_outage'> {
  let [observed_seconds, gaps, gap_seconds, outages] = [0, 0, 0, 0];
  let longest_outage: Outage | null = null;
  let down: Probe | null = null;
  const end = (last: Probe, isBack: boolean) => {
    if (down === null) return;
    const seconds = secondsBetween(down, last);
    if (longest_outage === null || seconds > longest_outage.seconds)
      longest_outage = { from: down.at, to: isBack ? last.at : null, seconds };
    down = null;
  };
  for (const [i, probe] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before) {
      const seconds = secondsBetween(before, probe);
      if (seconds <= Math.max(longestPause(before), longestPause(probe))) observed_seconds += seconds;
      else {
        [gaps, gap_seconds] = [gaps + 1, gap_seconds + seconds];
        end(before, false);
      }
    }
    if (probe.ok) end(probe, true);
    else if (down === null) [down, outages] = [probe, outages + 1];
  }
  if (sorted.length > 0) end(sorted.at(-1)!, false);
  return { observed_seconds, gaps, gap_seconds, outages, longest_outage };
}

const secondsBetween = (a: Probe, b: Probe) => (Date.parse(b.at) - Date.parse(a.at)) / 1000;
const longestPause = ({ every_seconds }: Probe) => (every_seconds === null ? ALONE_SECONDS : GAP * every_seconds);
