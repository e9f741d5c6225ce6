/** A drill as one page: what the user got under each fault, and whether that is what was expected. */
import type { DrillPhase, DrillSummary } from '../../record.ts';
import { inertPage } from '../inert-page.ts';
import sheet from '../page.css';
import { oneLine, plural } from '../text.ts';
import own from './drill.css';
import template from './drill.hbs';
import { expectedOf, faultOf, headline, parityOf, phasesRun, reasonsOf, skippedText, time } from './words.ts';

const page = inertPage(template, sheet, own);

const looks = (isGood: boolean) => (isGood ? { tone: 'pass', sign: '✓' } : { tone: 'fail', sign: '✗' });

function tiles(drill: DrillSummary) {
  const { requests, completed, by_candidate, by_fallback, failed, local_only: local, duplicates, deadline_s } = drill;
  const isLocal = local?.held ?? false;
  return [
    {
      name: 'Answered',
      ...looks(!failed.some((why) => !why.startsWith('local_only'))),
      label: `${completed} of ${requests}`,
      more: `${by_candidate} by the candidate, ${by_fallback} by the fallback, within ${deadline_s} s each`,
    },
    {
      name: 'Time',
      tone: 'none',
      sign: '',
      label: `p50 ${time(drill.p50_ms) || 'unknown'}`,
      more: `p95 ${time(drill.p95_ms) || 'unknown'}, slowest ${time(drill.slowest_ms) || 'unknown'}`,
    },
    {
      name: 'Duplicates',
      tone: 'none',
      sign: '',
      label: `${duplicates.answered_twice} answered twice`,
      more: `${plural(duplicates.asked_twice, 'request')} sent to the candidate more than once`,
    },
    {
      name: 'local_only',
      ...(local === null
        ? { tone: 'none', sign: '·', label: 'not checked' }
        : { ...looks(isLocal), label: isLocal ? 'held' : 'did not hold' }),
      more:
        local === null
          ? 'check_local_only is off in the schedule'
          : `${plural(local.requests, 'request')} under the same faults, ${local.bytes_to_fallback} bytes to the fallback${local.other_hosts.length > 0 ? `, and asked: ${oneLine(local.other_hosts.join(', '), 300)}` : ''}`,
    },
  ];
}

/** Who answered, in percent of the phase's requests, one after the other. */
function barOf({ requests, by_candidate, by_fallback }: DrillPhase) {
  const share = (count: number) => (requests === 0 ? 0 : (count / requests) * 100);
  const [candidate, fallback] = [share(by_candidate), share(by_fallback)];
  const percent = (value: number) => `${value.toFixed(2)}%`;
  return {
    candidate: percent(candidate),
    fallback: percent(fallback),
    end: percent(candidate + fallback),
    none: percent(100 - candidate - fallback),
  };
}

const rowOf = (phase: DrillPhase) => ({
  name: oneLine(phase.name, 120),
  fault: phase.fault === null || faultOf(phase) === phase.name ? null : `fault: ${faultOf(phase)}`,
  answered: `${phase.completed} of ${phase.requests}`,
  bar: barOf(phase),
  by: `${phase.by_candidate} + ${phase.by_fallback}`,
  detected: time(phase.detected_ms),
  recovered: time(phase.recovered_ms),
  p50: time(phase.p50_ms),
  p95: time(phase.p95_ms),
  parity: parityOf(phase),
  ...looks(phase.failed.length === 0),
  label: phase.failed.length === 0 ? 'held' : 'did not hold',
  expected: expectedOf(phase),
  reasons: reasonsOf(phase),
});

/** The same drill gives the same bytes. */
export function drillHtml(drill: DrillSummary): string {
  const phases = phasesRun(drill);
  return page({
    headline: headline(drill),
    drill: oneLine(drill.drill, 120),
    lead: oneLine(`${drill.model}: ${drill.candidate} first, ${drill.fallback} as its fallback`, 500),
    when: `${drill.started_at.slice(0, 16).replace('T', ' ')} UTC`,
    onpar: drill.onpar,
    suite: drill.suite === null ? null : oneLine(drill.suite, 120),
    failed: drill.failed.map((why) => oneLine(why, 600)),
    skipped: skippedText(drill).map((text) => oneLine(text, 600)),
    tiles: tiles(drill),
    phases: phases.map(rowOf),
    hasP95: phases.some(({ p95_ms }) => p95_ms !== null),
    hasParity: phases.some(({ parity }) => parity !== null),
  });
}
