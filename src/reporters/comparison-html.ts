/** A comparison as one HTML page. */
import type { Comparison, Move } from '../record.ts';
import own from './comparison.css';
import template from './comparison.hbs';
import { changes, LABELS, leftOut, points, sides } from './comparison-text.ts';
import { inertPage } from './inert-page.ts';
import { fixed, oneLine } from './text.ts';

const page = inertPage(template, own);

const MARKS = { regressed: 'bad', improved: 'good', no_worse: 'good', cannot_tell: 'open' } as const;

function headline(comparisons: readonly Comparison[]): string {
  const count = (outcome: Comparison['outcome']) => comparisons.filter((one) => one.outcome === outcome).length;
  const of = `of ${comparisons.length}`;
  if (comparisons.length === 0) return 'Nothing was compared';
  if (count('regressed') > 0) return `${count('regressed')} ${of} got worse`;
  if (count('cannot_tell') > 0) return `Nothing is known to be worse; ${count('cannot_tell')} ${of} cannot be told`;
  return 'Nothing got worse';
}

/** Half the width of the axis: at least a bit more than the margin, and every bound is on it. */
function reachOf({ difference: { lower, upper }, margin }: Comparison): number {
  return Math.max(1.25 * margin, Math.abs(lower ?? 0), Math.abs(upper ?? 0)) * 1.05;
}

/** The change with its bounds on an axis around 0, in percent of its width; null where there are no bounds. */
function axisOf(one: Comparison) {
  const { mean, lower, upper } = one.difference;
  if (mean === null || lower === null || upper === null) return null;
  const reach = reachOf(one);
  const at = (value: number) => ((value / reach + 1) * 50).toFixed(2);
  return {
    mean: `${at(mean)}%`,
    from: `${at(lower)}%`,
    width: `${(((upper - lower) / reach) * 50).toFixed(2)}%`,
    margin: `${at(-one.margin)}%`,
  };
}

const moveOf = ({ case: name, before, after, at }: Move) => ({
  name: oneLine(name, 120),
  before: before.toFixed(3),
  after: after.toFixed(3),
  change: points(after - before),
  where: oneLine(`${at.file}:${at.line}`, 200),
});

function cardOf(one: Comparison) {
  const { difference, transitions } = one;
  return {
    suite: oneLine(one.suite, 120),
    sides: oneLine(sides(one), 300),
    label: LABELS[one.outcome],
    mark: MARKS[one.outcome],
    why: oneLine(one.why, 600),
    axis: axisOf(one),
    bounds: `${points(difference.lower)} to ${points(difference.upper)}`,
    facts: [
      { name: 'quality score', value: `${fixed(one.quality_score.before)} → ${fixed(one.quality_score.after)}` },
      {
        name: 'change, points of 100',
        value: `${points(difference.mean)} (${points(difference.lower)} to ${points(difference.upper)}, 95 %)`,
      },
      { name: 'loss to be excluded', value: `${points(one.margin).replace('+', '')} points` },
      { name: 'cases', value: String(one.n) },
      { name: 'fixed, broken', value: `${transitions.fixed}, ${transitions.broken}` },
      { name: 'p of no loss, after Holm', value: one.p_holm === null ? '–' : one.p_holm.toPrecision(2) },
    ],
    notes: [changes(one), leftOut(one)].filter((note) => note !== ''),
    tables: [
      { title: 'Largest losses', moves: one.losses.map(moveOf) },
      { title: 'Largest gains', moves: one.gains.map(moveOf) },
    ].filter(({ moves }) => moves.length > 0),
  };
}

/** The same comparisons give the same bytes. */
export function comparisonHtml(comparisons: readonly Comparison[]): string {
  return page({ headline: headline(comparisons), cards: comparisons.map(cardOf) });
}
