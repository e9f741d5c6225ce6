/** Limits of the hybrid client: their defaults, and what they must be. */
import { InputError } from '../errors.ts';

export interface Limits {
  /** milliseconds that the candidate has for the first token of a stream, all its tries together (20,000; `totalMs` where nobody else may answer) */
  firstTokenMs: number;
  /** milliseconds that the candidate has for an answer that is not streamed, all its tries together (60,000; `totalMs` where nobody else may answer) */
  candidateMs: number;
  /** milliseconds that a call may take in all, falling back included (120,000) */
  totalMs: number;
  /** tries after the first one, of either side: resets, 5xx, broken answers (1) */
  retries: number;
  /** milliseconds between two probes of a candidate that is not asked (5,000) */
  probeIntervalMs: number;
}

export const DEFAULTS: Limits = { firstTokenMs: 20_000, candidateMs: 60_000, totalMs: 120_000, retries: 1, probeIntervalMs: 5_000 };

/** Node takes a longer one for 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function limitsOf(given: Partial<Limits>, isLocalOnly: boolean): Limits {
  const set = Object.fromEntries(Object.entries(given).filter(([key, value]) => key in DEFAULTS && value !== undefined));
  const limits: Limits = { ...DEFAULTS, ...set };
  // times that were not given follow the total
  for (const key of ['firstTokenMs', 'candidateMs'] as const)
    limits[key] = given[key] ?? (isLocalOnly ? limits.totalMs : Math.min(DEFAULTS[key], limits.totalMs / 2));
  for (const [key, value] of Object.entries(limits) as [keyof Limits, number][]) {
    const least = key === 'retries' ? 0 : 1;
    const isRight = value >= least && value <= LONGEST_TIMER_MS && (key !== 'retries' || Number.isInteger(value));
    if (!isRight) throw bad(key, value, key === 'retries' ? 'a whole number, 0 or more' : `milliseconds, 1 to ${LONGEST_TIMER_MS}`);
  }
  for (const key of ['firstTokenMs', 'candidateMs'] as const)
    if (!isLocalOnly && limits[key] >= limits.totalMs)
      throw bad(key, limits[key], `below totalMs (${limits.totalMs}), or no time is left for the baseline`);
  return limits;
}

const bad = (key: string, value: unknown, must: string): InputError =>
  new InputError({ code: 'hybrid/bad-option', what: `hybrid client: ${key} is ${String(value)}`, fix: `it must be ${must}` });
