/**
 * An answer that is nothing but a list of terms, where the baseline writes sentences: what somebody would write to meet elements without
 * saying anything. Eight parts or more between commas on a single line, three words each on average, and twice as many parts as
 * any answer of the baseline has: an answer that ought to be a list is one in the baseline, too.
 */
import { type Guard, wordsOf } from './guard.ts';

const FEWEST_PARTS = 8;
const MOST_WORDS = 3;
const TIMES = 2;
/** Their sentences are not told apart from lists by counting words. */
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

export const keywordList: Guard = ({ samples, candidate }) => {
  const text = candidate.answer.trim();
  if (text.includes('\n') || NO_SPACES.test(text) || samples.length === 0) return null;
  const parts = partsOf(text);
  if (parts.length < FEWEST_PARTS || mean(parts) > MOST_WORDS) return null;
  const theirs = samples.map(({ answer }) => partsOf(answer));
  if (theirs.some((their) => their.length * TIMES > parts.length || mean(their) <= MOST_WORDS)) return null;
  return { kind: 'keyword_list', why: `the answer is a bare list of ${parts.length} terms, the baseline writes sentences` };
};

/** Words in each part of a text between commas, sentence ends and line ends. */
function partsOf(text: string): number[] {
  return text
    .split(/[,;\n]|[.!?:](?=\s|$)/)
    .map((part) => wordsOf(part).length)
    .filter((count) => count > 0);
}

function mean(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0) / counts.length;
}
