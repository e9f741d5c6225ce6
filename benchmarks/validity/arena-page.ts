import { type ArenaResult, BASELINE, CANDIDATE } from './arena.ts';
import { bars, type Chart } from './charts.ts';
import type { Degenerate } from './degenerate.ts';
import { figure, type Goal, percent, picture, type Section, table } from './page.ts';

const LIMIT = 0.03;
const WORTHLESS: Degenerate[] = ['empty answers', 'the prompt itself', 'answers to other prompts', 'one text for all'];
const CUT: Degenerate[] = ['first 10 %', 'first 25 %', 'first 50 %'];

export function renderArena({ isShipped, cases, rows }: ArenaResult): Section {
  const value = (name: string) => rows.find((row) => row.name === name)?.mean ?? NaN;
  const chart: Chart = {
    name: 'degenerate-answers',
    alt: 'Mean similarity of real and of degenerate answers; the same numbers are in the table',
    svg: bars(
      'Similarity of real and of degenerate answers, Arena-Hard',
      rows.map((row) => ({ name: row.name, value: row.mean })),
      null,
    ),
  };
  const whose = isShipped
    ? `the ${cases} prompts that are shipped (\`--data\` has 250)`
    : `${cases} prompts (130 of them are shipped, and are measured without \`--data\`)`;
  const text = [
    `Open-ended prompts of real users ([lmarena/arena-hard-auto](https://github.com/lmarena/arena-hard-auto) @ 196f6b8, Apache-2.0), ${whose}. ${BASELINE[0]} and its next version, ${BASELINE[1]}, are the baseline's samples; ${CANDIDATE} is the candidate, and the degenerate answers are made from its own. This is similarity alone, without any expected element.`,
    picture(chart),
    table(
      ['answers', 'mean similarity', 'one case in twenty is above', 'says nothing'],
      rows.map((row) => [row.name, figure(row.mean), figure(row.p95), percent(row.silent)]),
    ),
    `Similarity hardly sees the order of sentences: shuffled answers keep ${figure(value('sentences shuffled'), 2)} of the ${figure(value(CANDIDATE), 2)} that the whole ones get. Half an answer still gets ${figure(value('first 50 %'), 2)}: that an answer was cut off is known from its \`finish_reason\`, which fails the case, and not from its similarity.`,
  ].join('\n\n');
  return { title: 'Does similarity see through answers that are none?', text, charts: [chart], goals: goalsOf(value) };
}

function goalsOf(value: (name: string) => number): Goal[] {
  const order = [...CUT.map(value), value(CANDIDATE)];
  return [
    ...WORTHLESS.map((name) => ({
      goal: `Arena-Hard: similarity of ${name} ≤ ${LIMIT}`,
      measured: figure(value(name)),
      isMet: value(name) <= LIMIT,
    })),
    {
      goal: 'Arena-Hard: the more of an answer, the more similar, 10 < 25 < 50 < 100 %',
      measured: order.map((v) => figure(v, 2)).join(' < '),
      isMet: order.every((v, i) => i === 0 || v > (order[i - 1] ?? NaN)),
    },
  ];
}
