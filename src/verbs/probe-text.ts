/** Probes and uptimes as text, 80 columns at most. */
import type { Probe } from '../record.ts';
import { painter, wrap } from '../reporters/terminal.ts';
import { oneLine, plural } from '../reporters/text.ts';
import type { Uptime } from '../verdict/uptime.ts';
import type { Console } from './verb.ts';

type Options = Pick<Console, 'hasColour'>;

/** `17:40:02  qwen  ✓ up  localhost:1234  312 ms`, in UTC; a reason stands below. */
export function probeLine({ at, model, host, ok, ms, why }: Probe, { hasColour }: Options): string {
  const paint = painter(hasColour);
  const mark = ok ? paint('✓ up  ', 'green') : paint('✗ down', 'red');
  const head = `${at.slice(11, 19)}  ${mark}  ${oneLine(model, 24).padEnd(24)}  ${oneLine(host, 26).padEnd(26)}`;
  if (ok) return `${head}  ${String(ms).padStart(6)} ms`;
  return [head.trimEnd(), ...wrap(oneLine(why ?? '', 300), 70).map((line) => `          ${paint(line, 'dim')}`)].join('\n');
}

const HEAD = ['model', 'probes', 'uptime', '95 % bounds', 'watched', 'longest outage'];
const WIDTHS = [17, 8, 10, 20, 9, 16];

/** Percentages are cut, not rounded: 99.9996 % is not 100 %. Upper bounds go up. */
const percent = (share: number, round = Math.floor): string => `${(round(Number((share * 1e5).toPrecision(12))) / 1e3).toFixed(3)} %`;

export function summaryText(all: readonly Uptime[], { hasColour }: Options): string {
  const paint = painter(hasColour);
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[i]!))).join('');
  const rows = all.map((one) => {
    const { model, probes, share, lower, upper, observed_seconds, longest_outage: outage } = one;
    const bounds = `${percent(lower).slice(0, -2)}–${percent(upper, Math.ceil)}`;
    const longest =
      outage === null ? 'none' : outage.seconds === 0 ? 'one probe' : `${outage.to === null ? '≥ ' : ''}${duration(outage.seconds)}`;
    return row([oneLine(model, 16), String(probes), percent(share), bounds, duration(observed_seconds), longest]);
  });
  const notes = all.flatMap((one) => notesOf(one)).flatMap((note) => wrap(note, 80).map((line) => paint(line, 'dim')));
  return [paint(row(HEAD), 'dim'), ...rows, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

function notesOf({ model, gaps, gap_seconds, observed_seconds, longest_outage: outage }: Uptime): string[] {
  const name = oneLine(model, 60);
  return [
    ...(gaps > 0
      ? [`${name}: ${plural(gaps, 'gap')}, ${duration(gap_seconds)} in all, in which nobody looked; not counted as up or down`]
      : []),
    ...(outage === null
      ? []
      : [`${name}: down from ${outage.from}${outage.to === null ? ', and not seen up after it' : ` to ${outage.to}`}`]),
    ...(observed_seconds === 0 ? [`${name}: single probes only, so no time was watched`] : []),
  ];
}

/** `42 s`, `12 min`, `7.5 h`, `3.0 d`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}
