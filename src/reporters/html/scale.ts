/** Where parities lie on the line that all cards of a report share, so that one can be held against another. */
import type { Bounds, Verdict } from '../../record.ts';

/** Position from the left edge, `12.34%`. */
export type Place = (parity: number) => string;

const STEPS = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10];

/** The shared axis over every bound, target and 1: at most 9 ticks on round numbers. */
export function scaleOf(verdicts: readonly Verdict[]): { place: Place; ticks: { x: string; label: string }[] } {
  const seen = verdicts.flatMap(({ parity, lower, upper, parity_target, self_parity }) => [
    parity,
    lower,
    upper,
    parity_target,
    self_parity?.lower,
    self_parity?.upper,
  ]);
  const known = [0.8, 1.05, ...seen.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))].map((value) =>
    Math.min(20, Math.max(0, value)),
  );
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const step = STEPS.find((size) => (most - least) / size <= 7) ?? 20;
  const [from, to] = [Math.floor(least / step + 1e-9), Math.ceil(most / step - 1e-9)];
  const place: Place = (parity) => `${(Math.min(1, Math.max(0, (parity / step - from) / (to - from))) * 100).toFixed(2)}%`;
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
  return { place, ticks: ticks.map((tick) => ({ x: place(tick), label: tick.toFixed(step < 0.1 || step === 0.25 ? 2 : 1) })) };
}

/** Ends and middle of an interval; null where there is no parity. A missing bound runs to the edge. */
export function intervalOf({ parity, lower, upper }: Bounds, place: Place) {
  if (parity === null) return null;
  return {
    x: place(parity),
    from: lower === null ? '0%' : place(lower),
    to: upper === null ? '100%' : place(upper),
    unbounded: lower === null || upper === null,
  };
}
