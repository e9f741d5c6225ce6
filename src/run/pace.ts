/** Requests and tokens a minute: says how long a call must wait before it may start. */

export interface Pace {
  /** books a call of so many tokens; milliseconds to wait before it starts */
  reserve: (tokens: number) => number;
  /** nobody starts for so many milliseconds */
  pause: (ms: number) => void;
}

/** Calls are spread evenly over the minute, so that a limit is never met in a burst. */
export function pace({ rpm, tpm }: { rpm: number | null; tpm: number | null }, now: () => number): Pace {
  let nextRequest = 0;
  let nextTokens = 0;
  let pausedUntil = 0;
  return {
    reserve(tokens) {
      const at = now();
      const start = Math.max(at, nextRequest, nextTokens, pausedUntil);
      if (rpm !== null) nextRequest = start + 60_000 / rpm;
      if (tpm !== null) nextTokens = start + (tokens * 60_000) / tpm;
      return start - at;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, now() + ms);
    },
  };
}
