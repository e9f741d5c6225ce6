import { type Adversarial, type KindCount, RULES } from './adversarial.ts';
import { bars, type Chart } from './charts.ts';
import { type Goal, percent, picture, type Section, table } from './page.ts';
import { wilson } from './statistics.ts';

/** What docs/writing-elements.md tells authors of answers that can be checked. */
const ADVISED = 'elements and guards';
const LIMITS = { wrong: 0.05, right: 0.1 };

const PARTS = { tuned: 'the part whose mistakes were read', held_out: 'the part that nobody looked at' } as const;

interface Sum {
  n: number;
  mistakes: number;
}

export function renderAdversarial(found: Adversarial): Section {
  const all = [...found.counts.tuned, ...found.counts.held_out].filter(({ kind }) => kind !== 'all');
  const kinds = [...new Map(all.map(({ kind, isRight }) => [`${kind} ${isRight}`, { kind, isRight }])).values()];
  const rules = Object.keys(RULES);
  const count = (rows: readonly KindCount[], rule: string) => rows.reduce((sum, { mistakes }) => sum + (mistakes[rule] ?? 0), 0);
  const rowsOf = (isRight: boolean) =>
    kinds
      .filter((one) => one.isRight === isRight)
      .map(({ kind }) => {
        const rows = all.filter((row) => row.kind === kind && row.isRight === isRight);
        const n = rows.reduce((sum, row) => sum + row.n, 0);
        return [kind.replaceAll('_', ' '), String(n), ...rules.map((rule) => String(count(rows, rule)))];
      });
  const chart: Chart = {
    name: 'adversarial',
    alt: 'Share of wrong answers accepted and of right answers rejected, by rule; the same numbers are in the tables',
    svg: bars(
      'Wrong answers accepted and right ones rejected',
      rules.flatMap((rule) => [
        { name: `${rule}: wrong accepted`, value: shareOf(sumOf(all, false, rule)) },
        { name: `${rule}: right rejected`, value: shareOf(sumOf(all, true, rule)) },
      ]),
      null,
    ),
  };
  const parts = (['tuned', 'held_out'] as const).map((part) => [
    PARTS[part],
    ...([false, true] as const).map((isRight) => told(sumOf(found.counts[part], isRight, ADVISED))),
  ]);
  const text = [
    `Written for this: ${found.pairs.length} answers to ${new Set(found.pairs.map((pair) => pair.case)).size} questions (\`fixtures/adversarial\`), wrong ones that look right and right ones that look different, judged at a target of ${found.parity_target}. Expected elements were written and committed before the answers, both before the first measurement. After it, elements of two thirds of the questions were improved from their mistakes, as an author would; the last third was never looked at.`,
    picture(chart),
    '**Wrong answers accepted**, of how many:',
    table(['kind', 'answers', ...rules], rowsOf(false)),
    '**Right answers rejected**, of how many:',
    table(['kind', 'answers', ...rules], rowsOf(true)),
    `**${ADVISED}**, which is what the docs advise where an answer can be checked:`,
    table(['questions', 'wrong accepted', 'right rejected'], parts),
    'Similarity cannot tell right from wrong, and takes a terse or reworded right answer for a poor one: on its own, and as half of the score, it belongs to open questions. Elements, answers and guards have one author here, and may fit each other better than in your suites.',
  ].join('\n\n');
  return { title: 'What do made-up wrong answers get?', text, charts: [chart], goals: goalsOf(found, all) };
}

function sumOf(rows: readonly KindCount[], isRight: boolean, rule: string): Sum {
  const own = rows.filter((row) => row.isRight === isRight && row.kind !== 'all');
  return {
    n: own.reduce((sum, row) => sum + row.n, 0),
    mistakes: own.reduce((sum, row) => sum + (row.mistakes[rule] ?? 0), 0),
  };
}

const shareOf = ({ n, mistakes }: Sum): number => mistakes / n;

function told(sum: Sum): string {
  const { low, high } = wilson(sum.mistakes, sum.n);
  return `${sum.mistakes} of ${sum.n}, ${percent(shareOf(sum))} [${percent(low)}, ${percent(high)}]`;
}

function goalsOf(found: Adversarial, all: readonly KindCount[]): Goal[] {
  const goal = (what: string, rows: readonly KindCount[], isRight: boolean): Goal => {
    const limit = isRight ? LIMITS.right : LIMITS.wrong;
    const sum = sumOf(rows, isRight, ADVISED);
    const isMet = shareOf(sum) <= limit && (wilson(sum.mistakes, sum.n).high <= limit || 'unsure');
    return {
      goal: `Adversarial answers, ${what}: ${isRight ? 'right rejected' : 'wrong accepted'} ≤ ${percent(limit)}`,
      measured: told(sum),
      isMet,
    };
  };
  return [
    goal('all', all, false),
    goal('all', all, true),
    goal('held out', found.counts.held_out, false),
    goal('held out', found.counts.held_out, true),
  ];
}
