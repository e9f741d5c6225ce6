/** A drill on the command line, and as Markdown. */
import type { DrillPhase, DrillSummary } from '../../record.ts';
import { fit, painter, wrap } from '../terminal.ts';
import { oneLine } from '../text.ts';
import { expectedOf, faultOf, headline, parityOf, phasesRun, reasonsOf, sentences, time } from './words.ts';

/** Columns after the phase, with their widths. The fault is in the phase's name, and p95 in the sentences. */
const COLUMNS: Readonly<Record<string, [number, (phase: DrillPhase) => string]>> = {
  asked: [5, ({ requests }) => String(requests)],
  'by cand.': [8, ({ by_candidate }) => String(by_candidate)],
  fallback: [8, ({ by_fallback }) => String(by_fallback)],
  detected: [8, ({ detected_ms }) => time(detected_ms)],
  recovered: [9, ({ recovered_ms }) => time(recovered_ms)],
  p50: [6, ({ p50_ms }) => time(p50_ms)],
  parity: [6, parityOf],
};

/** Text of at most `width` columns (72 to 100), ending in a line break. */
export function drillTable(drill: DrillSummary, options: { width: number; colour: boolean }): string {
  const width = Math.max(72, Math.min(100, options.width));
  const paint = painter(options.colour);
  const first = width - Object.values(COLUMNS).reduce((sum, [cells]) => sum + cells + 1, 2);
  const line = (name: string, cells: string[]) =>
    `${fit(name, first)}${cells.map((cell, i) => ` ${cell.padStart(Object.values(COLUMNS)[i]?.[0] ?? 0)}`).join('')}`;
  const row = (phase: DrillPhase) => {
    const mark = phase.failed.length === 0 ? paint('✓ ', 'green') : paint('✗ ', 'red');
    return (
      mark +
      line(
        oneLine(phase.name),
        Object.values(COLUMNS).map(([, cell]) => cell(phase)),
      )
    );
  };
  const told = (text: string) => wrap(text, width - 2).map((part, i) => (i === 0 ? part : `  ${part}`));
  const end =
    drill.failed.length === 0
      ? [paint('✓ everything that was expected held', 'green')]
      : drill.failed.flatMap((why) => told(`✗ ${oneLine(why, 1_000)}`)).map((text) => paint(text, 'red'));
  return [
    '',
    paint(`  ${line('phase', Object.keys(COLUMNS))}`, 'dim'),
    ...phasesRun(drill).map(row),
    '',
    ...sentences(drill).flatMap(told),
    ...end,
    '',
  ].join('\n');
}

const HEAD = [
  'phase',
  'fault',
  'answered',
  'candidate',
  'fallback',
  'detected',
  'recovered',
  'p50',
  'p95',
  'parity',
  'expected',
  'why not the candidate',
];

const cells = (phase: DrillPhase): string[] => [
  phase.name,
  faultOf(phase),
  `${phase.completed}/${phase.requests}`,
  String(phase.by_candidate),
  String(phase.by_fallback),
  ...[phase.detected_ms, phase.recovered_ms, phase.p50_ms, phase.p95_ms].map(time),
  parityOf(phase),
  expectedOf(phase),
  reasonsOf(phase),
];

export function drillMarkdown(drill: DrillSummary): string {
  const safe = (text: string) => oneLine(text, 1_000).replace(/[|\\<>`*_[\]]/g, '\\$&');
  const row = (all: string[]) => `| ${all.map(safe).join(' | ')} |`;
  const judged = drill.suite === null ? '' : `, judged by the elements of suite ${safe(drill.suite)}`;
  return [
    `# Drill ${safe(drill.drill)}: ${safe(headline(drill))}`,
    '',
    `${safe(drill.model)}: ${safe(drill.candidate)} first, ${safe(drill.fallback)} as its fallback${judged}. ${drill.started_at}, onpar ${drill.onpar}.`,
    '',
    ...(drill.failed.length === 0 ? ['Everything that was expected held.'] : drill.failed.map((why) => `- ${safe(why)}`)),
    '',
    row(HEAD),
    `|${HEAD.map((_, i) => (i >= 2 && i < 10 ? '--:' : '---')).join('|')}|`,
    ...phasesRun(drill).map((phase) => row(cells(phase))),
    '',
    ...sentences(drill).map((sentence) => `- ${safe(sentence)}`),
    '',
  ].join('\n');
}
