/** An element with symbols or digits, found as it is written: `C++`, `99.5%`, `$5`, `O(n)`, `GPT-4`. */
import { fold } from './fold.ts';

/** Case, accents, thousands separators and spaces around symbols aside. `isBounded` refuses "C" in "CSS" and "5" in "50". */
export function findLiteral(wanted: string, part: string, isBounded: boolean): [number, number][] {
  if (latest?.part !== part) latest = { part, ...foldWithOrigins(part) };
  const { folded, starts, ends } = latest;
  const needle = fold(wanted).replace(/\s+/g, ' ').trim();
  if (needle === '') return [];
  const spans: [number, number][] = [];
  for (const found of folded.matchAll(expressionOf(needle))) {
    const [at, end] = [found.index, found.index + found[0].length];
    if (!isBounded || (isEdge(folded, at, needle) && isEdge(folded, end, needle) && !hasSign(folded, at, needle)))
      spans.push([starts[at] ?? 0, ends[end - 1] ?? 0]);
  }
  return spans;
}

/** Several answers are searched for the elements of one case. */
const expressions = new Map<string, RegExp>();
const MOST_KNOWN = 100;

function expressionOf(needle: string): RegExp {
  const known = expressions.get(needle);
  if (known) return known;
  if (expressions.size === MOST_KNOWN) expressions.clear();
  const fresh = new RegExp(patternOf(needle), 'gu');
  expressions.set(needle, fresh);
  return fresh;
}

/**
 * `99.5%` meets `99.5 %`, `GPT-4` meets `GPT 4`, `1000` meets `1,000`, `30 days` meets `30-day`, `5 mg` meets `5mg`; a dot never meets a dot
 * and a space, which ends a sentence.
 */
function patternOf(needle: string): string {
  const tokens = needle.match(/\p{N}+(?:[.,]\p{N}+)*|[\p{L}\p{M}]+| |[^\p{L}\p{M}\p{N} ]+/gu) ?? [];
  return tokens
    .map((token, i) => {
      if (/^\p{N}/u.test(token)) return numberPattern(token);
      if (isBetween(tokens, i)) return '[- ]?';
      if (isCounted(tokens, i)) return token.replace(/s?$/, 's?');
      if (token === ' ') return /^[\p{L}\p{N}]/u.test(tokens[i - 1] ?? '') && /^[\p{L}\p{N}]/u.test(tokens[i + 1] ?? '') ? ' ' : ' ?';
      const escaped = token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      const [before, after] = [tokens[i - 1] ?? '', tokens[i + 1] ?? ''];
      if (token === '-' && /^\p{L}/u.test(before) && after !== '' && after !== ' ') return '[- ]?';
      if (!/^[=<>%$€£+*^/≤≥±×÷]+$/u.test(token)) return escaped;
      return `${before === '' || before === ' ' ? '' : ' ?'}${escaped}${after === '' || after === ' ' ? '' : ' ?'}`;
    })
    .join('');
}

/** The space in "30 days", the hyphen in "30-day". */
function isBetween(tokens: readonly string[], i: number): boolean {
  return /^[ -]$/.test(tokens[i] ?? '') && /^\p{N}/u.test(tokens[i - 1] ?? '') && /^\p{L}/u.test(tokens[i + 1] ?? '');
}

/** What a number counts, which has a plural: "30 days", unlike "16-byte"; units of one or two letters have none. */
function isCounted(tokens: readonly string[], i: number): boolean {
  return /^[a-z]{3,}$/.test(tokens[i] ?? '') && /^\p{N}/u.test(tokens[i - 2] ?? '') && tokens[i - 1] === ' ';
}

function numberPattern(digits: string): string {
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits) ? digits.replaceAll(',', '') : digits;
  const [whole = '', ...rest] = plain.split('.');
  const grouped = /^\d{4,}$/.test(whole) ? whole.replace(/\B(?=(?:\d{3})+$)/g, '[, ]?') : whole;
  return [grouped, ...rest].join('\\.');
}

/** A boundary is one unless both sides are word characters, or a number goes on ("5" in "5.3", ".5", "1,000"). */
function isEdge(folded: string, at: number, needle: string): boolean {
  const [before, after] = [folded[at - 1] ?? '', folded[at] ?? ''];
  if (/[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after)) return false;
  const isNumber = /\p{N}/u.test(needle[0] ?? '') || /\p{N}/u.test(needle.at(-1) ?? '');
  if (!isNumber) return true;
  const [left, right] = [folded.slice(Math.max(0, at - 2), at + 1), folded.slice(Math.max(0, at - 1), at + 2)];
  return !/^\p{N}[.,]\p{N}$|^[^\p{L}\p{N}.]?\.\p{N}$/u.test(left) && !/^\p{N}[.,]\p{N}$/u.test(right);
}

/** "5" is not in "-5", but "5" is in "GPT-5" and in "3-5". */
function hasSign(folded: string, at: number, needle: string): boolean {
  return /^[$€£]?\p{N}/u.test(needle) && /(?:^|[^\p{L}\p{N})])[-−]$/u.test(folded.slice(Math.max(0, at - 2), at));
}

/** One part is searched for many elements. */
let latest: ({ part: string } & ReturnType<typeof foldWithOrigins>) | null = null;

/** The thousands separators of many languages, where they cannot be anything else: 1’000, and 1 000 with a space that does not break. */
const THOUSANDS = /^[\u00a0\u2009\u202f'’]$/;

/** White space runs become one space; letters stay together with their marks. */
function foldWithOrigins(part: string): { folded: string; starts: number[]; ends: number[] } {
  let folded = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: cluster, index } of part.matchAll(/\P{M}\p{M}*|\p{M}/gsu)) {
    const isThousands = THOUSANDS.test(cluster) && /\d$/.test(folded) && /^\d{3}(?!\d)/.test(part.slice(index + 1, index + 5));
    const out = isThousands ? ',' : /^\s$/.test(cluster) ? (folded.endsWith(' ') ? '' : ' ') : fold(cluster);
    for (let k = 0; k < out.length; k++) {
      starts.push(index);
      ends.push(index + cluster.length);
    }
    folded += out;
  }
  return { folded, starts, ends };
}
