/** Cases → raw measures: everything that calibration needs, and none of the vectors. */
import type { Embedder, ScoringCase } from '../../record.ts';
import { openDirections } from './directions.ts';
import { type Measure, type Measures, openMeasures } from './measures.ts';
import { crossF, crossM, drawCases } from './other-cases.ts';
import { embedTexts, type Progress } from './passages.ts';
import { meanSimilarity, segmentSimilarity, sumOf, type Passage } from './raw.ts';

/** Both kinds for one case. */
interface CaseMeasures {
  m: Measure;
  f: Measure;
}

/** Characters embedded and held at a time: about 25 MB of vectors with 384 dimensions. */
const CHARACTERS_AT_A_TIME = 1_000_000;

/** One result a case, same order. Progress counts texts: prompts and answers, over all cases. */
export async function measureCases(
  cases: Iterable<ScoringCase>,
  embedder: Embedder,
  onProgress: Progress,
): Promise<{ m: Measures; f: Measures }> {
  const sampleCounts: number[] = [];
  for (const { samples } of cases) sampleCounts.push(samples.length);
  const firstSamples = pick(cases, new Set(drawCases(sampleCounts)));
  const total = firstSamples.size + sampleCounts.reduce((sum, count) => sum + count + 2, 0);
  let done = 0;
  async function embed(texts: string[]): Promise<(text: string) => Passage> {
    const passage = await embedTexts(texts, embedder, (part, whole) => onProgress(done + Math.floor((texts.length * part) / whole), total));
    onProgress((done += texts.length), total);
    return passage;
  }

  const ofDrawn = await embed([...firstSamples.values()]);
  const drawn = new Map([...firstSamples].map(([i, text]) => [i, ofDrawn(text)]));
  const all = { m: openMeasures(sampleCounts.length), f: openMeasures(sampleCounts.length) };
  let index = 0;
  const directions = openDirections();
  for (const group of groupCases(cases)) {
    const passage = await embed(group.flatMap(textsOf));
    for (const entry of group) {
      const samples = entry.samples.map(({ answer }) => passage(answer));
      const passages = { prompt: passage(promptOf(entry)), samples, candidate: passage(candidateOf(entry)) };
      const { m, f } = measureCase(entry, passages, drawn, index);
      all.m.put(index, m);
      all.f.put(index, f);
      directions.add(meanOfDirections(samples));
      index++;
    }
  }
  let place = 0;
  for (const cross of crossM(directions)) all.m.putCross(place++, cross);
  return all;
}

/** The text of a candidate that did not end well is not compared. */
function candidateOf({ candidate }: ScoringCase): string {
  return candidate.state === 'ok' ? candidate.answer : '';
}

function promptOf({ case: { messages } }: ScoringCase): string {
  return messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content)
    .join('\n');
}

function textsOf(entry: ScoringCase): string[] {
  return [promptOf(entry), ...entry.samples.map(({ answer }) => answer), candidateOf(entry)];
}

function measureCase(
  { candidate_is_sample, candidate: { state } }: ScoringCase,
  { prompt, samples, candidate }: { prompt: Passage; samples: Passage[]; candidate: Passage },
  drawn: ReadonlyMap<number, Passage>,
  index: number,
): CaseMeasures {
  const references = samples.filter((_, r) => r !== candidate_is_sample);
  const pairs = samples.flatMap((a, r) => samples.slice(r + 1).map((b) => [a, b] as const));
  const isJudged = state === 'ok' || state === 'empty';
  const measure = (similarity: typeof segmentSimilarity): Measure => ({
    raw: isJudged ? meanOf(references.map((sample) => similarity(candidate, sample))) : null,
    echo: meanOf(samples.map((sample) => similarity(prompt, sample))),
    cross: null,
    own: meanOf(pairs.map(([a, b]) => similarity(a, b))),
  });
  const f = measure(segmentSimilarity);
  if (samples[0]) f.cross = crossF(samples[0], drawn, index, f.echo ?? 0);
  return { m: measure(meanSimilarity), f };
}

/** Mean of the samples' unit directions; null without a sample that has one. */
function meanOfDirections(samples: readonly Passage[]): Float64Array | null {
  const known = samples.flatMap(({ mean }) => (mean ? [mean] : []));
  return sumOf(known)?.map((value) => value / known.length) ?? null;
}

function* groupCases(cases: Iterable<ScoringCase>): Generator<ScoringCase[]> {
  let group: ScoringCase[] = [];
  let characters = 0;
  for (const entry of cases) {
    const length = textsOf(entry).reduce((sum, text) => sum + text.length, 0);
    if (group.length > 0 && characters + length > CHARACTERS_AT_A_TIME) {
      yield group;
      [group, characters] = [[], 0];
    }
    group.push(entry);
    characters += length;
  }
  if (group.length > 0) yield group;
}

/** The first sample of the cases drawn, by case index. */
function pick(cases: Iterable<ScoringCase>, drawn: ReadonlySet<number>): Map<number, string> {
  const picked = new Map<number, string>();
  let index = 0;
  for (const { samples } of cases) {
    if (drawn.has(index)) picked.set(index, samples[0]!.answer);
    index++;
  }
  return picked;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
