/** The egress ledger in one line: what left this machine, and to whom. */
import type { RunRecord } from '../record.ts';
import { oneLine } from './text.ts';

/** Null for records without a ledger. */
export function egressText({ egress, command }: Pick<RunRecord, 'egress' | 'command'>): string | null {
  if (egress === undefined) return null;
  const out = new Map<string, number>();
  for (const { host, bytes_out, loopback } of egress)
    if (!loopback && bytes_out > 0) out.set(oneLine(host, 80), (out.get(oneLine(host, 80)) ?? 0) + bytes_out);
  // what went before was not written down
  const since = command.some((word) => word === '--resume' || word === '--retry-errors') ? 'since it was resumed, ' : '';
  if (out.size === 0) return `${since}nothing left this machine`;
  const parts = [...out].sort((a, b) => b[1] - a[1]).map(([host, bytes]) => `${sizeText(bytes)} to ${host.replace(/:443$/, '')}`);
  return `${since}left this machine: ${parts.join(', ')}`;
}

/** `812 B`, `12 KB`, `3.4 MB`: thousands, as networks count. */
function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
