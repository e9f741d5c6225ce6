/**
 * `text`: a word or phrase, or any of several. Word by word, case- and accent-folded, inflection-tolerant ("scales" meets
 * "scaling"); a hyphen, a space or nothing between its words is the same. Elements with symbols or digits are matched as they
 * are written, at word boundaries; scripts without spaces between words by occurrence. With `affirmed: true` a place where an
 * English negation stands before or after it does not count.
 */
import * as z from 'zod';
import { findLiteral } from './find-literal.ts';
import { type Token, tokenize } from './fold.ts';
import { type Check, type ElementKind, missed } from './kind.ts';
import { isNegated } from './negation.ts';
import { stem } from './stem.ts';

export interface TextOptions {
  any_of: string[];
  affirmed?: boolean | undefined;
}

/** Korean has spaces, but its particles stick to the words. */
const NO_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;
/** Acronyms that in small letters are other words: "US" is not in "join us". */
const ALSO_WORDS = new Set(
  'us it or who is as at be and on am no so to do go me we he an if in by up can may all are for not aids led ram who'.split(' '),
);

export const text: ElementKind<TextOptions> = {
  key: 'text',
  schema: z.strictObject({ any_of: z.array(z.string().min(1)).min(1), affirmed: z.boolean().optional() }),
  label: ({ any_of, affirmed }) => any_of.join(' | ') + (affirmed ? ' (affirmed)' : ''),
  check: ({ any_of, affirmed = false }, part) => {
    const stands = any_of.map((wanted) => ({ wanted, spans: findText(wanted, part) })).filter(({ spans }) => spans.length > 0);
    const found = affirmed
      ? stands
          .map(({ wanted, spans }) => ({ wanted, spans: spans.filter(([start, end]) => !isNegated(part, start, end)) }))
          .filter(({ spans }) => spans.length > 0)
      : stands;
    const first = found[0];
    if (!first)
      return missed(stands[0] ? `"${stands[0].wanted}" is only there negated` : `${any_of.map((t) => `"${t}"`).join(', ')} not found`);
    return { value: 1, why: `found "${first.wanted}"`, spans: found.flatMap(({ spans }) => spans) } satisfies Check;
  },
};

/** The words of a part, and where those are that begin with a letter: inflection never changes the first one. */
interface Words {
  part: string;
  all: readonly Token[];
  byLetter: ReadonlyMap<string, readonly number[]>;
}

/** One part is searched for many elements. */
let latest: Words | null = null;

function wordsOf(part: string): Words {
  if (latest?.part === part) return latest;
  const all = tokenize(part);
  const byLetter = new Map<string, number[]>();
  all.forEach(({ text: word }, i) => {
    const letter = word[0] ?? '';
    const known = byLetter.get(letter);
    if (known) known.push(i);
    else byLetter.set(letter, [i]);
  });
  latest = { part, all, byLetter };
  return latest;
}

/** Places of the words that begin as `folded` does. */
const likely = ({ byLetter }: Words, folded: string): readonly number[] => byLetter.get(folded[0] ?? '') ?? [];

/** Every place where `wanted` stands in `part`. */
export function findText(wanted: string, part: string): [number, number][] {
  if (NO_SPACES.test(wanted)) return findLiteral(wanted, part, false);
  if (!/^[\p{L}\p{M}\s'’‐‑–-]+$/u.test(wanted)) return findLiteral(wanted, part, true);
  const tokens = tokenize(wanted).map((t) => t.text);
  const words = wordsOf(part);
  const spans = tokens.length === 1 ? findWord(tokens[0] ?? '', wanted, part, words) : findPhrase(tokens, words);
  return /^\p{L}{1,2}$/u.test(wanted) ? spans.filter(([start, end]) => !isPartOfName(part, start, end)) : spans;
}

function findWord(folded: string, wanted: string, part: string, words: Words): [number, number][] {
  const wantedStem = stem(folded);
  const isAcronym = /^\p{Lu}{2,3}$/u.test(wanted);
  const isCased = isAcronym && ALSO_WORDS.has(folded);
  return likely(words, folded).flatMap((i): [number, number][] => {
    const word = words.all[i] as Token;
    const isHit = stem(word.text) === wantedStem || (isAcronym && !isCased && word.text === `${folded}s`);
    if (isHit) return isCased && part.slice(word.start, word.end) !== wanted ? [] : [[word.start, word.end]];
    // "cool-down" for "cooldown", "e-mail" for "email"
    const next = words.all[i + 1];
    const gap = next ? part.slice(word.end, next.start) : '';
    const isJoined = /^[-‐‑\u00ad]$/.test(gap) || (/^\s?$/.test(gap) && word.text.length > 1);
    return next &&
      isJoined &&
      Math.abs(word.text.length + next.text.length - folded.length) < 5 &&
      stem(word.text + next.text) === wantedStem
      ? [[word.start, next.end]]
      : [];
  });
}

function findPhrase(wanted: readonly string[], words: Words): [number, number][] {
  const stems = wanted.map(stem);
  const joined = stem(wanted.join(''));
  return likely(words, wanted[0] ?? '').flatMap((i): [number, number][] => {
    const word = words.all[i] as Token;
    const last = words.all[i + wanted.length - 1];
    if (last && stems.every((s, k) => stem(words.all[i + k]?.text ?? '') === s)) return [[word.start, last.end]];
    return stem(word.text) === joined ? [[word.start, word.end]] : [];
  });
}

/** "C" is not in "C++", "C#" or "Objective-C", nor "R" in "R&D". */
function isPartOfName(part: string, start: number, end: number): boolean {
  return (
    /^(?:\+\+|#|&\p{L}|-\p{L})/u.test(part.slice(end, end + 2)) || /[\p{L}\p{N}][-&]$/u.test(part.slice(Math.max(0, start - 2), start))
  );
}
