/**
 * Elements that several samples of one answer suggest: what (nearly) all of them say, the prompt does not, and the answers to
 * other cases seldom do. Rank of a term = share of the samples with it · idf · (1 + ln of its mean count), where
 * idf = ln((N + 1) / (df + 0.5)) over the N other cases' answers (the weight of `insight`, too).
 */
import { findText } from '../scorers/elements/text.ts';
import { type Term, termsOf } from './suggest-terms.ts';

export interface Suggestion {
  /** any of these meets it */
  texts: string[];
  /** samples that meet it */
  samples: number;
}

/** In how many of the other cases' answers each term stands. */
export interface Others {
  answers: number;
  counts: ReadonlyMap<string, number>;
}

const MOST = 6;
/** Share of the samples that must have it. */
const SUPPORT = 2 / 3;
/** What more of the other cases' answers have belongs to the suite, not to the case. */
const MOST_COMMON = 0.2;
/** Share of a word's places that its phrase or name from code must hold, to stand for it. */
const PHRASE = 0.7;

/** Counts the terms of one answer a case, without those of `left`, the answer to the case that suggestions are for. */
export function othersOf(counts: ReadonlyMap<string, number>, answers: number, left: ReadonlySet<string>): Others {
  const own = new Map(counts);
  for (const key of left) own.set(key, (own.get(key) ?? 1) - 1);
  return { answers: answers - 1, counts: own };
}

export const keysOf = (answer: string): Set<string> => new Set(termsOf(answer).map(({ key }) => key));

/** Best first, at most six; fewer, or none, where the samples have little in common. */
export function suggestElements(prompt: string, samples: readonly string[], others: Others): Suggestion[] {
  const fewest = Math.ceil(SUPPORT * samples.length - 1e-9);
  const chosen: (Suggestion & { stems: string[] })[] = [];
  const asked = new Set(termsOf(prompt).flatMap(({ stems }) => stems));
  const gathered = gather(samples);
  for (const [key, { term }] of gathered) if (term.stems.some((stem) => asked.has(stem))) gathered.delete(key);
  const ranked = [...gathered.values()]
    .filter((one) => one.samples.size >= fewest && isOwn(one, others))
    .filter((one) => one.term.kind !== 'word' || !phraseFor(one, gathered, fewest))
    .map((one) => ({ ...one, rank: rankOf(one, samples.length, others) }))
    .sort((a, b) => b.rank - a.rank || (a.term.key < b.term.key ? -1 : 1));
  for (const one of ranked) {
    if (chosen.length === MOST) break;
    if (chosen.some(({ stems }) => stems.some((stem) => one.term.stems.includes(stem)))) continue;
    const texts = [one.text, ...variantsOf(one, samples, gathered)];
    const met = samples.filter((sample) => texts.some((text) => findText(text, sample).length > 0)).length;
    if (met < fewest || texts.some((text) => findText(text, prompt).length > 0)) continue;
    chosen.push({
      texts,
      samples: met,
      stems: [...one.term.stems, ...texts.flatMap((text) => termsOf(text).flatMap(({ stems }) => stems))],
    });
  }
  return chosen.map(({ texts, samples: met }) => ({ texts, samples: met }));
}

interface Gathered {
  term: Term;
  /** how it is written most often */
  text: string;
  count: number;
  samples: Set<number>;
}

function gather(samples: readonly string[]): Map<string, Gathered> {
  const found = new Map<string, Gathered & { writings: Map<string, number> }>();
  samples.forEach((sample, i) => {
    for (const term of termsOf(sample)) {
      const one = found.get(term.key) ?? {
        term,
        text: term.text,
        count: 0,
        samples: new Set<number>(),
        writings: new Map<string, number>(),
      };
      const times = (one.writings.get(term.text) ?? 0) + 1;
      one.writings.set(term.text, times);
      if (times > (one.writings.get(one.text) ?? 0)) one.text = term.text;
      one.count++;
      one.samples.add(i);
      found.set(term.key, one);
    }
  });
  return found;
}

const isOwn = ({ term }: Gathered, { answers, counts }: Others): boolean => (counts.get(term.key) ?? 0) <= MOST_COMMON * answers;

function rankOf({ term, count, samples }: Gathered, all: number, { answers, counts }: Others): number {
  const idf = Math.log((Math.max(answers, 1) + 1) / ((counts.get(term.key) ?? 0) + 0.5));
  return (samples.size / all) * idf * (1 + Math.log(count / all + 1));
}

/** Whether a phrase or a literal stands for this word: in as many samples, and in most of its places. */
function phraseFor({ term, count, samples }: Gathered, gathered: ReadonlyMap<string, Gathered>, fewest: number): boolean {
  const [own] = term.stems;
  return [...gathered.values()].some(
    (one) =>
      one.term.kind !== 'word' &&
      one.term.stems.includes(own ?? '') &&
      one.samples.size >= Math.max(fewest, samples.size) &&
      one.count >= PHRASE * count,
  );
}

/** Other ways in which the samples say it: an abbreviation beside it, and for samples without it a word of the same root. */
function variantsOf(
  { term, text, samples: having }: Gathered,
  samples: readonly string[],
  gathered: ReadonlyMap<string, Gathered>,
): string[] {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const beside = new RegExp(`${escaped}\\s*\\((\\p{Lu}[\\p{Lu}\\p{N}₀-₉]{1,6})s?\\)`, 'iu');
  const short = samples.flatMap((sample) => beside.exec(sample)?.[1] ?? []).filter((found) => /^\p{Lu}/u.test(found));
  const isEverywhere = having.size === samples.length;
  const related = isEverywhere || term.kind !== 'word' ? [] : [...gathered.values()].filter((one) => isRelated(term, one.term));
  const helping = related.filter((one) => [...one.samples].some((i) => !having.has(i)));
  return [...new Set([...short, ...helping.map((one) => one.text)])].slice(0, 3);
}

/** "democracy" and "democratic": six letters in common, or all but the last three of the shorter one. */
function isRelated(a: Term, b: Term): boolean {
  const [x, y] = [a.key, b.key];
  if (b.kind !== 'word' || x === y) return false;
  const common = Math.min(x.length, y.length) - 1;
  return common >= 5 && x.slice(0, Math.max(5, common)) === y.slice(0, Math.max(5, common));
}
