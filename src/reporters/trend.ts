/** Trends as a table for the terminal, as CSV, Markdown and JSON. Nothing here computes a result. */
import { stringify } from 'csv-stringify/sync';
import type { Trend, TrendPoint } from '../record.ts';
import { byEnding } from './by-ending.ts';
import { textCell } from './csv.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { painter, wrap } from './terminal.ts';
import { bounds, fixed, oneLine, plural, words } from './text.ts';

const signed = (value: number | null): string => (value === null ? '' : `${value < 0 ? '' : '+'}${value.toFixed(3)}`);

/** ✓ passes, ✗ fails by its answers, ? could not be judged */
function mark({ verdict, reason }: TrendPoint): { sign: string; colour: 'green' | 'red' | 'yellow' } {
  if (verdict === 'PASS') return { sign: '✓', colour: 'green' };
  return reason === 'inconclusive' || reason === 'incomplete' ? { sign: '?', colour: 'yellow' } : { sign: '✗', colour: 'red' };
}

const outcome = ({ verdict, reason }: TrendPoint) => (reason === null ? verdict : `${verdict}, ${words(reason)}`);

/** Widths of the columns after the run: parity, bounds, change. */
const [PARITY, BOUNDS, CHANGE] = [8, 16, 8];
const STRIP = 19;

/** One scale for a whole trend, from the smallest number shown to the largest; cells from 0 to STRIP − 1. */
function scaleOf(points: readonly TrendPoint[]): (value: number) => number {
  const shown = points
    .flatMap(({ parity, lower, upper, parity_target }) => [parity, lower, upper, parity_target])
    .filter((value) => value !== null);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  return (value) => (most === least ? 0 : Math.round(((value - least) / (most - least)) * (STRIP - 1)));
}

/** `──●───` from bound to bound with the parity in it, and `┊` at the target, drawn over by what lies there. */
function strip({ parity, lower, upper, parity_target }: TrendPoint, cell: (value: number) => number): string {
  const cells = Array<string>(STRIP).fill(' ');
  cells[cell(parity_target)] = '┊';
  if (lower !== null && upper !== null) for (let at = cell(lower); at <= cell(upper); at++) cells[at] = cells[at] === '┊' ? '┼' : '─';
  if (parity !== null) cells[cell(parity)] = '●';
  return cells.join('');
}

/** Text of at most `width` columns (80 to 100), ending in a line break. */
export function trendTable(trends: readonly Trend[], options: { width: number; colour: boolean }): string {
  const width = Math.max(80, Math.min(100, options.width));
  const paint = painter(options.colour);
  const run = width - 2 - PARITY - BOUNDS - CHANGE - 2 - STRIP;
  const head = `${''.padEnd(2)}${'run'.padEnd(run)}${'parity'.padStart(PARITY)}${'95 % bounds'.padStart(BOUNDS)}${'change'.padStart(CHANGE)}  ${'┊ target'.padEnd(STRIP)}`;
  const blocks = trends.map(({ suite, candidate, points }) => {
    const cell = scaleOf(points);
    const rows = points.flatMap((point) => {
      const { sign, colour } = mark(point);
      const numbers = `${fixed(point.parity).padStart(PARITY)}${bounds(point.lower, point.upper).padStart(BOUNDS)}${signed(point.change).padStart(CHANGE)}`;
      const cut = point.break === null ? [] : wrap(`scores changed, not compared across: ${oneLine(point.break, 500)}`, width - 4);
      return [
        ...cut.map((line, i) => paint(`${i === 0 ? '╌╌' : '  '}  ${line}`, 'dim')),
        `${paint(sign, colour)} ${oneLine(point.run, run - 1).padEnd(run)}${numbers}  ${paint(strip(point, cell), colour)}`,
      ];
    });
    const title = `${oneLine(suite, 40)} · ${oneLine(candidate, 34)}`;
    return [paint(title, 'bold'), ...rows].join('\n');
  });
  const rule = paint('─'.repeat(width), 'dim');
  return `${[paint(head.trimEnd(), 'dim'), rule, blocks.join('\n\n'), rule].join('\n')}\n`;
}

const HEAD = ['run', 'date', 'verdict', 'parity', '95 % bounds', 'target', 'change', 'cases'];

function trendMarkdown(trends: readonly Trend[]): string {
  const parts = trends.map(({ suite, candidate, points }) => {
    const rows = points.map((point) => [
      markdownText(point.run, 80),
      point.finished_at.slice(0, 10),
      markdownText(outcome(point)),
      fixed(point.parity),
      bounds(point.lower, point.upper),
      fixed(point.parity_target, 2),
      point.break === null ? signed(point.change) : markdownText(`scores changed: ${point.break}`, 300),
      point.n,
    ]);
    const title = `### ${markdownText(suite, 60)}, ${markdownText(candidate, 60)}: ${plural(points.length, 'run')}`;
    return `${title}\n\n${markdownTable(HEAD, rows, [3, 4, 5, 6, 7])}`;
  });
  return `${['## onpar: trend', ...parts].join('\n\n')}\n`;
}

const COLUMNS: Record<string, (point: TrendPoint) => string | number | null> = {
  suite: ({ suite }) => suite,
  baseline: ({ baseline }) => baseline,
  candidate: ({ candidate }) => candidate,
  run: ({ run }) => run,
  finished_at: ({ finished_at }) => finished_at,
  verdict: ({ verdict }) => verdict,
  reason: ({ reason }) => reason,
  parity: ({ parity }) => parity,
  lower: ({ lower }) => lower,
  upper: ({ upper }) => upper,
  parity_target: ({ parity_target }) => parity_target,
  change: ({ change }) => change,
  n: ({ n }) => n,
  break: (point) => point.break,
};

function trendCsv(trends: readonly Trend[]): string {
  const rows = trends.flatMap(({ points }) =>
    points.map((point) =>
      Object.values(COLUMNS).map((read) => {
        const cell = read(point);
        return typeof cell === 'string' ? textCell(cell) : cell;
      }),
    ),
  );
  return stringify(rows, { header: true, columns: Object.keys(COLUMNS), bom: true, record_delimiter: 'windows', escape_formulas: true });
}

const REPORTERS: Record<string, (trends: readonly Trend[]) => string> = {
  '.csv': trendCsv,
  '.md': trendMarkdown,
  '.json': (trends) => `${JSON.stringify({ format: 1, trends }, null, 2)}\n`,
};

/** By the ending of the file. Throws InputError for one that there is none for. */
export const trendReporterFor = (file: string): ((trends: readonly Trend[]) => string) => byEnding(REPORTERS, file, 'trend');
