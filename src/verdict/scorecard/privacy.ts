/** Did anything leave the building while the candidate was asked? From the ledger of bytes where a run has one, else from the hosts it names. */
import type { Agent, KpiRow, MoveTargets } from '../../record.ts';
import type { Evidence, Watched } from './evidence.ts';
import { sourceOf } from './quality.ts';
import { measuredRow, plural, unmeasuredRow } from './row.ts';

const ALL = 1;

export function privacyRow(agent: Agent, { local_hosts }: MoveTargets, { watched }: Evidence): KpiRow {
  const about = { agent, kpi: 'privacy', target: ALL } as const;
  const run = watched.find(({ model }) => model === agent.candidate);
  if (!run) return unmeasuredRow(about, `${agent.candidate} was never asked, only replayed: a replay says nothing of where a prompt goes`);
  const sources = [sourceOf(run)];
  const isLocal = (host: string, loopback = false) => loopback || isLoopback(host) || local_hosts.includes(nameOf(host));
  if (run.egress === undefined) return fromHosts(run);
  const own = run.egress.filter(({ purpose }) => !isOfAnother(purpose, run));
  const total = own.reduce((sum, { bytes_out }) => sum + bytes_out, 0);
  if (total === 0) return unmeasuredRow(about, `the ledger of run ${run.run} holds no byte for ${agent.candidate}`, sources);
  const out = own.filter(({ host, loopback }) => !isLocal(host, loopback));
  const left = out.reduce((sum, { bytes_out }) => sum + bytes_out, 0);
  const why =
    left === 0
      ? `${plural(total, 'byte')} sent in this run, all to this machine or to local hosts`
      : `${plural(left, 'byte')} of ${total} went to ${names(out.map(({ host }) => host))}`;
  return count(1 - left / total, total, why);

  function fromHosts({ hosts, live }: Watched): KpiRow {
    if (hosts.length === 0) return unmeasuredRow(about, `run ${run?.run ?? ''} names no host`, sources);
    const away = hosts.filter((host) => !isLocal(host));
    if (away.length > 0 && live.length > 1)
      return unmeasuredRow(
        about,
        `${names(away)} may be the address of another model asked in the same run: ask the candidate alone`,
        sources,
      );
    const why =
      away.length === 0 ? `every host of this run is local (${names(hosts)}); bytes were not counted` : `this run asked ${names(away)}`;
    return count(1 - away.length / hosts.length, hosts.length, why);
  }
  /** A count, no sample: it has no bounds, and speaks for this run alone. */
  function count(value: number, n: number, why: string): KpiRow {
    const verdict = value === ALL ? 'PASS' : 'NEEDS_WORK';
    return measuredRow(about, { value, lower: null, upper: null, n, why, sources, verdict, reason: value === ALL ? null : 'below_target' });
  }
}

/** Traffic of another model of the run says so in its purpose; anything else is the candidate's. */
function isOfAnother(purpose: string, { model, live }: Watched): boolean {
  const words = purpose.split(/[\s,:;"']+/);
  return !words.includes(model) && live.some((name) => words.includes(name));
}

export function isLoopback(host: string): boolean {
  const name = nameOf(host);
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** `[::1]:80` → `::1`, `host:80` → `host` */
function nameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  if (bracketed !== undefined) return bracketed.toLowerCase();
  return (host.split(':').length === 2 ? (host.split(':')[0] ?? '') : host).toLowerCase();
}

const names = (all: readonly string[]) => [...new Set(all)].join(', ');
