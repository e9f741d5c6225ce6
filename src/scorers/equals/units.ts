/** Units of measure in short answers. They fall away where only one side names one; two different ones are two different answers. */

/** Canonical unit → how it is written. Single letters are variables as often as units: they need a space before them. */
const SPELLINGS: Record<string, string> = {
  '%': '%|percent|per cent',
  $: 'dollars?|usd|bucks',
  cent: 'cents?',
  '€': '€|euros?|eur',
  '£': '£|pounds? sterling|gbp',
  degree: 'degrees?|deg',
  radian: 'radians?|rad',
  mm: 'mm|milli(?:meter|metre)s?',
  cm: 'cm|centi(?:meter|metre)s?',
  km: 'km|kilo(?:meter|metre)s?',
  m: '(?<=\\s)m|meters?|metres?',
  in: '(?<=\\s)in|inch(?:es)?',
  ft: 'ft|feet|foot',
  yd: 'yd|yards?',
  mile: 'miles?',
  mph: 'mph|miles per hour',
  'km/h': 'km/h|kph',
  ms: 'milliseconds?',
  s: '(?<=\\s)s|seconds?|secs?',
  min: 'min|minutes?|mins?',
  h: '(?<=\\s)h|hours?|hrs?',
  day: 'days?',
  week: 'weeks?',
  month: 'months?',
  year: 'years?',
  mg: 'mg|milligrams?',
  kg: 'kg|kilograms?',
  g: '(?<=\\s)g|grams?',
  lb: 'lbs?|pounds?',
  oz: 'oz|ounces?',
  ml: 'ml|milli(?:liter|litre)s?',
  l: '(?<=\\s)l|liters?|litres?',
};
const BEFORE = '(?:(square|sq\\.?|cubic|cu\\.?)\\s+)?';
const POWER = '(?:\\s*\\^\\s*\\{?([23])\\}?)?';
const WORDS = Object.values(SPELLINGS).join('|');
/** Words that count things without measuring them. */
const COUNTED = 'units?|people|persons?|ways|points?|apples|items?';

const AT_END = new RegExp(`(?<=[\\d})\\s]|^)\\s*${BEFORE}(?:${WORDS}|${COUNTED})(?![a-zA-Z])${POWER}\\s*\\.?\\s*$`, 'i');
const EACH = Object.entries(SPELLINGS).map(
  ([unit, words]) => [unit, new RegExp(`(?<=[\\d})\\s])\\s*${BEFORE}(?:${words})(?![a-zA-Z])${POWER}\\s*\\.?\\s*$`, 'i')] as const,
);

/** `plain` is in the spelling of plain-latex.ts; without its unit at the end, if it has one. */
export function dropUnit(plain: string): string {
  return plain.replace(AT_END, '').trim();
}

/** `cm`, `cm^2`, `%`, `$`, `degree`; null when the text names none. */
export function unitOf(text: string): string | null {
  const plain = text
    .replace(/\\(?:text|textbf|mathrm|mbox|rm)\s*\{([^{}]*)\}/g, ' $1')
    .replace(/\\circ|°/g, ' degrees')
    .replace(/\^\s*\{?\s*(?=degrees)|(?<=degrees)\s*\}/g, ' ')
    .replace(/\\%/g, '%')
    .replace(/²/g, '^2')
    .replace(/³/g, '^3');
  const currency = /^\s*(?:\\\$|\$(?=\s*[\d.,]+[^$]*$)|([€£]))/.exec(plain);
  if (currency) return currency[1] ?? '$';
  const bare = plain.replace(/\$/g, ' ').trim();
  for (const [unit, pattern] of EACH) {
    const found = pattern.exec(bare);
    if (!found) continue;
    const power = found[2] ?? (found[1] === undefined ? '' : /^sq/i.test(found[1]) ? '2' : '3');
    return power === '' ? unit : `${unit}^${power}`;
  }
  return null;
}

export function hasOtherUnit(expected: string, got: string): boolean {
  const [a, b] = [unitOf(expected), unitOf(got)];
  return a !== null && b !== null && a !== b;
}
