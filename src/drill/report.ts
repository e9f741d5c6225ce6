/** A summary as text: for the terminal, and as Markdown. */
import type { DrillSummary, PhaseSummary } from './summary.ts';

export const HEAD = ['phase', 'fault', 'completed', 'candidate', 'fallback', 'detected', 'recovered', 'p50', 'p95', 'parity'];

export function cells(phase: PhaseSummary): string[] {
  const { name, fault, requests, completed, by_candidate, by_fallback, detected_ms, recovered_ms, p50_ms, p95_ms, parity } = phase;
  const times = [detected_ms, recovered_ms, p50_ms, p95_ms].map(time);
  return [
    name,
    fault ?? 'none',
    `${completed}/${requests}`,
    String(by_candidate),
    String(by_fallback),
    ...times,
    parity === null ? '' : parity.toFixed(2),
  ];
}

/** Milliseconds as people read them; nothing where there is no number. */
export function time(ms: number | null): string {
  if (ms === null) return '';
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Sentences below the table. */
export function sentences(drill: DrillSummary): string[] {
  const { requests, completed, by_candidate, by_fallback, duplicates, local_only, deadline_s } = drill;
  const share = requests === 0 ? 'no request was sent' : `${completed} of ${requests} requests were answered within ${deadline_s} s`;
  return [
    `${share}: ${by_candidate} by ${drill.candidate}, ${by_fallback} by ${drill.fallback}; p50 ${time(drill.p50_ms) || 'unknown'}, p95 ${time(drill.p95_ms) || 'unknown'}, slowest ${time(drill.slowest_ms) || 'unknown'}`,
    `duplicates: ${duplicates.asked_twice} requests sent to the candidate more than once, ${duplicates.answered_twice} answered by both`,
    ...(local_only === null ? [] : [localOnly(local_only)]),
    ...drill.phases.flatMap(({ name, skipped }) => (skipped === null ? [] : [`not run: ${name} (${skipped})`])),
  ];
}

function localOnly({ held, requests, answered, bytes_to_fallback, other_hosts }: NonNullable<DrillSummary['local_only']>): string {
  const where = other_hosts.length > 0 ? `, and ${other_hosts.join(', ')} asked` : '';
  return `local_only ${held ? 'held' : 'DID NOT HOLD'}: ${requests} requests under the same faults, ${answered} answered, ${bytes_to_fallback} bytes to the fallback${where}`;
}

export function terminalText(drill: DrillSummary): string {
  const rows = [HEAD, ...drill.phases.filter(({ skipped }) => skipped === null).map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const isNumber = (i: number) => i >= 2;
  const line = (row: string[]) =>
    row
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const failed = drill.failed.map((why) => `✗ ${why}`);
  const end = drill.failed.length === 0 ? ['✓ everything that was expected held'] : failed;
  return ['', ...rows.map(line), '', ...sentences(drill), ...end, ''].join('\n');
}

export function markdown(drill: DrillSummary): string {
  const safe = (cell: string) => cell.replace(/[|\\<>`*_[\]]/g, '\\$&').replace(/\s+/g, ' ');
  const row = (all: string[]) => `| ${all.map(safe).join(' | ')} |`;
  const table = [row(HEAD), `|${HEAD.map((_, i) => (i >= 2 ? '--:' : '---')).join('|')}|`];
  const verdict = drill.failed.length === 0 ? 'Everything that was expected held.' : 'Something did not hold:';
  return [
    `# Drill ${safe(drill.drill)}: ${safe(drill.model)}`,
    '',
    `${safe(drill.candidate)} first, ${safe(drill.fallback)} as its fallback${drill.suite === null ? '' : `, judged by the elements of suite ${safe(drill.suite)}`}. ${drill.started_at}, onpar ${drill.onpar}.`,
    '',
    verdict,
    ...drill.failed.map((why) => `- ${safe(why)}`),
    '',
    ...table,
    ...drill.phases.filter(({ skipped }) => skipped === null).map((phase) => row(cells(phase))),
    '',
    ...sentences(drill).map((sentence) => `- ${safe(sentence)}`),
    '',
  ].join('\n');
}
