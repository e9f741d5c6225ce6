/**
 * An answer that is the prompt over again, where the baseline's answers are not: nearly all of its words stand in runs of five
 * that the prompt has, too, and most of the prompt is in it. A passage quoted from a long prompt is thereby no echo.
 */
import { type Guard, promptOf, wordsOf } from './guard.ts';

const RUN = 5;
/** A shorter answer is a word or a phrase of the question, which may well be the answer. */
const FEWEST_WORDS = 8;
const OF_ANSWER = 0.95;
const OF_PROMPT = 0.7;
const OF_BASELINE = 0.3;

export const echo: Guard = ({ case: one, samples, candidate }) => {
  const words = wordsOf(candidate.answer);
  if (words.length < FEWEST_WORDS || samples.length === 0) return null;
  const prompt = wordsOf(promptOf(one));
  const share = shareFrom(words, prompt);
  if (share < OF_ANSWER || shareFrom(prompt, words) < OF_PROMPT) return null;
  if (samples.some(({ answer }) => shareFrom(wordsOf(answer), prompt) > OF_BASELINE)) return null;
  return { kind: 'echo', why: `the answer repeats the prompt (${Math.round(share * 100)} % of its words), the baseline's do not` };
};

/** Share of the words that stand in runs of five words which `source` has, too; 0..1. */
export function shareFrom(words: readonly string[], source: readonly string[]): number {
  if (words.length < RUN) return 0;
  const known = new Set(runsOf(source));
  let [covered, reached] = [0, 0];
  runsOf(words).forEach((run, i) => {
    if (!known.has(run)) return;
    covered += i + RUN - Math.max(i, reached);
    reached = i + RUN;
  });
  return covered / words.length;
}

function runsOf(words: readonly string[]): string[] {
  return words.slice(0, Math.max(0, words.length - RUN + 1)).map((_, i) => words.slice(i, i + RUN).join(' '));
}
