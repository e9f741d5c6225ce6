/** As a number: `1,000` = `1000` = `10^3` = `1e3`, `1/2` = `0.5`; currency, percent, degrees and units fall away unless both sides name one. */
import { evaluateLatex } from './evaluate.ts';
import { plainLatex, splitLeft } from './plain-latex.ts';
import { hasOtherUnit } from './units.ts';

const RELATIVE = 1e-9;

/** What may stand before the number of an answer: nothing that changes it, as "not", "more than" or "half of" do. */
const LEAD_IN =
  /^(?:[\s:,.*#=≈~]|\b(?:so|thus|hence|therefore|the|final|correct|my|answer|result|value|total|sum|number|cost|price|is|are|was|equals?|to|about|approximately|approx|around|roughly|exactly|of|there|it|he|she|they|we|you|i|get|has|have|costs?|usd|eur|gbp)\b)*$/i;
/** What may not stand after it. */
const CHANGES =
  /\b(?:million|billion|trillion|thousand|hundred|dozens?|score|half|halves|thirds?|quarters?|squared|cubed|factorial|times|pi|e|pm|infinity|cup|and|or|to|minus|plus|over|point|more|less|fewer|not|no|than|if|but|x|y|z|n)\b/i;

/** The number that a short answer states; `digits` are its exact decimal digits where it was written in full, else null. */
interface Stated {
  value: number;
  /** what is said to be this number: `x` in "x = 5" */
  of: string | null;
  digits: string | null;
}

export function equalNumber(expected: string, got: string): boolean {
  const [a, b] = [stated(expected), stated(got)];
  if (a === null || b === null || hasOtherUnit(expected, got)) return false;
  if (a.of !== null && b.of !== null && a.of !== b.of) return false;
  // 12345678901234567890 is not ...891, though no double can tell
  return a.digits !== null && b.digits !== null ? a.digits === b.digits : isNear(a.value, b.value);
}

export function isNear(a: number, b: number): boolean {
  return a === b || (Number.isFinite(a - b) && Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b), 1e-300));
}

/** Null when a text states no number or several. */
export function numberOf(text: string): number | null {
  return stated(text)?.value ?? null;
}

function stated(text: string): Stated | null {
  const { left, right } = splitLeft(plainLatex(text));
  const digits = exactDigits(right) ?? onlyNumber(right);
  if (digits !== null) return { value: Number(digits), of: left, digits };
  const value = /^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/i.test(right) ? Number(right) : evaluateLatex(right, {});
  return value === null || !Number.isFinite(value) ? null : { value, of: left, digits: null };
}

/** "16 apples", "the answer is 5.": one number among words that do not change it. */
function onlyNumber(plain: string): string | null {
  const found = /[+-]?\d+(?:\.\d+)?/.exec(plain);
  if (!found) return null;
  const [before, after] = [plain.slice(0, found.index), plain.slice(found.index + found[0].length)];
  // a letter or a digit that touches the number makes it a term or a date: 3x, 5th, 10:30
  if (!LEAD_IN.test(before) || !/^(?:[\s,;."']+[\p{L}\s,;."'-]*)?$/u.test(after) || CHANGES.test(after)) return null;
  return exactDigits(found[0]);
}

/** `007.50` → `7.5`; null when the text is not a decimal written in full. */
function exactDigits(plain: string): string | null {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!found || !/\d/.test(plain)) return null;
  const [, sign, whole = '', part = ''] = found;
  const [left, right] = [whole.replace(/^0+(?=\d)/, '') || '0', part.replace(/0+$/, '')];
  const digits = right === '' ? left : `${left}.${right}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}
