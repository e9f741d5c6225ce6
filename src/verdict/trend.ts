/** Lines of the history → how each suite and candidate did, run after run. */
import type { HistoryLine, Trend, TrendPoint } from '../record.ts';

/**
 * One trend a suite and candidate, in the order in which they first occur. `differingIn` says why two runs cannot be compared, and nothing when they
 * can. Of each trend the last `last` runs are kept.
 */
export function trendsOf(
  lines: readonly HistoryLine[],
  last: number,
  differingIn: (before: HistoryLine, after: HistoryLine) => string[],
): Trend[] {
  const trends = new Map<string, Trend>();
  for (const line of lines) {
    const key = JSON.stringify([line.suite, line.candidate]);
    const trend = trends.get(key) ?? { suite: line.suite, candidate: line.candidate, points: [] };
    trends.set(key, trend);
    trend.points.push(pointOf(line, trend.points.at(-1), differingIn));
  }
  return [...trends.values()].map((trend) => ({ ...trend, points: trend.points.slice(-last) }));
}

function pointOf(
  line: HistoryLine,
  before: TrendPoint | undefined,
  differingIn: (before: HistoryLine, after: HistoryLine) => string[],
): TrendPoint {
  if (before === undefined) return { ...line, change: null, break: null };
  const differing = differingIn(before, line);
  if (differing.length > 0) return { ...line, change: null, break: differing.join('; ') };
  return { ...line, change: line.parity === null || before.parity === null ? null : line.parity - before.parity, break: null };
}
