/**
 * An answer in another language than it must be in: the declared one, else the one that both the prompt and all of the
 * baseline's answers are in. Where these two differ, as in a translation, nothing is known and nothing is said.
 */
import type { HardFailure } from '../../record.ts';
import { type Detector, languageCode } from './detector.ts';
import { type Guard, type Guarded, promptOf, wordsOf } from './guard.ts';

/** Shorter texts are not judged. One letter of Chinese or Japanese says as much as three of others. */
const FEWEST_LETTERS = 40;
const FEWEST_LETTERS_OF_PROMPT = 20;
/** A language scored below this share of the likeliest one's score is not the text's. */
const SURELY_NOT = 0.9;
/** From this share of words in common on, two texts are of one language; 96 % of 6,132 passages of translated manual pages lie below it against English. */
const OWN_WORDS = 0.25;

export const language: Guard = (guarded) => {
  const { detector } = guarded;
  if (detector === null || !looksForeign(guarded)) return null;
  const text = prose(guarded.candidate.answer);
  const declared = guarded.case.language;
  const wanted = declared === null ? languageOf(guarded, detector) : languageCode(declared);
  if (wanted === null) return null;
  const other = otherLanguage(text, wanted, detector);
  if (other === null) return null;
  const from = declared === null ? `the prompt and the baseline's answers are in "${wanted}"` : `the suite declares language "${declared}"`;
  return { kind: 'wrong_language', why: `the answer is in the language "${other}", ${from}` } satisfies HardFailure;
};

/** Whether the answer has to be looked at by the detector: it is long enough, and not already shown to be in the baseline's language. */
export function looksForeign({ case: one, samples, candidate }: Omit<Guarded, 'detector'>): boolean {
  const text = prose(candidate.answer);
  if (lettersOf(text) < FEWEST_LETTERS) return false;
  if (one.language !== null) return true;
  if (samples.length === 0) return false;
  const words = wordsOf(text);
  const known = new Set(samples.flatMap(({ answer }) => wordsOf(prose(answer))));
  return words.filter((word) => known.has(word)).length < OWN_WORDS * words.length;
}

/** The language of the prompt and of every answer of the baseline; null when they differ or are too short to tell. */
function languageOf({ case: one, samples }: Guarded, detector: Detector): string | null {
  const texts = samples.map(({ answer }) => prose(answer));
  const prompt = prose(promptOf(one));
  if (lettersOf(prompt) < FEWEST_LETTERS_OF_PROMPT || texts.some((text) => lettersOf(text) < FEWEST_LETTERS)) return null;
  const [first] = detector.detect(texts.join('\n')).keys();
  if (first === undefined) return null;
  return [prompt, ...texts].every((text) => otherLanguage(text, first, detector, 0) === null) ? first : null;
}

/** The language that a text is surely in, if it is not the wanted one; null when it may be the wanted one, or nobody can tell. */
function otherLanguage(text: string, wanted: string, { detect, languages }: Detector, fewest = FEWEST_LETTERS): string | null {
  if (lettersOf(text) < fewest || !languages.has(wanted)) return null;
  const scores = detect(text);
  const [best] = scores;
  return best && best[0] !== wanted && (scores.get(wanted) ?? 0) < SURELY_NOT * best[1] ? best[0] : null;
}

/** Code and formulas have no language. */
function prose(answer: string): string {
  return answer.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|\$[^$\n]*\$|https?:\S+/g, ' ');
}

function lettersOf(text: string): number {
  return (text.match(/\p{L}/gu)?.length ?? 0) + 2 * (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0);
}
