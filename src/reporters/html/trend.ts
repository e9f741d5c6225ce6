/** Parity of a suite and candidate over earlier runs, oldest first, with this run last: a small line with its bounds. */
import type { Bounds, RunRecord, Verdict } from '../../record.ts';
import { bounds, fixed, oneLine } from '../text.ts';

const [WIDTH, TOP, BOTTOM, MARGIN] = [260, 8, 62, 8];

interface Point extends Bounds {
  parity: number;
  /** 0-based place among all runs, those without a parity too */
  at: number;
}

/** null without an earlier run. */
export function trendOf(verdict: Verdict, { history = [] }: RunRecord) {
  const earlier = history.filter(
    ({ suite, candidate, baseline }) => suite === verdict.suite && candidate === verdict.candidate && baseline === verdict.baseline,
  );
  if (earlier.length === 0) return null;
  const all: (Bounds & { run: string })[] = [...earlier, { ...verdict, run: 'this run' }];
  const points = all.flatMap(({ parity, lower, upper }, at): Point[] => (parity === null ? [] : [{ parity, lower, upper, at }]));
  const values = [verdict.parity_target, ...points.flatMap(({ parity, lower, upper }) => [parity, lower ?? parity, upper ?? parity])];
  const [least, most] = [Math.max(0, Math.min(...values)), Math.min(3, Math.max(...values))];
  const y = (value: number) => {
    const share = most === least ? 0.5 : (Math.min(most, Math.max(least, value)) - least) / (most - least);
    return (BOTTOM - share * (BOTTOM - TOP)).toFixed(1);
  };
  const x = (at: number) => (MARGIN + (at / (all.length - 1)) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const told = all.map((one) => `${oneLine(one.run, 60)}: ${fixed(one.parity)} (${bounds(one.lower, one.upper)})`);
  return {
    line: points.map(({ parity, at }) => `${x(at)},${y(parity)}`).join(' '),
    spans: points.map(({ parity, lower, upper, at }) => ({ x: x(at), from: y(lower ?? parity), to: y(upper ?? parity) })),
    last: points.filter(({ at }) => at === all.length - 1).map(({ parity, at }) => ({ x: x(at), y: y(parity) })),
    target: y(verdict.parity_target),
    runs: all.length,
    description: `Parity over ${all.length} runs, target ${fixed(verdict.parity_target, 2)}. ${told.slice(-8).join('; ')}.`,
  };
}

/** `since run 20261120: parity 0.912 → 0.934, 2 fixed, 1 broken, 3 new`; null without a previous run. */
export function sinceOf({ previous, parity, verdict }: Verdict) {
  if (previous === undefined) return null;
  return {
    run: oneLine(previous.run, 80),
    parity: `${fixed(previous.parity)} → ${fixed(parity)}`,
    verdict: previous.verdict === verdict ? null : `${previous.verdict === 'PASS' ? 'PASS' : 'NEEDS WORK'} before`,
    changes: [
      { name: 'broken', count: previous.broken },
      { name: 'fixed', count: previous.fixed },
      { name: 'new', count: previous.new },
    ],
  };
}
