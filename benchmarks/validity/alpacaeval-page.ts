import { type AlpacaResult, GAMED, SAMPLES } from './alpacaeval.ts';
import { type Chart, scatter } from './charts.ts';
import { figure, type Goal, picture, type Section, table } from './page.ts';

const FEWEST_RHO = 0.93;
const WORTHLESS = ['(empty answers)', '(the prompt itself)', '(answers to other prompts)', '(one text for all)'];
const MOST_WORTHLESS = 0.03;
const MOST_GAMED = 0.12;
const CUT = ['(first 10 %)', '(first 25 %)', '(first 50 %)', SAMPLES[1]];

export const ALPACAEVAL = 'Does parity rank real models as people do?';
export const ENCODERS = 'Does another encoder say the same?';
export const ALPACAEVAL_GOALS = [
  `AlpacaEval: Spearman of parity and win rate ≥ ${FEWEST_RHO}`,
  `AlpacaEval: worthless answers ≤ ${MOST_WORTHLESS}, gamed ones ≤ ${MOST_GAMED}`,
];

export function renderAlpacaEval(first: AlpacaResult, second: AlpacaResult): Section {
  const ranked = first.rows.filter((row) => row.winRate !== null);
  const chart: Chart = {
    name: 'win-rate',
    alt: 'Parity of each model against its length-controlled win rate; the same numbers are in the table',
    svg: scatter(
      'Parity and win rate, AlpacaEval 2, first set',
      ranked.map(({ name, winRate, parity }) => ({ name, x: winRate ?? NaN, y: parity })),
      { title: 'length-controlled win rate, per cent', from: 0, to: 60, ticks: [0, 10, 20, 30, 40, 50, 60], show: String },
      { title: 'parity', from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], show: (value) => value.toFixed(2) },
    ),
  };
  const other = new Map(second.rows.map((row) => [row.name, row]));
  const rows = first.rows.map((row) => {
    const again = other.get(row.name);
    const cells = [row.parity, row.similarity, row.coverage, again?.parity, again?.similarity, again?.coverage];
    return [row.name, row.winRate?.toFixed(1) ?? '', ...cells.map((value) => figure(value ?? null))];
  });
  const largest = Math.max(...first.rows.map((row) => Math.abs(row.parity - (other.get(row.name)?.parity ?? NaN))));
  const text = [
    `AlpacaEval 2 (tatsu-lab/alpaca_eval @ cd543a1, CC-BY-NC-4.0: read from a folder, measured, not shipped): ${SAMPLES[0]} and ${SAMPLES[1]} as the baseline's samples, word stems that three GPT-4 answers share as expected elements, half and half. The first set is the ${first.cases} prompts with four stems or more that come first in the order of sha256(id), the second the next ${second.cases}: other prompts, and nothing was changed for them. In parentheses: degenerate answers, made from those of ${SAMPLES[1]}, which is itself a sample: cut or shuffled, they are compared with their own whole.`,
    `Spearman with the length-controlled win rate over ${ranked.length} models: **${first.spearman.toFixed(3)}** and **${second.spearman.toFixed(3)}**. Largest difference of a parity between the sets: ${figure(largest)}. The formulas were chosen on AlpacaEval answers, so neither set is news to them; no number was changed for the second.`,
    picture(chart),
    table(['answers', 'win rate', 'parity', 'S', 'K', 'second set: parity', 'S', 'K'], rows),
    'A win rate is quality, and parity is closeness to one baseline: a better model that answers otherwise is low here. The stems come from GPT-4 answers, which favours that family.',
  ].join('\n\n');
  return { title: ALPACAEVAL, text, charts: [chart], goals: [...goalsOf('first set', first), ...goalsOf('second set', second)] };
}

function goalsOf(set: string, { rows, spearman }: AlpacaResult): Goal[] {
  const parity = (name: string) => rows.find((row) => row.name === name)?.parity ?? NaN;
  const order = CUT.map(parity);
  const most = (names: readonly string[], limit: number, kind: string): Goal => ({
    goal: `AlpacaEval, ${set}: parity of ${kind} ≤ ${limit}`,
    measured: names.map((name) => `${name.replace(/[()]/g, '')} ${figure(parity(name))}`).join(', '),
    isMet: names.every((name) => parity(name) <= limit),
  });
  return [
    {
      goal: `AlpacaEval, ${set}: Spearman of parity and win rate ≥ ${FEWEST_RHO}`,
      measured: spearman.toFixed(3),
      isMet: spearman >= FEWEST_RHO,
    },
    most(WORTHLESS, MOST_WORTHLESS, 'worthless answers'),
    most(GAMED, MOST_GAMED, 'answers made to cheat a judge'),
    {
      goal: `AlpacaEval, ${set}: the more of an answer, the higher its parity, 10 < 25 < 50 < 100 %`,
      measured: order.map((value) => figure(value, 2)).join(' < '),
      isMet: order.every((value, i) => i === 0 || value > (order[i - 1] ?? NaN)),
    },
  ];
}

/** `one` by the usual encoder, `other` by the one that was given, on the same cases. */
export function renderEncoders(one: AlpacaResult, other: AlpacaResult, names: readonly [string, string]): Section {
  const again = new Map(other.rows.map((row) => [row.name, row]));
  const rows = one.rows.map((row) => [
    row.name,
    ...[row.parity, again.get(row.name)?.parity, row.similarity, again.get(row.name)?.similarity].map((value) => figure(value ?? null)),
  ]);
  const largest = Math.max(...one.rows.map((row) => Math.abs(row.parity - (again.get(row.name)?.parity ?? NaN))));
  const text = `The first set of AlpacaEval by ${names[0]} and by ${names[1]}. Spearman with the win rate: ${one.spearman.toFixed(3)} and ${other.spearman.toFixed(3)}; largest difference of a parity: ${figure(largest)}.\n\n${table(
    ['answers', `parity, ${names[0]}`, `parity, ${names[1]}`, `S, ${names[0]}`, `S, ${names[1]}`],
    rows,
  )}`;
  return { title: ENCODERS, text, charts: [], goals: goalsOf(`encoder ${names[1]}`, other) };
}
