/** Requests and tokens a minute: says how long a call must wait before it may start. */

/** Books a call of so many tokens; milliseconds to wait before it starts. */
export type Pace = (tokens: number) => number;

/** Calls are spread evenly over the minute, so that a limit is never met in a burst. null is no limit. */
export function pace({ rpm, tpm }: { rpm: number | null; tpm: number | null }, now: () => number): Pace {
  let nextRequest = 0;
  let nextTokens = 0;
  return (tokens) => {
    const at = now();
    const start = Math.max(at, nextRequest, nextTokens);
    if (rpm !== null) nextRequest = start + 60_000 / rpm;
    if (tpm !== null) nextTokens = start + (tokens * 60_000) / tpm;
    return start - at;
  };
}
