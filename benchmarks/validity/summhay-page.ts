import { bars, type Chart } from './charts.ts';
import { figure, type Goal, picture, type Section, table } from './page.ts';
import type { SummHayFigures } from './summhay.ts';

/** What has to hold of `insight`. */
export const SUMMHAY_GOALS = { auc: 0.87, r: 0.69, mean_difference: 0.1 };
const MOST_PAIRS = 8;

export function renderSummHay({ summaries, insights, agreements, pairs }: SummHayFigures): Section {
  const ours = agreements.find(({ by }) => by === 'insight');
  if (!ours) throw new Error('the element itself was not measured');
  const chart: Chart = {
    name: 'insights',
    alt: 'AUC of telling insights that are made from those that are not, by who labels them; the same numbers are in the table',
    svg: bars(
      'Telling made points from missing ones: AUC against people',
      [...agreements].sort((a, b) => b.auc - a.auc).map(({ by, auc }) => ({ name: nameOf(by), value: auc })),
      null,
    ),
  };
  const text = [
    `${summaries} summaries, ${insights} insights that people labelled as not, partly or fully made (SummHay, Laban et al. 2024, Apache-2.0; shipped). Beside the element: what LLM judges said of the same insights, and the largest cosine of any line. Parity is the ratio of two models' mean labels, over all pairs of models with ten summaries or more. The window of two sentences and the 0.7 of [the formula](scoring.md#insights) were chosen on this data.`,
    picture(chart),
    table(
      ['labels by', 'AUC', 'r', 'r of a summary', 'parity: mean difference from people', 'largest'],
      agreements.map((row) => [
        nameOf(row.by),
        ...[row.auc, row.r, row.r_summary, row.mean_difference, row.largest_difference].map((value) => figure(value)),
      ]),
    ),
    'The pairs that err most:',
    table(
      ['from → to', 'parity by people', 'by `insight`'],
      pairs.slice(0, MOST_PAIRS).map((pair) => [`${pair.baseline} → ${pair.candidate}`, figure(pair.people), figure(pair.insight)]),
    ),
  ].join('\n\n');
  return { title: 'Is a point made?', text, charts: [chart], goals: goalsOf(ours) };
}

/** `insight` and `cosine` are ours; a judge's name says how it was asked. */
function nameOf(by: string): string {
  if (by === 'insight') return '`insight`';
  return by === 'cosine' ? 'largest cosine' : by.replaceAll('_', ' ');
}

function goalsOf({ auc, r, mean_difference }: SummHayFigures['agreements'][number]): Goal[] {
  return [
    { goal: `SummHay: AUC of insights ≥ ${SUMMHAY_GOALS.auc}`, measured: figure(auc), isMet: auc >= SUMMHAY_GOALS.auc },
    { goal: `SummHay: r with people's labels ≥ ${SUMMHAY_GOALS.r}`, measured: figure(r), isMet: r >= SUMMHAY_GOALS.r },
    {
      goal: `SummHay: mean difference of parity from people's ≤ ${SUMMHAY_GOALS.mean_difference.toFixed(2)}`,
      measured: figure(mean_difference),
      isMet: mean_difference <= SUMMHAY_GOALS.mean_difference,
    },
  ];
}
