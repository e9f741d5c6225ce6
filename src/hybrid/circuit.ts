/** Whether the candidate is asked at all. The circuit is cockatiel's; health decides when it opens, and only a probe may close it. */
import { circuitBreaker, CircuitState, handleWhen } from 'cockatiel';
import { type Health, type Kind, UNHEALTHY } from './health.ts';
import { isAgainst } from './side.ts';

/** What a try took; null where it cannot be compared with others. */
export interface Timed {
  time: { kind: Kind; value: number; totalMs: number } | null;
}

export interface Circuit {
  isClosed: () => boolean;
  state: () => 'closed' | 'open' | 'half_open';
  /** runs a try, and holds its outcome against the candidate's health */
  run: <T extends Timed>(attempt: () => Promise<T>) => Promise<T>;
  /** probes no more */
  close: () => void;
}

interface CircuitOptions {
  health: Health;
  /** rejects when the candidate does not answer */
  probe: (signal: AbortSignal) => Promise<void>;
  probeIntervalMs: number;
  /** told when it opens and closes */
  onChange: (state: 'open' | 'closed') => void;
}

/** Failures in a row that open the circuit, whatever was before. */
const IN_A_ROW = 3;

class ProbeFailed extends Error {}

export function openCircuit({ health, probe, probeIntervalMs, onChange }: CircuitOptions): Circuit {
  let inARow = 0;
  const ended = new AbortController();
  const breaker = {
    state: null,
    success: (state: CircuitState) => {
      inARow = 0;
      if (state === CircuitState.HalfOpen) health.forgive();
    },
    failure: () => ++inARow >= IN_A_ROW || health.value() < UNHEALTHY,
  };
  // an answer that came, but much later than is normal, counts too: it is handed over all the same
  const isBad = handleWhen((error) => error instanceof ProbeFailed || isAgainst(error)).orWhenResult(() => health.value() < UNHEALTHY);
  // probes alone are let through while it is open, and they keep their own interval
  const policy = circuitBreaker(isBad, { breaker, halfOpenAfter: 0 });
  let isProbing = false;
  const probing = async (): Promise<void> => {
    if (isProbing) return;
    isProbing = true;
    while (policy.state !== CircuitState.Closed && !ended.signal.aborted) {
      await pause(probeIntervalMs, ended.signal);
      if (ended.signal.aborted) break;
      await policy.execute(() => probed(ended.signal)).catch(() => undefined);
    }
    isProbing = false;
  };
  const probed = async (signal: AbortSignal): Promise<void> => {
    await probe(signal).catch((cause: unknown) => {
      throw new ProbeFailed('the probe failed', { cause });
    });
    health.forgive();
  };
  policy.onBreak(() => {
    if (!isProbing) onChange('open');
    void probing();
  });
  policy.onReset(() => onChange('closed'));
  const counted = async <T extends Timed>(attempt: () => Promise<T>): Promise<T> => {
    try {
      const got = await attempt();
      health.succeed(got.time);
      return got;
    } catch (error) {
      if (isAgainst(error)) health.fail();
      throw error;
    }
  };
  return {
    isClosed: () => policy.state === CircuitState.Closed,
    state: () => (policy.state === CircuitState.Closed ? 'closed' : policy.state === CircuitState.HalfOpen ? 'half_open' : 'open'),
    run: (attempt) => (policy.state === CircuitState.Closed ? policy.execute(() => counted(attempt)) : counted(attempt)),
    close: () => ended.abort(),
  };
}

/** Ends early when aborted. Does not keep the process alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end);
  });
}
