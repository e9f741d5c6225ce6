/** What `onpar record` says before and after it asks. */
import { relative } from 'node:path';
import { retirementWarning } from '../models/shutdown-dates.ts';
import { counts, oneLine, plural, usd, words } from '../reporters/text.ts';
import { isWorthRecording, recordingFile } from '../run/recordings.ts';
import type { Heard } from './record-asking.ts';
import type { Estimate, RecordPart } from './record-plan.ts';

const WIDTH = 80;
const SHOWN = 5;

export interface Plan {
  parts: readonly RecordPart[];
  estimates: readonly Estimate[];
  /** models that cannot be recorded, with the reason */
  leftOut: ReadonlyMap<string, string>;
  /** answers of a run that was broken off */
  leftovers: number;
  /** when models are shut down, by name */
  dates: ReadonlyMap<string, string>;
  isDryRun: boolean;
  /** what is recorded is asked too */
  isAgain: boolean;
  now: Date;
}

export function planText({ parts, estimates, leftOut, leftovers, dates, isDryRun, isAgain, now }: Plan): string {
  const whole = sumOf(parts, estimates);
  const isComplete = whole.toAsk === 0;
  return lines([
    ...(leftovers > 0
      ? [`${plural(leftovers, 'answer')} of a run that was broken off ${isDryRun ? 'will be' : 'are'} recorded first`]
      : []),
    ...parts.flatMap((part, i) => partLines(part, estimates[i]!, isAgain)),
    ...[...leftOut].map(([name, why]) => `${name}\n  is not recorded: ${why}`),
    ...(parts.length > 1 && !isComplete ? ['in all', wrap(takes(whole), 2)] : []),
    ...[...dates].flatMap(([name, date]) => retirementWarning(name, date, now) ?? []).map((text) => wrap(`warning: ${text}`)),
    ...(isComplete ? ['everything is recorded: nothing is to be asked'] : []),
  ]);
}

function partLines({ suite, model, samples, isBaseline }: RecordPart, estimate: Estimate, isAgain: boolean): string[] {
  const { wanted, recorded, toAsk, stale } = estimate;
  const hint = isBaseline && samples > suite.baseline_samples;
  return [
    `${model.name} · ${suite.name}`,
    `  ${isAgain ? plural(wanted, 'answer') : `${recorded} of ${plural(wanted, 'answer')} recorded`} (${plural(suite.cases.length, 'case')}, ${plural(samples, 'sample')} each)`,
    ...(toAsk === 0 ? [] : [wrap(takes(estimate), 2)]),
    ...(stale.length === 0 ? [] : [wrap(`${stale.length} stale, asked in other words now (--prune removes them): ${some(stale)}`, 2)]),
    ...(hint
      ? [wrap(`eval uses ${suite.baseline_samples} of ${samples} samples; to use all, defaults: { samples: { baseline: ${samples} } }`, 2)]
      : []),
    ...(model.answers === 'live' ? [wrap('its entry says answers: live, so "onpar eval" asks it all the same', 2)] : []),
  ];
}

/** `36 to ask, about 263 tokens in, 18,000 out; cost $0.14, time 2 min` */
export const takes = (e: Estimate): string =>
  `${e.toAsk} to ask, about ${number(e.inputTokens)} tokens in, ${number(e.outputTokens)} out; cost ${usd(e.usd)}, time ${duration(e.seconds)}`;

/** Models are asked side by side: the slowest decides how long it takes. What is unknown of one is unknown of all. */
function sumOf(parts: readonly RecordPart[], estimates: readonly Estimate[]): Estimate {
  const add = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y);
  const seconds = new Map<string, number | null>();
  const sum: Estimate = { wanted: 0, recorded: 0, toAsk: 0, inputTokens: 0, outputTokens: 0, usd: 0, seconds: 0, stale: [] };
  for (const [i, one] of estimates.entries()) {
    const name = parts[i]!.model.name;
    seconds.set(name, add(seconds.get(name) ?? (seconds.has(name) ? null : 0), one.seconds));
    sum.toAsk += one.toAsk;
    sum.inputTokens += one.inputTokens;
    sum.outputTokens += one.outputTokens;
    sum.usd = add(sum.usd, one.usd);
  }
  sum.seconds = [...seconds.values()].reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);
  return sum;
}

export interface Outcome {
  toAsk: number;
  seconds: number;
  recordings: string;
  cwd: string;
}

/** How many answers are recorded by now, and the words for it. */
export function resultText(heard: readonly Heard[], { toAsk, seconds, recordings, cwd }: Outcome): { text: string; recorded: number } {
  const kept = heard.filter(isWorthRecording);
  const failed = heard.filter((one) => !isWorthRecording(one));
  const weak = countBy(kept.map(({ state }) => state).filter((state) => state !== 'ok'));
  const files = countBy(kept.map(({ call }) => relative(cwd, recordingFile(recordings, call.model.name, call.suite))));
  const firsts = [...new Map([...failed].reverse().map((one) => [one.state, one])).values()].reverse();
  const missing = toAsk - kept.length;
  const text = lines([
    `recorded ${plural(kept.length, 'answer')} in ${duration(seconds)}, cost ${usd(costOf(kept))}`,
    ...Object.entries(files).map(([file, n]) => `  ${n} → ${file}`),
    ...(Object.keys(weak).length === 0 ? [] : [`  of these ${counts(weak)}: kept, but no evidence of a baseline`]),
    ...(missing === 0
      ? []
      : [`missing  ${plural(missing, 'answer')}${failed.length === 0 ? '' : `: ${counts(countBy(failed.map((f) => f.state)))}`}`]),
    ...firsts.map((one) => wrap(failureText(one), 2)),
  ]);
  return { text, recorded: kept.length };
}

function failureText({ call, state, why }: Heard): string {
  if (state === 'not_asked' && why !== null) return why;
  return `${words(state)}, such as case "${call.case}" of ${call.model.name}: ${why ?? ''}`;
}

const costOf = (kept: readonly Heard[]): number | null =>
  kept.reduce<number | null>((sum, { cost_usd }) => (sum === null || cost_usd === null ? null : sum + cost_usd), 0);

function countBy(names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const number = (n: number): string => Math.round(n).toLocaleString('en');
const some = (names: readonly string[]): string =>
  names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', ');

/** `41 s`, `12 min`, `3.5 h` */
export function duration(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Words in lines of a terminal's width; further lines stand below the first, four columns in. */
export function wrap(text: string, indent = 0): string {
  const rows: string[] = [];
  let row = ' '.repeat(indent);
  for (const word of oneLine(text).split(' ')) {
    if (row.trim() !== '' && row.length + word.length + 1 > WIDTH) {
      rows.push(row);
      row = ' '.repeat(indent + 2);
    }
    row += `${row.trim() === '' ? '' : ' '}${word}`;
  }
  return [...rows, row].join('\n');
}
