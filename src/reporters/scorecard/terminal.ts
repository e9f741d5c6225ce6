/** The scorecard on the command line. */
import type { KpiRow, Readiness, Scorecard } from '../../record.ts';
import { painter, wrap } from '../terminal.ts';
import { oneLine } from '../text.ts';
import {
  claimText,
  countsText,
  figure,
  figureBounds,
  looks,
  readinessLooks,
  rowName,
  summaryLooks,
  summaryName,
  targetText,
} from './words.ts';

const COLOURS = { pass: 'green', fail: 'red', open: 'yellow', none: 'dim' } as const;
const colourOf = (tone: string) => COLOURS[tone as keyof typeof COLOURS];

/** Figures that nobody measured share a line; why is in the files. */
const isElsewhere = ({ kpi, verdict }: KpiRow) => verdict === 'NOT_MEASURED' && kpi !== 'quality';

/** Text of at most `width` columns (72 to 100), ending in a line break. */
export function scorecardTable(card: Scorecard, options: { width: number; colour: boolean }): string {
  const width = Math.max(72, Math.min(100, options.width));
  const paint = painter(options.colour);
  const rule = paint('─'.repeat(width), 'dim');
  const lines = (text: string, indent: number) => wrap(oneLine(text, 1000), width - indent).map((line) => ' '.repeat(indent) + line);

  const summary = card.summary.map((one) => {
    const { tone, sign, label } = summaryLooks(one);
    const [first = '', ...more] = wrap(countsText(one), width - 50);
    const head = `${oneLine(summaryName(one), 34).padEnd(35)}${paint(`${sign} ${label}`.padEnd(15), 'bold', colourOf(tone))}${first}`;
    return [head, ...more.map((line) => ' '.repeat(50) + line)].join('\n');
  });
  const agent = (one: Readiness) => {
    const { tone, sign, label } = readinessLooks(one.readiness);
    const head = `${String(one.order).padStart(2)}  phase ${one.phase}  ${oneLine(one.agent, 40)}`;
    return [
      `${paint(head.padEnd(width - 16), 'bold')}${paint(`${sign} ${label}`, 'bold', colourOf(tone))}`,
      ...lines(`${one.today} → ${one.candidate}${one.critical ? ', critical' : ''}; ${one.why}`, 4),
      ...card.rows.filter((row) => row.agent === one.agent && !isElsewhere(row)).flatMap(figures),
      ...unmeasured(card.rows.filter((row) => row.agent === one.agent && isElsewhere(row))),
      ...(one.waits_for.length === 0 ? [] : lines(`waits for ${one.waits_for.join(', ')}`, 4).map((line) => paint(line, 'dim'))),
    ].join('\n');
  };
  const unmeasured = (rows: readonly KpiRow[]) =>
    rows.length === 0 ? [] : lines(`· not measured: ${rows.map(rowName).join(', ')}`, 4).map((line) => paint(line, 'dim'));
  const figures = (row: KpiRow) => {
    const { tone, sign, label } = looks(row);
    if (row.verdict === 'NOT_MEASURED') return lines(`${sign} ${rowName(row)}: ${label}; ${row.why}`, 4).map((line) => paint(line, 'dim'));
    const claimed = row.claimed === null ? '' : `, claimed ${claimText(row)}`;
    const between = figureBounds(row);
    const told = `${sign} ${rowName(row)}: ${figure(row.kpi, row.value)}${between === '–' ? '' : ` (${between})`}, target ${targetText(row)}${claimed}; ${row.why}`;
    return lines(told, 4).map((line) => paint(line, colourOf(tone)));
  };
  return [
    ...summary,
    rule,
    card.agents.map(agent).join('\n\n'),
    rule,
    paint('one-sided 95 % bounds; -o card.html says why, with a link for every number', 'dim'),
    '',
  ].join('\n');
}
