/** How numbers and untrusted words are written in every report. Formatting only: nothing here computes a result. */
import type { CaseResult, Message, Verdict } from '../record.ts';

/** `0.934`, or `–` for a number that could not be had. */
export function fixed(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

/** `0.962 to 1.065`; `none` where the bounds do not exist. Rounded outwards, so that 0.8499 never looks like 0.85 reached. */
export function bounds(lower: number | null, upper: number | null): string {
  if (lower === null && upper === null) return 'none';
  const outwards = (value: number | null, round: (n: number) => number, fuzz: number) =>
    fixed(value === null ? null : round(value * 1000 + fuzz) / 1000);
  return `${outwards(lower, Math.floor, 1e-9)} to ${outwards(upper, Math.ceil, -1e-9)}`;
}

/** `$12.34`, `$0.0028`, `under $0.0001`; `unknown` for a cost that is not known. */
export function usd(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'unknown';
  if (value > 0 && value < 0.0001) return 'under $0.0001';
  return `$${value === 0 ? 0 : value.toFixed(value < 1 ? 4 : 2)}`;
}

/** `0.031`, `under 0.001` */
export const probability = (p: number): string => (p < 0.001 ? 'under 0.001' : p.toFixed(3));

/** `3 samples a case`, `1 to 3 samples a case`; '' where that is not recorded. */
export function samplesText({ samples }: Verdict): string {
  if (samples === undefined) return '';
  const { least, most } = samples;
  return `${least === most ? plural(most, 'sample') : `${least} to ${most} samples`} a case`;
}

/** What is said of a PASS that may be luck, since there were others; '' where it holds. */
export function luckText({ verdict, p_value, p_holm }: Verdict): string {
  if (verdict !== 'PASS' || p_holm === null || p_holm === undefined || p_value === null || p_value === undefined) return '';
  if (p_holm <= 0.05 || p_value > 0.05) return '';
  return `passes alone (p ${probability(p_value)}), but picked as the best of this run it may be luck (p ${probability(p_holm)} after Holm)`;
}

/** `3 broken, 1 fixed, 2 new since RUN`; '' without an earlier run. */
export function sinceText({ previous }: Verdict): string {
  if (previous === undefined) return '';
  const { run, broken, fixed: mended, new: fresh } = previous;
  return `${counts({ broken, fixed: mended, new: fresh }) || 'no label changed'} since ${oneLine(run, 80)}`;
}

/** `3 empty, 1 truncated`; '' for no counts. */
export function counts(of: Record<string, number | undefined>): string {
  return Object.entries(of)
    .map(([name, n]) => (n === undefined || n === 0 ? '' : `${n} ${words(name)}`))
    .filter((part) => part !== '')
    .join(', ');
}

/** `below_target` → `below target` */
export const words = (name: string): string => name.replaceAll('_', ' ');

/** `1 case`, `2 cases` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** A lone surrogate has no UTF-8 form; U+FFFD stands for it. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

// eslint-disable-next-line no-control-regex -- control characters are what is being looked for
const ESCAPES = /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)?/g;
// eslint-disable-next-line no-control-regex -- the same
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]+/g;

/** One line that a terminal, a table or a title can hold: no control character, no escape sequence, no bidi override. */
export function oneLine(text: string, limit = Infinity): string {
  const line = wellFormed(text).replace(ESCAPES, '').replace(CONTROLS, ' ').replace(/ {2,}/g, ' ').trim();
  return line.length > limit ? `${wellFormed(line.slice(0, limit - 1)).trimEnd()}…` : line;
}

/** The conversation as text; a lone user message is its content alone. */
export function promptText(messages: readonly Message[]): string {
  const [first] = messages;
  if (messages.length === 1 && first?.role === 'user') return first.content;
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n');
}

/** Labels of the elements that the candidate misses, with the degree of those it meets in part: `UX`, `cost (0.60)`. */
export function missingElements(result: CaseResult): string[] {
  return result.elements
    .filter(({ candidate }) => candidate === null || candidate < 1)
    .map(({ label, candidate }) => (candidate === null || candidate === 0 ? label : `${label} (${fixed(candidate, 2)})`));
}
