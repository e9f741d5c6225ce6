/**
 * `insight`: a sentence whose point must be made, scored by degree without a judge.
 * share = the largest, over single sentences of the answer and pairs of adjacent ones in a line, of
 *   Σ idf(stems of the insight that they have) / Σ idf(stems of the insight), stop words aside,
 *   idf(s) = ln((N + 1) / (df + 0.5)) over the suite's N insights
 * value = min(1, share / 0.7), 0..1. Worked: stems of weights 3, 2, 2, 1 of which the first two are there: share 5/8, value 0.89.
 *
 * Checked against people's labels (0, ½, 1) on SummHay (Laban et al. 2024, "Summary of a Haystack", arXiv 2407.01370), where it agrees
 * with them as well as GPT-4o does as a judge: benchmarks/summhay.ts, docs/scoring.md. Pairs, since models put a heading before the
 * sentence that explains it. 0.7, since nobody repeats every word: points that people called fully made have a median share of 0.63,
 * and partly made ones 0.37, so that 0.5 and 1 mean what they mean to people.
 */
import { stemmer } from 'stemmer';
import * as z from 'zod';
import { tokenize } from './fold.ts';
import type { Check, ElementKind } from './kind.ts';

export interface InsightOptions {
  insight: string;
}

const STOP = new Set(
  'a an and are as at be been being but by can could did do does for from had has have he her his how i if in into is it its may might more most no nor not of on or our she should so some such than that the their them then there these they this to was we were what when which while who will with would you your'.split(
    ' ',
  ),
);

/** The share of an insight's weight at which people call its point fully made. */
const FULLY_MADE = 0.7;

export const insight: ElementKind<InsightOptions> = {
  key: 'insight',
  schema: z.strictObject({ insight: z.string().min(1) }),
  label: (o) => o.insight,
  check: (o, part, { insights }) => {
    const weights = weigh(stemsOf(o.insight), insights);
    const total = sum(weights.values());
    let best: Check = { value: 0, why: 'no sentence makes this point', spans: [] };
    for (const { start, end, stems } of passagesOf(part)) {
      const share = total === 0 ? 0 : sum([...weights].map(([stem, weight]) => (stems.has(stem) ? weight : 0))) / total;
      const value = Math.min(1, share / FULLY_MADE);
      if (value > best.value) best = { value, why: `${Math.round(value * 100)} % of the point in one place`, spans: [[start, end]] };
    }
    return best;
  },
};

/** Where a point can be made: [start, end) in the answer, and the stems there. */
interface Passage {
  start: number;
  end: number;
  stems: Set<string>;
}

/** One part is searched for many insights. */
let latest: { part: string; passages: Passage[] } | null = null;

/** Every sentence, then every two adjacent ones that no line break parts: the shorter passage wins where both have the same stems. */
function passagesOf(part: string): Passage[] {
  if (latest?.part === part) return latest.passages;
  const sentences = [...part.matchAll(/(?:[^\n.!?。！？]|(?<=\d)\.(?=\d))+[.!?。！？]*/g)].map(({ 0: text, index }): Passage => ({
    start: index,
    end: index + text.length,
    stems: stemsOf(text),
  }));
  const pairs = sentences.slice(1).flatMap((second, i): Passage[] => {
    const first = sentences[i];
    if (!first || part.slice(first.end, second.start).includes('\n')) return [];
    return [{ start: first.start, end: second.end, stems: new Set([...first.stems, ...second.stems]) }];
  });
  latest = { part, passages: [...sentences, ...pairs] };
  return latest.passages;
}

function stemsOf(sentence: string): Set<string> {
  return new Set(
    tokenize(sentence)
      .map((t) => t.text)
      .filter((t) => !STOP.has(t))
      .map((t) => stemmer(t)),
  );
}

/** In how many of the suite's insights each stem occurs; counted once a suite. */
const counted = new WeakMap<readonly string[], Map<string, number>>();

function countsOf(insights: readonly string[]): Map<string, number> {
  const before = counted.get(insights);
  if (before) return before;
  const counts = new Map<string, number>();
  for (const sentence of insights) for (const stem of stemsOf(sentence)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  counted.set(insights, counts);
  return counts;
}

function weigh(stems: ReadonlySet<string>, insights: readonly string[]): Map<string, number> {
  const n = Math.max(1, insights.length);
  const counts = countsOf(insights);
  return new Map([...stems].map((stem) => [stem, Math.log((n + 1) / (Math.max(1, counts.get(stem) ?? 0) + 0.5))]));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
