/** How a run came about, for the foot of its report. */
import { egressText } from '../egress.ts';
import type { RunRecord } from '../../record.ts';
import { oneLine } from '../text.ts';

export function aboutRun(record: RunRecord): { name: string; value: string }[] {
  const { encoder, scoring_version, method } = record.score_identity;
  const rows: [string, string][] = [
    ['command', `onpar ${record.command.join(' ')}`],
    ['exit code', String(record.exit_code)],
    ['versions', `onpar ${record.onpar}, Node ${record.node}, scoring ${scoring_version}`],
    [
      'encoder',
      encoder === null
        ? 'none: no similarity was computed'
        : `${encoder.id}, revision ${encoder.revision}, ${encoder.dimensions} dimensions${encoder.bundled ? ', bundled' : ''}${encoder.server === undefined ? '' : `, served by ${encoder.server}`}`,
    ],
    ['method', method],
    ['hosts contacted', record.hosts_contacted.join(', ') || 'none'],
    ...(record.egress ? [['egress', egressText(record) ?? ''] as [string, string]] : []),
    ...record.suites.map(({ name, file, hash }): [string, string] => [`suite ${name}`, `${file}, sha256 ${hash.slice(0, 12)}`]),
    ...record.models.map((model): [string, string] => {
      const reported = model.reported_models.length === 0 ? '' : `, reported as ${model.reported_models.join(', ')}`;
      const sources = model.sources.length === 0 ? '' : `; ${model.sources.join(', ')}`;
      return [`model ${model.name}`, `${model.provider}: ${model.model}, ${model.answers}${reported}${sources}`];
    }),
    ['this page holds', 'marked (MIT, Christopher Jeffrey and MarkedJS), diff (BSD-3-Clause, Kevin Decker)'],
  ];
  return rows.map(([name, value]) => ({ name: oneLine(name), value: oneLine(value) }));
}
