/** Time that a try may take, beside the caller's own signal. */

export interface Limit {
  /** aborted by the caller, or when the time is over */
  signal: AbortSignal;
  /** whether the time is over, rather than the caller's patience */
  isLate: () => boolean;
  /** another `ms` from now on */
  extend: (ms: number) => void;
  /** ends whatever is still running under it */
  cut: () => void;
  release: () => void;
}

export function openLimit(outer: AbortSignal, ms: number): Limit {
  const controller = new AbortController();
  let isLate = false;
  const late = () => {
    isLate = true;
    controller.abort();
  };
  const abort = () => controller.abort(outer.reason);
  const start = (time: number) => setTimeout(late, Math.max(0, time));
  let timer = start(ms);
  // not AbortSignal.any: it keeps every signal of a long-lived caller alive
  outer.addEventListener('abort', abort, { once: true });
  if (outer.aborted) abort();
  const release = () => {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  };
  return {
    signal: controller.signal,
    isLate: () => isLate,
    extend: (time) => {
      clearTimeout(timer);
      timer = start(time);
    },
    cut: () => (controller.abort(), release()),
    release,
  };
}
