/** Comparisons as a table for the terminal, as Markdown, as HTML and as JSON. Nothing here computes a result. */
import type { Comparison, Move } from '../record.ts';
import { byEnding } from './by-ending.ts';
import { comparisonHtml } from './comparison-html.ts';
import { changes, LABELS, leftOut, points, sides } from './comparison-text.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { painter, wrap } from './terminal.ts';
import { fixed, oneLine } from './text.ts';

const COLOURS = { regressed: 'red', improved: 'green', no_worse: 'green', cannot_tell: 'yellow' } as const;
const MOST_SHOWN = 5;

/** Text of at most `width` columns (72 to 100), ending in a line break. */
export function comparisonTable(comparisons: readonly Comparison[], options: { width: number; colour: boolean }): string {
  const width = Math.max(72, Math.min(100, options.width));
  const paint = painter(options.colour);
  const rule = paint('─'.repeat(width), 'dim');
  const head = `${'suite'.padEnd(width - 55)}${'outcome'.padEnd(15)}${'before'.padStart(8)}${'after'.padStart(8)}${'change'.padStart(9)}${'cases'.padStart(15)}`;
  const blocks = comparisons.map((one) => {
    const { before, after } = one.quality_score;
    const numbers = `${fixed(before).padStart(8)}${fixed(after).padStart(8)}${points(one.difference.mean).padStart(9)}${String(one.n).padStart(15)}`;
    const name = oneLine(one.suite, width - 57).padEnd(width - 55);
    const moves = one.losses.slice(0, MOST_SHOWN).map((move) => `  ${moveText(move)}`);
    const facts = [sides(one), changes(one), leftOut(one)].filter((fact) => fact !== '');
    return [
      paint(name, 'bold') + paint(LABELS[one.outcome].padEnd(15), 'bold', COLOURS[one.outcome]) + numbers,
      ...wrap(oneLine(one.why, 500), width - 2).map((line) => `  ${paint(line, COLOURS[one.outcome])}`),
      ...facts.flatMap((fact) => wrap(oneLine(fact, 500), width - 2)).map((line) => `  ${paint(line, 'dim')}`),
      ...(moves.length === 0 ? [] : [`  ${paint('largest losses', 'dim')}`, ...moves]),
    ].join('\n');
  });
  return `${[paint(head, 'dim'), rule, blocks.join('\n\n'), rule].join('\n')}\n`;
}

const moveText = ({ case: name, before, after, at }: Move): string =>
  `${before.toFixed(2)} → ${after.toFixed(2)}  ${oneLine(name, 40)}  ${oneLine(at.file, 60)}:${at.line}`;

/** For a comment on a pull request. */
function comparisonMarkdown(comparisons: readonly Comparison[]): string {
  const head = ['suite', 'before → after', 'outcome', 'quality', 'change, points', '95 % bounds', 'cases', 'fixed', 'broken'];
  const rows = comparisons.map((one) => [
    markdownText(one.suite, 60),
    markdownText(sides(one), 120),
    LABELS[one.outcome],
    `${fixed(one.quality_score.before)} → ${fixed(one.quality_score.after)}`,
    points(one.difference.mean),
    `${points(one.difference.lower)} to ${points(one.difference.upper)}`,
    one.n,
    one.transitions.fixed,
    one.transitions.broken,
  ]);
  const notes = comparisons.map((one) => {
    const facts = [one.why, changes(one), leftOut(one)].filter((fact) => fact !== '').map((fact) => markdownText(fact, 400));
    return `- ${markdownText(one.suite, 60)}: ${facts.join('; ')}`;
  });
  const lists = comparisons.flatMap((one) => (one.losses.length + one.gains.length === 0 ? [] : [moveList(one)]));
  return `${['## onpar: compared', markdownTable(head, rows, [4, 6, 7, 8]), notes.join('\n'), ...lists].join('\n\n')}\n`;
}

function moveList({ suite, losses, gains }: Comparison): string {
  const rows = [...losses, ...gains].map(({ case: name, before, after, at }) => [
    markdownText(name, 80),
    before.toFixed(3),
    after.toFixed(3),
    markdownText(`${at.file}:${at.line}`, 120),
  ]);
  const table = markdownTable(['case', 'before', 'after', 'where'], rows, [1, 2]);
  return `<details><summary>${markdownText(suite, 60)}: largest losses and gains</summary>\n\n${table}\n\n</details>`;
}

const REPORTERS: Record<string, (comparisons: readonly Comparison[]) => string> = {
  '.html': comparisonHtml,
  '.md': comparisonMarkdown,
  '.json': (comparisons) => `${JSON.stringify({ format: 1, comparisons }, null, 2)}\n`,
};

/** By the ending of the file. Throws InputError for one that there is none for. */
export const comparisonReporterFor = (file: string): ((comparisons: readonly Comparison[]) => string) =>
  byEnding(REPORTERS, file, 'comparison');
