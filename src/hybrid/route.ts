/** Candidate first, baseline as the fallback: who is asked, how often, and within which time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { handleWhen, retry } from 'cockatiel';
import type { Circuit } from './circuit.ts';
import { openLimit } from './limit.ts';
import type { Limits } from './options.ts';
import { Failed, type Failure, type Side, type SideName } from './side.ts';
import { type Answered, type Call, trySide } from './try-side.ts';

/** Who answered, and why. On every answer as `onpar`. */
export interface Onpar {
  answered_by: SideName;
  /** id that the server reported; null when it does not tell */
  model: string | null;
  /** `healthy`; else why the candidate did not answer: `circuit_open`, or the state of its failure (`unreachable`, `timed_out`, `wrong_model` …) */
  reason: string;
  /** a sentence; null when the candidate answered */
  why: string | null;
  /** requests sent for this call, by side */
  attempts: Record<SideName, number>;
  /** of the candidate, 0..1, when the answer was ready (src/hybrid/health.ts) */
  health: number;
  /** milliseconds from the call to the answer, or to the end of its stream */
  ms: number;
  /** milliseconds of them that went to the candidate before the baseline was asked; 0 when one of the two was not */
  lost_ms: number;
}

/** Nobody answered: what each side failed with. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly failures: Partial<Record<SideName, Failure>>;
  readonly attempts: Record<SideName, number>;
  constructor(failures: Partial<Record<SideName, Failure>>, attempts: Record<SideName, number>) {
    super(
      Object.entries(failures)
        .map(([side, { state, why }]) => `${side}: ${state} (${why})`)
        .join('; '),
    );
    this.failures = failures;
    this.attempts = attempts;
  }
}

export interface Sides {
  candidate: Side;
  /** null: there is no fallback */
  baseline: Side | null;
  circuit: Circuit;
  limits: Limits;
}

export interface Routed {
  answered: Answered;
  reason: string;
  why: string | null;
  attempts: Record<SideName, number>;
  lostMs: number;
  /** on the clock of performance.now() */
  endsAt: number;
}

/** A wait that is shorter than falling back is worth it. */
const LONGEST_WAIT_MS = 1000;
const FIRST_PAUSE_MS = 100;

/** Rejects with `NoAnswer`, or with an abort error when the caller gave up. */
export async function route(call: Call, { candidate, baseline, circuit, limits }: Sides): Promise<Routed> {
  const startedAt = performance.now();
  const endsAt = startedAt + limits.totalMs;
  const attempts = { candidate: 0, baseline: 0 };
  const failures: Partial<Record<SideName, Failure>> = {};
  const done = { attempts, endsAt };
  if (baseline === null || circuit.isClosed()) {
    const own = { ms: call.isStream ? limits.firstTokenMs : limits.candidateMs, endsAt };
    const mayRetry = () => baseline === null || circuit.isClosed();
    const attempt = (ms: number) => {
      attempts.candidate++;
      return circuit.run(() => trySide(candidate, call, openLimit(call.signal, ms)));
    };
    try {
      const answered = await retried(call, limits, own, { attempt, mayRetry, waitMs: baseline === null ? Infinity : LONGEST_WAIT_MS });
      return { answered, reason: 'healthy', why: null, lostMs: 0, ...done };
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      failures.candidate = error.failure;
    }
  }
  if (baseline === null) throw new NoAnswer(failures, attempts);
  const { state, why } = failures.candidate ?? { state: 'circuit_open', why: 'the candidate is held to be down or too slow; it is probed' };
  const lostMs = attempts.candidate === 0 ? 0 : performance.now() - startedAt;
  const attempt = (ms: number) => {
    attempts.baseline++;
    return trySide(baseline, call, openLimit(call.signal, ms));
  };
  try {
    const answered = await retried(call, limits, { ms: limits.totalMs, endsAt }, { attempt, mayRetry: () => true, waitMs: Infinity });
    return { answered, reason: state, why, lostMs, ...done };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const asked = { candidate: { state, why, isTransient: true, retryAfterMs: null }, ...failures };
    throw new NoAnswer({ ...asked, baseline: error.failure }, attempts);
  }
}

interface Trying {
  attempt: (ms: number) => Promise<Answered>;
  mayRetry: () => boolean;
  /** a pause that the server asks for is waited for up to this */
  waitMs: number;
}

/** `ms` is the time of all tries together, which `endsAt` may cut shorter. */
async function retried(
  { signal }: Call,
  { retries }: Limits,
  { ms, endsAt }: { ms: number; endsAt: number },
  { attempt, mayRetry, waitMs }: Trying,
): Promise<Answered> {
  const until = Math.min(performance.now() + ms, endsAt);
  const left = () => until - performance.now();
  let tried = 0;
  let pause = 0;
  let last: Failed | null = null;
  const isWorthIt = (error: unknown) => {
    if (!(error instanceof Failed) || !error.failure.isTransient || signal.aborted || !mayRetry()) return false;
    pause = error.failure.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
    last = error;
    return pause <= waitMs && pause < left();
  };
  const policy = retry(handleWhen(isWorthIt), { maxAttempts: retries });
  return policy.execute(async () => {
    // the library's own pause outlives a caller who gave up
    if (last !== null) await sleep(pause, undefined, { signal });
    if (last !== null && !mayRetry()) throw last;
    tried++;
    return attempt(left());
  });
}
