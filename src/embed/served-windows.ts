/** Long texts cut for a server, whose tokenizer is not known here. */

/**
 * Of UTF-8, in one window: some 250 tokens of prose, well under the 512 that llama.cpp takes at once unless told otherwise, and under
 * what other servers cut off without saying so.
 */
export const WINDOW_BYTES = 1_000;

/** Of at most WINDOW_BYTES, cut between words where there are any. A server takes no empty text: it gets a space. */
export function windowsOf(text: string): string[] {
  if (text.trim() === '') return [' '];
  if (Buffer.byteLength(text) <= WINDOW_BYTES) return [text];
  const windows: string[] = [];
  let window = '';
  let bytes = 0;
  // words, and pieces of those that are longer than a window
  for (const piece of text.match(PIECES) ?? []) {
    const size = Buffer.byteLength(piece);
    if (bytes + size > WINDOW_BYTES) {
      windows.push(window);
      [window, bytes] = ['', 0];
    }
    window += piece;
    bytes += size;
  }
  return [...windows, window].map((one) => one.trim()).filter((one) => one !== '');
}
/** At most 150 characters, of at most four bytes each, with the space before them. */
const PIECES = /\s{0,50}\S{1,150}|\s+/gu;
