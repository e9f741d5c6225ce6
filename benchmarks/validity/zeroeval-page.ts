import { type Goal, percent, points, type Section, table } from './page.ts';
import { wilson } from './statistics.ts';
import type { ModelRow, SetResult } from './zeroeval.ts';
import { SETS, type SetName } from './zeroeval-answers.ts';

const FEWEST_RHO = 0.95;
const MOST_POINTS = 0.02;

export function renderZeroEval(results: readonly SetResult[], hasData: boolean): Section {
  const missing = (Object.keys(SETS) as SetName[]).filter((set) => !results.some((result) => result.set === set));
  const from = hasData
    ? 'This run read every second problem of each set and every model there is (`--data`). From what is shipped alone, without `--data`, four models on 180 problems of MATH and four on 240 functions of CRUXEval are measured, and nothing of GSM8K.'
    : 'This run read what is shipped: four models on 180 problems of MATH and four on 240 functions of CRUXEval. The other models, and GSM8K, need `--data`.';
  const text = [
    `Real models' answers to closed questions ([WildEval/ZeroEval](https://github.com/WildEval/ZeroEval) @ 8c1485e, Apache-2.0), read and compared by \`read: { json: answer }\` and \`equals\`, against ZeroEval's own evaluator, written again from its source and sharing no code with ours. ${from}`,
    ...results.map(renderSet),
    ...missing.map((set) => `**${SETS[set].title}**: not measured in this run, its answers are not shipped (\`--data\`).`),
    note(results),
  ];
  return {
    title: 'Are closed answers read right?',
    text: text.join('\n\n'),
    charts: [],
    goals: [...results.flatMap(goalsOf), ...missing.map(goalMissing)],
  };
}

function renderSet({ set, problems, rows, spearman, largest }: SetResult): string {
  return `**${SETS[set].title}**, ${problems} problems, ${rows.length} models: largest difference ${points(largest).replace('+', '')} points, Spearman ${spearman.toFixed(3)}.\n\n${table(
    ['model', 'onpar', 'ZeroEval', 'points', 'right only by onpar', 'right only by ZeroEval', 'published, whole set'],
    rows.map((row) => [
      row.model,
      percent(row.ours),
      percent(row.theirs),
      points(row.ours - row.theirs),
      String(row.onlyOurs),
      String(row.onlyTheirs),
      published(row, problems),
    ]),
  )}`;
}

/** The published figure is of more problems than these: it should lie within what drawing these leaves open. */
function published({ published: share, theirs }: ModelRow, problems: number): string {
  if (share === null) return 'not published';
  const { low, high } = wilson(Math.round(theirs * problems), problems);
  return `${percent(share)}${share < low || share > high ? ' (outside the interval of these)' : ''}`;
}

function note(results: readonly SetResult[]): string {
  const gemma = results.find(({ set }) => set === 'crux')?.rows.find(({ model }) => model === 'gemma-2-2b-it');
  const example = gemma === undefined ? '' : ` That is most of gemma-2-2b-it's ${gemma.onlyOurs} on CRUXEval: a space before the list.`;
  return `Where they differ: ZeroEval compares CRUXEval's answers as strings, so that \`[1,2]\` is not \`[1, 2]\`; onpar compares literals.${example} On MATH, ZeroEval takes the first number of an answer, so that 8 and \`\\sqrt{8} + 2\\sqrt{2}\` are equal; onpar compares values, and does not.`;
}

function goalsOf({ set, spearman, largest }: SetResult): Goal[] {
  const { title } = SETS[set];
  return [
    {
      goal: `${title}: ranks models as ZeroEval does, Spearman ≥ ${FEWEST_RHO}`,
      measured: spearman.toFixed(3),
      isMet: spearman >= FEWEST_RHO,
    },
    {
      goal: `${title}: every model within ${100 * MOST_POINTS} points of ZeroEval`,
      measured: `largest ${points(largest).replace('+', '')}`,
      isMet: largest <= MOST_POINTS,
    },
  ];
}

const goalMissing = (set: SetName): Goal => ({
  goal: `${SETS[set].title}: read as ZeroEval does`,
  measured: 'not measured: needs `--data`',
  isMet: null,
});
