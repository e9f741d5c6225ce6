/** The result table of the command line: numbers aligned, reasons wrapped, nothing wider than the terminal. */
import type { RunView, Verdict } from '../record.ts';
import { costFacts, costsToShow } from './cost.ts';
import { egressText } from './egress.ts';
import { decidedText, quarantinedText, reviewLines } from './reviews.ts';
import { bounds, counts, fixed, luckText, oneLine, plural, sinceText } from './text.ts';

interface Options {
  /** columns of the terminal; 40 to 100 are used */
  width: number;
  colour: boolean;
}
type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
type Paint = (text: string, ...styles: Style[]) => string;

const CODES: Record<Style, number> = { bold: 1, dim: 2, green: 32, red: 31, yellow: 33 };
export const painter =
  (colour: boolean): Paint =>
  (text, ...styles) =>
    colour && text !== '' ? `\u001B[${styles.map((style) => CODES[style]).join(';')}m${text}\u001B[0m` : text;

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}]/u;
const cellWidth = (text: string) =>
  [...text].reduce((sum, character) => sum + (/\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0);

/** The text cut to `width` cells with an ellipsis, or filled up with blanks. */
export function fit(text: string, width: number): string {
  if (cellWidth(text) <= width) return text + ' '.repeat(width - cellWidth(text));
  let cut = '';
  for (const character of text) {
    if (cellWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return fit(`${cut}…`, width);
}

/** Lines of at most `width` cells; a longer word is broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    if (line !== '' && cellWidth(line) + 1 + cellWidth(word) > width) [line, lines[lines.length]] = ['', line];
    while (cellWidth(word) > width) [lines[lines.length], word] = [word.slice(0, width / 2), word.slice(width / 2)];
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** Widths of the columns after the first: verdict, parity, bounds, target, cases. */
const COLUMNS = [14, 8, 16, 8, 7] as const;
const columns = (first: string, cells: readonly string[], width: number) => {
  const [verdict = '', ...numbers] = cells;
  const aligned = numbers.map((cell, index) => cell.padStart(COLUMNS[index + 1] ?? 0));
  return {
    first: fit(first, width - COLUMNS.reduce((sum, n) => sum + n, 0)),
    verdict: verdict.padEnd(COLUMNS[0]),
    numbers: aligned.join(''),
  };
};

/** `coverage 0.74 → 0.75`, `similarity 0.81`, …: facts that follow the verdict, several a line where they fit. */
function facts(verdict: Verdict): string[] {
  const { coverage, similarity, self_parity, baseline_left_out } = verdict;
  const left = counts(baseline_left_out);
  const all = [`coverage ${fixed(coverage.baseline, 2)} → ${fixed(coverage.candidate, 2)}`, `similarity ${fixed(similarity.candidate, 2)}`];
  if (self_parity !== null) all.push(`baseline vs itself ${fixed(self_parity.parity)} (${bounds(self_parity.lower, self_parity.upper)})`);
  if (sinceText(verdict) !== '') all.push(sinceText(verdict));
  if (luckText(verdict) !== '') all.push(luckText(verdict));
  all.push(...[decidedText(verdict), quarantinedText(verdict)].filter((text) => text !== ''));
  if (verdict.counts.incomplete > 0) all.push(`${plural(verdict.counts.incomplete, 'case')} not judged`);
  if (left !== '') all.push(`baseline samples left out: ${left}`);
  return all;
}

function joinFacts(all: string[], width: number): string[] {
  const lines: string[] = [];
  for (const fact of all) {
    const last = lines.at(-1);
    if (last !== undefined && cellWidth(last) + 3 + cellWidth(fact) <= width) lines[lines.length - 1] = `${last} · ${fact}`;
    else lines.push(...wrap(fact, width));
  }
  return lines;
}

function block(verdict: Verdict, width: number, paint: Paint): string[] {
  const isPass = verdict.verdict === 'PASS';
  const numbers = [fixed(verdict.parity), bounds(verdict.lower, verdict.upper), fixed(verdict.parity_target, 2), String(verdict.n)];
  const cells = columns(oneLine(verdict.suite, 200), [isPass ? '✓ PASS' : '✗ NEEDS_WORK', ...numbers], width);
  const inner = width - 2;
  const models = wrap(`${oneLine(verdict.baseline, 200)} → ${oneLine(verdict.candidate, 200)}`, inner);
  const reason = isPass ? [] : wrap(oneLine(verdict.why, 1_000), inner);
  const colour = isPass ? 'green' : verdict.reason === 'inconclusive' || verdict.reason === 'incomplete' ? 'yellow' : 'red';
  return [
    paint(cells.first, 'bold') + paint(cells.verdict, 'bold', colour) + cells.numbers,
    ...models.map((line) => `  ${line}`),
    ...reason.map((line) => `  ${paint(line, colour)}`),
    ...joinFacts(facts(verdict), inner).map((line) => `  ${paint(line, 'dim')}`),
  ];
}

/** The verdicts of a run as text of at most `options.width` columns, ending in a line break. */
export function terminalTable({ record }: RunView, options: Options): string {
  const width = Math.max(72, Math.min(100, options.width));
  const paint = painter(options.colour);
  const head = columns('suite', ['verdict', 'parity', '95 % bounds', 'target', 'cases'], width);
  const blocks = record.verdicts.map((verdict) => block(verdict, width, paint).join('\n'));
  const rule = paint('─'.repeat(width), 'dim');
  const { encoder } = record.score_identity;
  const where = encoder?.server === undefined ? 'computed locally' : `computed by ${oneLine(encoder.server, 200)}`;
  const scored =
    encoder === null ? [] : wrap(`similarity by ${oneLine(encoder.id, 200)} (${oneLine(encoder.revision, 12)}), ${where}`, width);
  const reviews = reviewLines(record).flatMap((line) => wrap(oneLine(line, 1_000), width));
  const costs = costsToShow(record).flatMap((cost) => joinFacts(costFacts(cost), width));
  const egress = wrap(egressText(record) ?? '', width);
  return [
    paint(head.first + head.verdict + head.numbers, 'dim'),
    rule,
    blocks.join('\n\n'),
    rule,
    ...[...reviews, ...scored, ...costs, ...egress].map((line) => paint(line, 'dim')),
    '',
  ].join('\n');
}
