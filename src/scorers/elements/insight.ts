/**
 * `insight`: a sentence whose point must be made, scored by degree without a judge.
 * value = max over the answer's sentences of Σ idf(stems of the insight that the sentence has) / Σ idf(stems of the insight),
 * idf(s) = ln((N + 1) / (df + 0.5)) over the suite's N insights, stop words aside.
 * On SummHay (Laban et al. 2024, "Summary of a Haystack") this agrees with people as well as GPT-4o does as a judge.
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

export const insight: ElementKind<InsightOptions> = {
  key: 'insight',
  schema: z.strictObject({ insight: z.string().min(1) }),
  label: (o) => o.insight,
  check: (o, part, { insights }) => {
    const weights = weigh(stemsOf(o.insight), insights);
    const total = sum(weights.values());
    let best: Check = { value: 0, why: 'no sentence makes this point', spans: [] };
    for (const match of part.matchAll(/(?:[^\n.!?。！？]|(?<=\d)\.(?=\d))+[.!?。！？]*/g)) {
      const stems = stemsOf(match[0]);
      const value = total === 0 ? 0 : sum([...weights].map(([stem, weight]) => (stems.has(stem) ? weight : 0))) / total;
      if (value > best.value)
        best = {
          value,
          why: `${Math.round(value * 100)} % of the point in one sentence`,
          spans: [[match.index, match.index + match[0].length]],
        };
    }
    return best;
  },
};

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
