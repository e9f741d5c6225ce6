/** Sections → docs/validity.md. The same sections give the same bytes, apart from the line that tells date and machine. */
import { goalTable, type Section } from './page.ts';

export function documentOf(sections: readonly Section[], madeOn: string): string {
  const goals = sections.flatMap((section) => section.goals);
  return `${[
    '# What the score is worth, measured',
    INTRO,
    '```\nnpm run validity [-- --data DIR] [--quick] [--encoder DIR] [--out DIR]\n```',
    HOW,
    madeOn,
    '## In one table',
    goalTable(goals),
    ...sections.flatMap(({ title, text }) => [`## ${title}`, text]),
  ].join('\n\n')}\n`;
}

const INTRO = `Parity says how much of what the baseline earns the candidate earns on **your** cases. On closed questions it is as good as the answers you wrote down: it ranks models as the
benchmark's own evaluator does. On open questions it measures how close a model's answers are to the baseline's and whether they contain what you asked for. That ranks models much as
people's preferences do, and echoes, empty answers, answers to another question and texts made to cheat a judge get nothing. The verdict errs on the safe side: a candidate that only just
reaches its target is passed, over many pairs of models, in one suite of twenty or fewer, where judging by the mean passes every second one. The price is that most candidates near the
target are called inconclusive until there are enough cases. A single pair may be passed more often, and a handful of right-or-wrong cases proves a high target too easily. **What it cannot see:** whether something is true, unless an expected element says so; the order of sentences; half an answer by similarity alone;
quality beyond the baseline on open questions, where better but different is simply different; and anything your cases do not ask.`;

const HOW = `This file is written by that command and by nobody's hand. Without \`--data\` it measures what is shipped; DIR holds \`zeroeval\`, \`arena-hard\` and \`alpacaeval\`, whose layouts are told in
\`benchmarks/validity/\`. What a run did not measure says so, and does not vanish; "cannot tell" is a figure that meets its goal while its interval
reaches past it. \`--quick\` draws fewer suites.`;
