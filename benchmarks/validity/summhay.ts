/**
 * Does an `insight` element agree with people? SummHay (Laban et al. 2024, "Summary of a Haystack"): 100 summaries by nine models,
 * 713 insights labelled by people: not made 0, partly 0.5, fully 1. Beside it the labels that LLM judges gave the same insights.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../src/record.ts';
import { insight } from '../../src/scorers/elements/insight.ts';

/** From the root of the repository. */
export const SHIPPED = 'fixtures/data/summhay.jsonl';

/** A model with fewer summaries says nothing about a pair. */
const LEAST_SUMMARIES = 10;

/** One line of the data. */
interface Summary {
  model: string;
  subtopic: string;
  bullets: string[];
  insights: { text: string; human: number; judges: Record<string, number> }[];
}

/** How far one way of labelling insights agrees with people. */
export interface Agreement {
  /** `insight`, `cosine`, or a judge's name */
  by: string;
  /** area under the ROC curve, insights made at least partly (label above 0) against those not made, 0..1 */
  auc: number;
  /** Pearson's r with people's labels, over insights and over summaries' means */
  r: number;
  r_summary: number;
  /** over ordered pairs of models: |parity by this − parity by people|, where parity is a ratio of mean labels */
  mean_difference: number;
  largest_difference: number;
}

export interface SummHayFigures {
  summaries: number;
  insights: number;
  /** the element first, then the encoder's cosine where there is an encoder, then judges by name */
  agreements: Agreement[];
  /** parities of the element, those that err most first */
  pairs: { baseline: string; candidate: string; people: number; insight: number }[];
}

interface Labelled {
  summary: Summary;
  text: string;
  people: number;
  judges: Record<string, number>;
}

/** `source` is a JSONL file, or a folder with `summaries.jsonl`. Without an embedder the cosine is left out. Rejects if the file is not there. */
export async function measureSummHay(source = SHIPPED, embedder: Embedder | null = null): Promise<SummHayFigures> {
  const file = statSync(source).isDirectory() ? join(source, 'summaries.jsonl') : source;
  const summaries = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Summary);
  const all = summaries.flatMap((summary) =>
    summary.insights.map(({ text, human, judges }): Labelled => ({ summary, text, people: human, judges })),
  );
  const insights = [...new Set(all.map(({ text }) => text))];
  const values = all.map(({ text, summary }) => insight.check({ insight: text }, summary.bullets.join('\n'), { insights }).value);
  const judges = Object.keys(all[0]?.judges ?? {}).sort();
  return {
    summaries: summaries.length,
    insights: all.length,
    agreements: [
      agreement('insight', values, all),
      ...(embedder === null ? [] : [agreement('cosine', await cosines(all, embedder), all)]),
      ...judges.map((judge) =>
        agreement(
          judge,
          all.map((one) => one.judges[judge] ?? 0),
          all,
        ),
      ),
    ],
    pairs: parities(values, all)
      .map(({ by, ...pair }) => ({ ...pair, insight: by }))
      .sort((a, b) => Math.abs(b.people - b.insight) - Math.abs(a.people - a.insight)),
  };
}

function agreement(by: string, values: readonly number[], all: readonly Labelled[]): Agreement {
  const people = all.map((one) => one.people);
  const made = values.filter((_, i) => all[i]!.people > 0);
  const notMade = values.filter((_, i) => all[i]!.people === 0);
  const differences = parities(values, all).map((pair) => Math.abs(pair.people - pair.by));
  return {
    by,
    auc: areaUnderRoc(made, notMade),
    r: pearson(values, people),
    r_summary: pearson([...meansOf(values, all).values()], [...meansOf(people, all).values()]),
    mean_difference: mean(differences),
    largest_difference: Math.max(...differences),
  };
}

/** Every ordered pair of models with enough summaries. */
function parities(values: readonly number[], all: readonly Labelled[]) {
  const meanOf = (model: string, of: (i: number) => number) =>
    mean(all.flatMap(({ summary }, i) => (summary.model === model ? [of(i)] : [])));
  const summaries = new Map<string, Set<Summary>>();
  for (const { summary } of all) summaries.set(summary.model, (summaries.get(summary.model) ?? new Set()).add(summary));
  const models = [...summaries].filter(([, has]) => has.size >= LEAST_SUMMARIES).map(([model]) => model);
  return models.flatMap((baseline) =>
    models
      .filter((candidate) => candidate !== baseline)
      .map((candidate) => {
        const parity = (of: (i: number) => number) => meanOf(candidate, of) / meanOf(baseline, of);
        return { baseline, candidate, people: parity((i) => all[i]!.people), by: parity((i) => values[i]!) };
      }),
  );
}

/** The largest cosine of the insight with any line of the summary. */
async function cosines(all: readonly Labelled[], embedder: Embedder): Promise<number[]> {
  const texts = [...new Set(all.flatMap(({ text, summary }) => [text, ...summary.bullets]))];
  const vectors = await embedder.embed(texts);
  const vectorOf = new Map(texts.map((text, i) => [text, vectors[i]!]));
  return all.map(({ text, summary }) => Math.max(...summary.bullets.map((bullet) => dot(vectorOf.get(text)!, vectorOf.get(bullet)!))));
}

function meansOf(values: readonly number[], all: readonly Labelled[]): Map<Summary, number> {
  const bySummary = new Map<Summary, number[]>();
  all.forEach(({ summary }, i) => bySummary.set(summary, [...(bySummary.get(summary) ?? []), values[i]!]));
  return new Map([...bySummary].map(([summary, list]) => [summary, mean(list)]));
}

/** Chance that one of the first is above one of the second; a tie is half. */
function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const wins = positives.map((p) => mean(negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0))));
  return mean(wins);
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  const cross = (a: readonly number[], ma: number, b: readonly number[], mb: number) => mean(a.map((v, i) => (v - ma) * (b[i]! - mb)));
  return cross(x, mx, y, my) / Math.sqrt(cross(x, mx, x, mx) * cross(y, my, y, my));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
