/** What differs between two answers, word by word, within bounded time. */
import { diffArrays } from 'diff';

/** Characters of each text that are compared. */
export const DIFF_CHARACTERS = 30_000;
/** Milliseconds after which two texts are called too different. */
const PATIENCE = 1_500;

/** Words with their punctuation, and the blanks between them. */
const TOKENS = /\p{L}[\p{L}\p{M}\p{N}'’_-]*|\p{N}[\p{N}.,]*|\s+|[^\p{L}\p{N}\s]/gu;

/** A stretch of one text: in both, or only in this one. */
export interface Piece {
  span: [number, number];
  isOwn: boolean;
}

/** Pieces of both texts in order, by offsets in UTF-16 units; null when they are too different to tell in time. */
export function wordDiff(before: string, after: string): { before: Piece[]; after: Piece[] } | null {
  const tokens = (text: string) => text.slice(0, DIFF_CHARACTERS).match(TOKENS) ?? [];
  const changes = diffArrays<string>(tokens(before), tokens(after), { timeout: PATIENCE });
  if (changes === undefined) return null;
  const pieces: { before: Piece[]; after: Piece[] } = { before: [], after: [] };
  const at = { before: 0, after: 0 };
  for (const { value, added, removed } of changes) {
    const length = value.reduce((sum, token) => sum + token.length, 0);
    for (const side of ['before', 'after'] as const) {
      if (side === 'before' ? added : removed) continue;
      pieces[side].push({ span: [at[side], at[side] + length], isOwn: added || removed });
      at[side] += length;
    }
  }
  return pieces;
}
