/** Uptime of an agent's candidate, from its health probes. */
import type { Agent, KpiRow, MoveTargets } from '../../record.ts';
import { uptimeOf } from '../uptime.ts';
import type { Evidence } from './evidence.ts';
import { measuredRow, plural, unmeasuredRow } from './row.ts';

const SECONDS_PER_HOUR = 3600;

export function uptimeRow(agent: Agent, { uptime: target }: MoveTargets, { probes }: Evidence): KpiRow {
  const about = { agent, kpi: 'uptime', target: target.share } as const;
  if (probes === null) return unmeasuredRow(about, 'there is no file of probes: onpar probe writes one');
  const sources = [{ label: 'probes', path: probes.path }];
  const [uptime] = uptimeOf(probes.lines.filter(({ model }) => model === agent.candidate));
  if (!uptime) return unmeasuredRow(about, `no probe of ${agent.candidate}`, sources);
  const { up, probes: n, share: value, lower, upper, outages } = uptime;
  const seen = uptime.observed_seconds / SECONDS_PER_HOUR;
  const why = `${up} of ${plural(n, 'probe')} in ${hours(seen)} observed, ${outages === 0 ? 'no outage' : plural(outages, 'outage')}`;
  if (seen < target.hours)
    return unmeasuredRow(about, `${why}: shorter than the ${target.hours} hours of the map, so it tells nothing`, sources);
  return measuredRow(about, { value, lower, upper, n, why, sources });
}

const hours = (value: number) => (value >= 48 ? `${(value / 24).toFixed(1)} days` : `${value.toFixed(1)} hours`);
