import { casesToProve } from '../../src/verdict/bounds.ts';
import { linePanels, strips, type Chart, type Panel } from './charts.ts';
import { figure, type Goal, percent, picture, type Section, table } from './page.ts';
import { type CountOutcome, TARGETS } from './right-or-wrong.ts';
import { wilson } from './statistics.ts';
import { atTarget, DISTANCES, type PairOutcome, type SizeOutcome, type VerdictErrors } from './verdict-errors.ts';

const LIMIT = 0.05;

export interface VerdictErrorsMeasured {
  closed: VerdictErrors;
  /** where the closed pairs come from, such as `MATH level 5, GSM8K and CRUXEval` */
  closedFrom: string;
  /** open questions; null where there is no pair */
  graded: VerdictErrors | null;
  exact: CountOutcome[];
  /** suites on which the simulation and `judge` were held against each other */
  judged: number;
}

export function renderVerdictErrors(measured: VerdictErrorsMeasured): Section {
  const { closed, graded } = measured;
  const charts = [passChart(closed), spreadChart(closed)];
  const text = [
    intro(measured),
    `**Right or wrong: ${closed.pairs} pairs** (${measured.closedFrom}).`,
    errorTable(closed),
    'False PASS: the candidate is exactly at the target and the suite says PASS. In brackets the 95 % interval over the models: the jackknife that leaves out one model, and all pairs it has a part in, at a time. Worst pair: the highest rate of any single pair, with the 95 % Wilson interval of its suites; it is picked for being the worst, so that chance alone lifts it.',
    picture(charts[0] as Chart),
    passTable(closed),
    picture(charts[1] as Chart),
    endsTable(closed),
    belowNote(closed),
    gradedText(graded),
    exactText(measured.exact),
  ];
  return { title: 'How often is a verdict wrong?', text: text.join('\n\n'), charts, goals: goalsOf(measured) };
}

function intro({ closed, judged }: VerdictErrorsMeasured): string {
  return `Every ordered pair of models that answered the same cases is a real pair of outcomes. Its parity over all cases is taken for the truth (pairs from 0.6 to 1.4, so that every target lies in 0.5 to 1.5). ${closed.resamples} suites of *n* cases are drawn from each pair with replacement, by a fixed seed, and judged with the target set at a distance from the truth: by the rule of a verdict (lower bound against target) and by the point estimate, which is what most harnesses do. The bounds are the product's (\`parityBounds\`); on ${judged} of the suites \`judge\` itself was asked and gave the same verdicts.

What this does not test: a suite that is no sample of what users ask. And a pair's own cases stand for the whole world here, so its truth is known exactly, as it never is in life.`;
}

function errorTable({ sizes, resamples }: VerdictErrors): string {
  return table(
    ['n', 'false PASS at the target', 'pairs, lowest to highest', 'worst pair', 'same, point rule', 'bound below truth, median'],
    sizes.map(({ n, falsePass, pairs, outcomes, distance }) => {
      const rates = pairs.map((pair) => atTarget(pair).bounds.pass);
      return [
        String(n),
        `**${percent(falsePass.mean)}** ${interval(falsePass.interval)}`,
        `${percent(Math.min(...rates))} to ${percent(Math.max(...rates))}`,
        worstRate(falsePass.worst, resamples),
        percent(atTarget({ outcomes }).point.pass),
        figure(distance),
      ];
    }),
  ).concat(`\n\n${worstPairs(sizes)}`);
}

const pairName = ({ baseline, candidate, set }: PairOutcome): string => `${baseline} → ${candidate}, ${set}`;

/** With the interval that so many suites leave. */
function worstRate(worst: PairOutcome, resamples: number): string {
  const rate = atTarget(worst).bounds.pass;
  return `${percent(rate)} ${interval(wilson(Math.round(rate * resamples), resamples))}`;
}

function worstPairs(sizes: readonly SizeOutcome[]): string {
  const told = sizes.map(({ n, falsePass: { worst }, pairs }) => {
    const above = pairs.filter((pair) => atTarget(pair).bounds.pass > LIMIT).length;
    return `n = ${n}, ${pairName(worst)}, at a true parity of ${figure(worst.truth)} (${above} of ${pairs.length} pairs are above 5 %)`;
  });
  return `Worst pairs: ${told.join('; ')}.`;
}

const interval = (found: { low: number; high: number } | null): string =>
  found === null ? '[too few models]' : `[${percent(Math.max(0, found.low))}, ${percent(found.high)}]`;

const distanceName = (distance: number): string => {
  const points = Math.round(distance * 100);
  return points === 0 ? 'at the target' : points > 0 ? `+${points}` : `−${-points}`;
};

function passTable({ sizes }: VerdictErrors): string {
  const row = (n: number, rule: 'bounds' | 'point', outcomes: SizeOutcome['outcomes']) => [
    String(n),
    rule === 'bounds' ? 'bounds' : 'point',
    ...outcomes.map((outcome) => percent(outcome[rule].pass)),
  ];
  const rows = sizes.flatMap(({ n, outcomes }) => [row(n, 'bounds', outcomes), row(n, 'point', outcomes)]);
  return `PASS, by how far the true parity is from the target (in points):\n\n${table(['n', 'rule', ...DISTANCES.map(distanceName)], rows)}`;
}

function endsTable({ sizes }: VerdictErrors): string {
  const cell = ({ bounds }: SizeOutcome['outcomes'][number]) => `${percent(bounds.below)} / ${percent(1 - bounds.pass - bounds.below)}`;
  const rows = sizes.map(({ n, outcomes }) => [String(n), ...outcomes.map(cell)]);
  return `By the rule of a verdict, NEEDS_WORK \`below_target\` / \`inconclusive\`. From "at the target" to the right, \`below_target\` is a false alarm:\n\n${table(['n', ...DISTANCES.map(distanceName)], rows)}`;
}

function belowNote({ sizes }: VerdictErrors): string {
  const rates = sizes.map((size) => `${percent(atTarget(size).bounds.below)} (n = ${size.n})`).join(', ');
  return `A candidate exactly at its target is told \`below_target\` in ${rates}: more than the nominal 5 %. The pseudo-case of 0.5 pulls both bounds down. That protects from a false PASS and is paid for here.`;
}

function gradedText(graded: VerdictErrors | null): string {
  const head = '**Open questions, graded quality scores.**';
  if (graded === null) return `${head} Not measured in this run: no pair with a true parity of 0.6 to 1.4 was at hand.`;
  const names = graded.sizes[0]?.pairs.map((pair) => `${pairName(pair)} (${figure(pair.truth, 2)})`) ?? [];
  return `${head} Baseline and candidate as in a run, coverage and similarity half and half: ${names.join('; ')}. So few pairs that share a baseline say little about others; more cases than a set has are drawn from it again.\n\n${table(
    ['n', 'false PASS at the target', 'pairs, lowest to highest', 'point rule', 'PASS 5 points above', 'PASS 10 points above'],
    graded.sizes.map(({ n, falsePass, pairs, outcomes }) => {
      const rates = pairs.map((pair) => atTarget(pair).bounds.pass);
      const above = (distance: number) => percent(outcomes.find((outcome) => outcome.distance === distance)?.bounds.pass ?? NaN);
      const range = `${percent(Math.min(...rates))} to ${percent(Math.max(...rates))}`;
      return [
        String(n),
        `${percent(falsePass.mean)} ${interval(falsePass.interval)}`,
        range,
        percent(atTarget({ outcomes }).point.pass),
        above(0.05),
        above(0.1),
      ];
    }),
  )}`;
}

function exactText(exact: readonly CountOutcome[]): string {
  const rows = exact.map(({ n, falsePass, worst }) => [
    String(n),
    ...falsePass.map((chance) => (chance === 0 ? 'cannot pass' : percent(chance))),
    `${percent(worst.falsePass)} at ${figure(worst.target)}`,
  ]);
  const fewest = casesToProve(0.85) ?? NaN;
  const later = exact.filter(({ n }) => n >= 100).flatMap(({ falsePass }) => falsePass.filter((_, i) => (TARGETS[i] ?? 1) <= 0.9));
  return `**Few closed questions, and a baseline that is always right.** Computed exactly, nothing is drawn: the chance of a PASS for a candidate whose parity is the target itself, each answer right or wrong.

${table(['n', ...TARGETS.map((target) => `target ${target}`), 'worst target from 0.5 to 0.98'], rows)}

The fewest cases that can prove 0.85 are ${fewest}, all of them right, and a candidate that is right 85 % of the time manages that in ${percent(0.85 ** fewest)} of suites. Half an answer, which the pseudo-case is, weighs too little where there are no half answers: the smallest suite that can prove a target proves it too easily. Of the real pairs, those come near it whose models are both nearly always right. From 100 cases on, and for targets up to 0.9, the chance is at most ${percent(Math.max(...later))}.`;
}

function goalsOf({ closed, graded, exact }: VerdictErrorsMeasured): Goal[] {
  const judge = (kind: string, { sizes }: VerdictErrors): Goal[] =>
    sizes.map(({ n, falsePass: { mean, interval: found } }) => ({
      goal: `false PASS at the target ≤ 5 %, ${kind}, n = ${n}`,
      measured: `${percent(mean)} ${interval(found)}`,
      isMet: mean > LIMIT ? false : found !== null && found.high <= LIMIT ? true : 'unsure',
    }));
  const open = 'open questions';
  const missing = { goal: `false PASS at the target ≤ 5 %, ${open}`, measured: 'not measured: no pair at hand', isMet: null };
  const worst = exact.reduce((a, b) => (b.worst.falsePass > a.worst.falsePass ? b : a));
  const atWorst: Goal = {
    goal: 'false PASS at the target ≤ 5 %, right or wrong, at the worst target and n (exact)',
    measured: `${percent(worst.worst.falsePass)} at ${figure(worst.worst.target)}, n = ${worst.n}`,
    isMet: worst.worst.falsePass <= LIMIT,
  };
  return [...judge('right or wrong', closed), atWorst, ...(graded === null ? [missing] : judge(open, graded))];
}

function passChart({ sizes, pairs }: VerdictErrors): Chart {
  const panel = (title: string, rule: 'bounds' | 'point'): Panel => ({
    title,
    series: sizes.map(({ n, outcomes }) => ({ name: `n = ${n}`, points: outcomes.map((o) => [o.distance, o[rule].pass] as const) })),
  });
  const x = {
    title: 'true parity minus target, points',
    from: -0.1,
    to: 0.1,
    ticks: DISTANCES.filter((d) => Math.abs(d) !== 0.02),
    show: (d: number) => distanceName(d).replace('at the target', '0'),
  };
  const y = { title: 'PASS', from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1], show: (share: number) => `${100 * share} %` };
  return {
    name: 'pass-rate',
    alt: `PASS rate against the distance of the true parity from the target over ${pairs} pairs; the same numbers are in the table below`,
    svg: linePanels(
      'How often a suite says PASS (dashed: 5 %)',
      [panel('Verdict: lower bound reaches the target', 'bounds'), panel('Point rule: parity reaches the target', 'point')],
      x,
      y,
      LIMIT,
    ),
  };
}

function spreadChart({ sizes }: VerdictErrors): Chart {
  const columns = sizes.map(({ n, pairs, falsePass }) => ({
    name: `n = ${n}`,
    values: pairs.map((pair) => atTarget(pair).bounds.pass),
    mean: falsePass.mean,
    interval: falsePass.interval,
  }));
  const top = Math.max(0.1, ...columns.flatMap((column) => column.values));
  const to = Math.ceil(top * 50) / 50;
  const y = {
    title: 'PASS although the parity is only at the target',
    from: 0,
    to,
    ticks: [0, 0.05, 0.1, 0.15, 0.2].filter((t) => t <= to),
    show: percent,
  };
  return {
    name: 'false-pass',
    alt: 'False PASS at the target of every pair, with mean and interval; the same numbers are in the table above',
    svg: strips('False PASS at the target: each dot a pair (dashed: 5 %)', columns, y, LIMIT),
  };
}
