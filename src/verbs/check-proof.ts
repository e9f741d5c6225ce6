/** Lines of `onpar check` on what a suite can prove: whether its cases are enough, and which parity gets a PASS. */
import type { Suite } from '../record.ts';
import { plural } from '../reporters/text.ts';
import { casesToProve, type Pair } from '../verdict/bounds.ts';
import { casesToPass, sizeOf, smallestParity, type Spread, spreadOf, USUAL_SPREAD } from '../verdict/resolution.ts';

/** How far above the target the parity lies for which cases are counted, at most half of the way to 1. */
const ABOVE = 0.05;
/** Fewer say little of their spread. */
const FEWEST_CASES = 10;

/** `n`: cases that count. `pairs`: quality scores by candidate that recordings give without embedding, where they give any. */
export function proofLines(suite: Suite, n: number, pairs: ReadonlyMap<string, readonly Pair[]>): string[] {
  const target = suite.parity_target;
  const needed = casesToProve(target);
  if (suite.decision === 'point') return ['  proof      decided on the point estimate: nothing is proved'];
  if (needed === null) return [`  proof      no number of cases can prove a target of ${target}; lower it`];
  if (n < needed)
    return [
      `  proof      TOO SMALL: even a perfect candidate needs ${needed} cases to prove ${target}, there ${n === 1 ? 'is' : 'are'} ${n}`,
      ...resolutionLines(suite, n, 'the usual spread', USUAL_SPREAD),
    ];
  const spreads = [...pairs].flatMap(([name, own]): [string, Spread][] => {
    const spread = own.length < FEWEST_CASES ? null : spreadOf(own);
    return spread === null || sizeOf(spread, target) === 0 ? [] : [[`the spread of ${name}`, spread]];
  });
  if (spreads.length === 0) spreads.push(['the usual spread', USUAL_SPREAD]);
  return [
    `  proof      big enough: a perfect candidate needs ${needed} cases to prove ${target}`,
    ...luckLines(suite, n),
    ...spreads.flatMap(([name, spread]) => resolutionLines(suite, n, name, spread)),
  ];
}

/** At most so often should a candidate at its target get every case right. */
const MOST_LUCK = 0.05;

/**
 * Where each case is right or wrong, the bounds of few cases are too generous: a candidate exactly at the target gets all n right, and PASS,
 * with the chance target^n (docs/validity.md). Nothing is said of suites that are graded, or large enough.
 */
function luckLines({ cases, parity_target: target }: Suite, n: number): string[] {
  const luck = target ** n;
  if (luck <= MOST_LUCK || target >= 1) return [];
  for (const { weights, elements } of cases) {
    const isClosed = Object.entries(weights).every(([name, weight]) => name === 'coverage' || weight === 0);
    if (!isClosed || elements.length !== 1 || elements[0]?.kind === 'insight') return [];
  }
  const enough = Math.ceil(Math.log(MOST_LUCK) / Math.log(target));
  return [
    `  luck       right or wrong: a candidate at the target gets all ${n} right ${Math.round(100 * luck)} times in 100;`,
    `             with ${enough} cases, 5 times`,
  ];
}

/** Parities that get a PASS once in two and 4 times in 5; then how many cases would do for one a little above the target. */
function resolutionLines({ parity_target: target }: Suite, n: number, name: string, spread: Spread): string[] {
  const [even, likely] = [smallestParity(n, target, spread, 0.5), smallestParity(n, target, spread, 0.8)];
  const wanted = target + Math.min(ABOVE, (1 - target) / 2);
  const enough = casesToPass(wanted, target, spread, 0.8);
  const would = enough === null || enough <= n ? '' : `${plural(enough, 'case')} would do for one of ${Number(wanted.toFixed(3))}`;
  const size = `${name} (${sizeOf(spread, target).toFixed(2)})`;
  if (even === null || likely === null) return would === '' ? [] : [`  resolves   at ${size} ${would}`];
  return [
    `  resolves   at ${size} PASS needs a parity of about ${about(even)}; of ${about(likely)} for 4 times in 5`,
    ...(would === '' ? [] : [`             ${would}`]),
  ];
}

/** Two decimals; three where two would look like 1. */
function about(parity: number): string {
  return parity.toFixed(parity > 0.975 && parity < 1 ? 3 : 2);
}
