/** Token ids → windows an encoder can take → batches that are cheap to run. */

/** One run of the encoder over one stretch of one text. */
export interface Window {
  /** index of the text */
  text: number;
  /** with the encoder's first and last special token */
  ids: number[];
  /** tokens without the specials, at least 1: the window's share in the text's vector */
  weight: number;
}

/**
 * Cuts `body` (ids without specials) into as few windows of at most `maxTokens` as will do, of equal length to one token.
 * Every window keeps both specials: an encoder that was trained with a last token is lost without it.
 */
export function cutWindows(
  text: number,
  body: readonly number[],
  specials: { first: number[]; last: number[] },
  maxTokens: number,
): Window[] {
  const room = maxTokens - specials.first.length - specials.last.length;
  const count = Math.max(1, Math.ceil(body.length / room));
  return Array.from({ length: count }, (_, i) => {
    const part = body.slice(Math.floor((i * body.length) / count), Math.floor(((i + 1) * body.length) / count));
    return { text, ids: [...specials.first, ...part, ...specials.last], weight: Math.max(1, part.length) };
  });
}

/** Windows by length, in batches whose padded size stays within `budget` tokens; a longer window goes alone. */
export function batchWindows(windows: readonly Window[], budget: number): Window[][] {
  const batches: Window[][] = [];
  let batch: Window[] = [];
  for (const window of [...windows].sort((a, b) => a.ids.length - b.ids.length)) {
    if (batch.length > 0 && window.ids.length * (batch.length + 1) > budget) {
      batches.push(batch);
      batch = [];
    }
    batch.push(window);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
