/** Folding of case and accents that remembers where each letter came from. */

export interface Token {
  /** folded: lower case, no accents */
  text: string;
  /** [start, end) in the original */
  start: number;
  end: number;
}

/** Marks are accents in some scripts and make another letter in others: й is not и, が is not か. */
const ACCENTS = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}+/gu;

export function fold(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ß’ё‐‑–\u00ad]/g, (char) => SPELLED[char] ?? char);
}

const SPELLED: Record<string, string> = { ß: 'ss', '’': "'", ё: 'е', '‐': '-', '‑': '-', '–': '-', '\u00ad': '' };

/** Words and numbers of a text, in order, folded; punctuation falls away. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)?/gu)) {
    tokens.push({ text: fold(match[0]), start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}
