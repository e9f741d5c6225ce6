/** Suggestions for the cases of a suite, with what they are worth: coverage of answers that had no part in them. */
import type { Answers } from '../collect.ts';
import type { Answer, Case, Read, Suite } from '../record.ts';
import { isEqual } from '../scorers/equals/index.ts';
import { findText } from '../scorers/elements/text.ts';
import { checkAnswer } from '../scorers/coverage.ts';
import { readAnswer } from '../scorers/read.ts';
import { isUsableSample } from '../verdict/quality.ts';
import { keysOf, type Others, othersOf, suggestElements } from './suggest-elements.ts';

/** A longer part that is read is prose: no other answer would equal it. */
const LONGEST_ANSWER = 200;

/** One suggested element: any of the texts, or the one answer where a part of it is read. */
export interface SuggestedElement {
  kind: 'text' | 'equals';
  texts: string[];
  /** samples that meet it */
  samples: number;
  /** whether an element of the case already asks for it */
  isKnown: boolean;
}

export interface SuggestedCase {
  name: string;
  /** usable recorded samples of the baseline and its sibling */
  samples: number;
  /** best first; none where there are too few samples, or they have nothing in common */
  elements: SuggestedElement[];
  /** mean share of the elements, taken from the other samples, that a sample meets; null where the others suggest none */
  leftOut: number | null;
  /** share that each other model's recorded answer meets */
  models: { model: string; coverage: number }[];
}

interface Wanted {
  suite: Suite;
  isWanted: (name: string) => boolean;
  fewest: number;
}

/** Goes through the answers twice: first for what the answers of the whole suite have in common. */
export function suggestForCases(answers: Answers, { suite, isWanted, fewest }: Wanted): SuggestedCase[] {
  const counts = new Map<string, number>();
  let answered = 0;
  for (const { baseline } of answers) {
    const first = baseline().find(isUsableSample);
    if (first === undefined) continue;
    answered++;
    for (const key of keysOf(first.answer)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const found: SuggestedCase[] = [];
  for (const { case: one, baseline, candidate } of answers) {
    if (!isWanted(one.name)) continue;
    const samples = baseline().filter((answer) => isUsableSample(answer) && answer.state === 'ok');
    const first = samples[0];
    const others = othersOf(counts, answered, first === undefined ? new Set() : keysOf(first.answer));
    const none = { name: one.name, samples: samples.length, elements: [], leftOut: null, models: [] };
    found.push(samples.length < fewest ? none : suggestForCase(one, samples, suite.candidates.map(candidate), others));
  }
  return found;
}

function suggestForCase(one: Case, samples: readonly Answer[], tried: readonly Answer[], others: Others): SuggestedCase {
  const elements = derive(one, samples, others);
  const left = samples.flatMap((sample) => {
    const without = derive(
      one,
      samples.filter((other) => other !== sample),
      others,
    );
    return without.length === 0 ? [] : [coverageOf(without, sample, one.read)];
  });
  const heard = tried.filter(({ state }) => state === 'ok');
  return {
    name: one.name,
    samples: samples.length,
    elements,
    leftOut: left.length === 0 ? null : mean(left),
    models: elements.length === 0 ? [] : heard.map((answer) => ({ model: answer.model, coverage: coverageOf(elements, answer, one.read) })),
  };
}

/** One answer that is read out of a longer one is the same in all samples, or nothing is suggested. */
function derive(one: Case, samples: readonly Answer[], others: Others): SuggestedElement[] {
  const texts = samples.map(({ answer }) => readAnswer(answer, one.read)).flatMap(({ rung, text }) => (rung === 'none' ? [] : [text]));
  const isKnown = (written: readonly string[]) => written.some((text) => isAskedFor(one, text));
  if (one.read !== null) {
    const [first] = texts;
    const isAgreed = first !== undefined && first.trim() !== '' && first.length <= LONGEST_ANSWER && texts.length === samples.length;
    if (!isAgreed || !texts.every((text) => isEqual(first, text))) return [];
    return [{ kind: 'equals', texts: [first.trim()], samples: texts.length, isKnown: isKnown([first]) }];
  }
  const prompt = one.messages.map(({ content }) => content).join('\n');
  return suggestElements(prompt, texts, others).map((s) => ({ kind: 'text', ...s, isKnown: isKnown(s.texts) }));
}

/** Whether the text meets an element that the case has. */
function isAskedFor(one: Case, text: string): boolean {
  const { checks } = checkAnswer({ state: 'ok', answer: text, why: null }, { ...one, read: null }, { insights: [] });
  return one.elements.some(({ kind }, i) => kind !== 'not' && (checks[i]?.value ?? 0) >= 0.5);
}

function coverageOf(elements: readonly SuggestedElement[], { answer }: Answer, read: Read): number {
  const { rung, text } = readAnswer(answer, read);
  if (rung === 'none') return 0;
  const isMet = ({ kind, texts }: SuggestedElement) =>
    texts.some((one) => (kind === 'equals' ? isEqual(one, text) : findText(one, text).length > 0));
  return elements.filter(isMet).length / elements.length;
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
