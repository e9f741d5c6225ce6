/** How the figures of a drill are said, in every form of its report. */
import type { DrillPhase, DrillSummary } from '../../record.ts';
import { counts, fixed, oneLine, plural, words } from '../text.ts';

/** Milliseconds as people read them: `12 ms`, `1.4 s`; '' where there is no number. */
export function time(ms: number | null): string {
  if (ms === null) return '';
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export const faultOf = ({ fault }: DrillPhase): string => (fault === null ? 'none' : words(fault));
export const parityOf = ({ parity }: DrillPhase): string => (parity === null ? '' : fixed(parity, 2));

/** Why the candidate did not answer: `unreachable 1, circuit open 5`. */
export const reasonsOf = ({ reasons }: DrillPhase): string => oneLine(counts(reasons), 300);

/** `all answered, all by the fallback, candidate back within 20 s` */
export function expectedOf({ expected }: DrillPhase): string {
  const share = (value: number) => (value === 1 ? 'all' : `${Number((value * 100).toFixed(2))} %`);
  const { completed, by_candidate, by_fallback, recovers_within_s } = expected;
  return [
    completed === 0 ? 'answers not required' : `${share(completed)} answered`,
    ...(by_candidate === null ? [] : [`${share(by_candidate)} by the candidate`]),
    ...(by_fallback === null ? [] : [`${share(by_fallback)} by the fallback`]),
    ...(recovers_within_s === null ? [] : [`candidate back within ${recovers_within_s} s`]),
  ].join(', ');
}

export const phasesRun = ({ phases }: DrillSummary): DrillPhase[] => phases.filter(({ skipped }) => skipped === null);

export function headline({ failed, requests, completed }: DrillSummary): string {
  if (failed.length > 0) return `${plural(failed.length, 'expectation')} did not hold`;
  if (requests === 0) return 'No request was sent';
  return completed === requests ? `All ${requests} requests were answered` : `${completed} of ${requests} requests answered, as expected`;
}

/** What the whole of it came to, a sentence each. */
export function sentences(drill: DrillSummary): string[] {
  const { requests, completed, by_candidate, by_fallback, duplicates, local_only, deadline_s } = drill;
  const share = requests === 0 ? 'no request was sent' : `${completed} of ${requests} requests were answered within ${deadline_s} s`;
  const times = `p50 ${time(drill.p50_ms) || 'unknown'}, p95 ${time(drill.p95_ms) || 'unknown'}, slowest ${time(drill.slowest_ms) || 'unknown'}`;
  return [
    `${share}: ${by_candidate} by ${drill.candidate}, ${by_fallback} by ${drill.fallback}; ${times}`,
    `duplicates: ${plural(duplicates.asked_twice, 'request')} sent to the candidate more than once, ${duplicates.answered_twice} answered by both`,
    ...(local_only === null ? [] : [localOnlyText(local_only)]),
    ...skippedText(drill),
  ].map((sentence) => oneLine(sentence, 1_000));
}

export const skippedText = ({ phases }: DrillSummary): string[] =>
  phases.flatMap(({ name, skipped }) => (skipped === null ? [] : [`not run: ${name} (${skipped})`]));

function localOnlyText({ held, requests, answered, bytes_to_fallback, other_hosts }: NonNullable<DrillSummary['local_only']>): string {
  const where = other_hosts.length > 0 ? `, and ${other_hosts.join(', ')} asked` : '';
  return `local_only ${held ? 'held' : 'DID NOT HOLD'}: ${plural(requests, 'request')} under the same faults, ${answered} answered, ${bytes_to_fallback} bytes to the fallback${where}`;
}
