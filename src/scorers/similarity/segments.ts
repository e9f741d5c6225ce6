/** An answer → the lines and sentences that similarity compares. */

/** Longer answers have their neighbours joined until this many remain, so that all of the text is still judged. */
const MOST_SEGMENTS = 60;
/** Shorter ones ("Sure!", "1.") say too little alone and open the next. */
const FEWEST_WORDS = 3;
const FEWEST_WORD_CHARACTERS = 2;

const SENTENCE_END = /(?<=[.!?])\s+|(?<=[。！？])/u;
const FENCE = /^\s*(```|~~~)/;
const LEADING_MARKER = /^\s*(?:[#>]+\s*|[-*+•]\s+)+/;
const INLINE_MARKER = /\*\*|__|~~|`+|\|/g;
const WORD_CHARACTER = /[\p{L}\p{N}]/gu;
/** A run of letters or digits; in scripts without spaces two characters count as a word. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{1,2}|[\p{L}\p{N}]+/gu;

/** At least one segment for any text that is not blank, none for a blank one. */
export function segmentsOf(text: string): string[] {
  const pieces: string[] = [];
  let pending = '';
  for (const piece of piecesOf(text)) {
    pending = pending === '' ? piece : `${pending} ${piece}`;
    if (wordCount(pending) < FEWEST_WORDS) continue;
    pieces.push(pending);
    pending = '';
  }
  if (pending !== '') pieces.push(pending);
  if (pieces.length === 0 && text.trim() !== '') return [text.trim()];
  return joinNeighbours(pieces, MOST_SEGMENTS);
}

export function wordCount(segment: string): number {
  return segment.match(WORD)?.length ?? 0;
}

function piecesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => !FENCE.test(line))
    .flatMap((line) => line.replace(LEADING_MARKER, '').replace(INLINE_MARKER, ' ').split(SENTENCE_END))
    .map((piece) => piece.replace(/\s+/g, ' ').trim())
    .filter((piece) => (piece.match(WORD_CHARACTER)?.length ?? 0) >= FEWEST_WORD_CHARACTERS);
}

function joinNeighbours(pieces: string[], most: number): string[] {
  if (pieces.length <= most) return pieces;
  const bounds = Array.from({ length: most + 1 }, (_, i) => Math.floor((i * pieces.length) / most));
  return bounds.slice(1).map((end, i) => pieces.slice(bounds[i], end).join(' '));
}
