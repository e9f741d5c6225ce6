/** Lines of a file, one at a time, so that a large one is never held whole. */
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 0x0a;

export interface Line {
  text: string;
  /** where it begins, in bytes */
  offset: number;
  /** in bytes, without its line break */
  length: number;
  /** whether a line break ends it; a line that a crash cut has none */
  isWhole: boolean;
}

/** `file` is a path, or the handle of a file that stays open. */
export function* linesOf(file: string | number): Generator<Line> {
  const handle = typeof file === 'number' ? file : openSync(file, 'r');
  let position = 0;
  const read = (chunk: Buffer): number => {
    const count = readSync(handle, chunk, 0, chunk.length, position);
    position += count;
    return count;
  };
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let offset = 0;
    for (let count = read(chunk); count > 0; count = read(chunk)) {
      const bytes = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield { text: bytes.toString('utf8', start, end), offset: offset + start, length: end - start, isWhole: true };
        start = end + 1;
      }
      offset += start;
      rest = Buffer.from(bytes.subarray(start));
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), offset, length: rest.length, isWhole: false };
  } finally {
    if (typeof file === 'string') closeSync(handle);
  }
}
