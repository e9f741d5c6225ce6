/** An answer in another language than the suite declares: by script first, then, within one script, by function words. */
import type { HardFailure } from '../../record.ts';
import { otherLanguage } from './function-words.ts';
import type { Guard } from './guard.ts';

const SCRIPTS: Record<string, RegExp> = {
  latin: /\p{Script=Latin}/gu,
  cyrillic: /\p{Script=Cyrillic}/gu,
  greek: /\p{Script=Greek}/gu,
  arabic: /\p{Script=Arabic}/gu,
  hebrew: /\p{Script=Hebrew}/gu,
  devanagari: /\p{Script=Devanagari}/gu,
  thai: /\p{Script=Thai}/gu,
  hangul: /\p{Script=Hangul}/gu,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  han: /\p{Script=Han}/gu,
};

/** Scripts by language; a language that is not here is written in Latin letters. */
const WRITTEN_IN: Record<string, string[]> = {
  ru: ['cyrillic'],
  uk: ['cyrillic'],
  bg: ['cyrillic'],
  sr: ['cyrillic', 'latin'],
  el: ['greek'],
  ar: ['arabic'],
  fa: ['arabic'],
  ur: ['arabic'],
  he: ['hebrew'],
  hi: ['devanagari'],
  mr: ['devanagari'],
  th: ['thai'],
  ko: ['hangul', 'han'],
  ja: ['kana', 'han'],
  zh: ['han'],
};

const FEWEST_LETTERS = 40;

/** Code and formulas have no language. */
function prose(answer: string): string {
  return answer.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|\$[^$\n]*\$|https?:\S+/g, ' ');
}

export const language: Guard = (one, _, candidate) => {
  if (one.language === null) return null;
  const text = prose(candidate.answer);
  const counts = Object.entries(SCRIPTS).map(([script, letters]) => ({ script, count: text.match(letters)?.length ?? 0 }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total < FEWEST_LETTERS) return null;
  const declared = one.language.toLowerCase().split('-')[0] ?? '';
  const scripts = WRITTEN_IN[declared] ?? ['latin'];
  const countOf = (script: string) => counts.find((c) => c.script === script)?.count ?? 0;
  const own = scripts.reduce((sum, script) => sum + countOf(script), 0);
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a)).script;
  if (own * 2 < total) return failure(`is written in ${most} letters`, one.language);
  // Japanese without kana is Chinese
  if (declared === 'ja' && countOf('han') * 2 > total && countOf('kana') * 20 < total)
    return failure('is written in han letters alone', one.language);
  const other = otherLanguage(text, declared);
  return other === null ? null : failure(`is in the language "${other}"`, one.language);
};

function failure(found: string, declared: string): HardFailure {
  return { kind: 'wrong_language', why: `the answer ${found}, the suite declares language "${declared}"` };
}
