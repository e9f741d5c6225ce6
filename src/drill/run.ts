/** Goes through the phases of a schedule: fault on, requests, fault off, and waits for the candidate to be asked again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { Phase } from './schedule.ts';

/** What became of one request. */
export interface Outcome {
  tag: string;
  /** null: no answer */
  by: 'candidate' | 'baseline' | null;
  /** `healthy`, or why the candidate did not answer; of a request without an answer the state of its failure */
  reason: string;
  why: string | null;
  ms: number;
  attempts: number;
  /** 0..1, how far the answer meets the elements of its case; null without a suite or an answer */
  coverage: number | null;
}

export interface PhaseRun {
  phase: Phase;
  outcomes: Outcome[];
  /** milliseconds from the fault to the opening of the circuit; null when it did not open */
  detectedMs: number | null;
  /** milliseconds from the end of the fault to the closing of the circuit; null when it was closed, or did not close in time */
  recoveredMs: number | null;
  isOpenAtEnd: boolean;
  /** why the phase was left out; null when it was run */
  skipped: string | null;
}

export interface Ground {
  /** asks once; never rejects. `index` counts within the phase */
  send: (tag: string, index: number) => Promise<Outcome>;
  setFault: (fault: Fault | null) => Promise<void>;
  isOpen: () => boolean;
  /** times of performance.now() at which the circuit opened and closed, so far */
  changes: readonly { at: number; state: 'open' | 'closed' }[];
  /** why a phase is not run; null when it is */
  skips: (phase: Phase) => string | null;
  onProgress: (phase: string, done: number, total: number) => void;
}

const LONGEST_RECOVERY_MS = 60_000;
const LOOK_MS = 20;

export async function runPhases(phases: readonly Phase[], concurrency: number, ground: Ground): Promise<PhaseRun[]> {
  const runs: PhaseRun[] = [];
  for (const [number, phase] of phases.entries()) {
    const skipped = ground.skips(phase);
    const none = { phase, outcomes: [], detectedMs: null, recoveredMs: null, isOpenAtEnd: false };
    runs.push(skipped === null ? await runPhase(phase, number, concurrency, ground) : { ...none, skipped });
  }
  return runs;
}

async function runPhase(phase: Phase, number: number, concurrency: number, ground: Ground): Promise<PhaseRun> {
  const { fault = null } = phase;
  if (fault !== null) await ground.setFault(fault);
  const onAt = performance.now();
  const outcomes = await requests(phase, number, concurrency, ground);
  if (fault !== null) await ground.setFault(null);
  const offAt = performance.now();
  const patience = (phase.expect?.recovers_within_s ?? 0) * 1000 || LONGEST_RECOVERY_MS;
  const wasOpen = ground.isOpen();
  while (ground.isOpen() && performance.now() - offAt < patience) await sleep(LOOK_MS);
  const opened = ground.changes.find(({ at, state }) => state === 'open' && at >= onAt);
  const closed = ground.changes.findLast(({ at, state }) => state === 'closed' && at >= offAt);
  return {
    phase,
    outcomes,
    detectedMs: opened && fault !== null ? Math.round(opened.at - onAt) : null,
    recoveredMs: wasOpen && closed ? Math.round(closed.at - offAt) : null,
    isOpenAtEnd: ground.isOpen(),
    skipped: null,
  };
}

async function requests({ name, requests: wanted }: Phase, number: number, concurrency: number, ground: Ground): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < wanted; index = next++) {
      outcomes[index] = await ground.send(`onpar-drill-${number}-${index}`, index);
      ground.onProgress(name, index + 1, wanted);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, wanted) }, worker));
  return outcomes;
}
