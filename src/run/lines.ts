/** Lines of a file, one at a time, so that a large one is never held whole. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

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

/** Whether its last line lacks its break, as one does that a crash cut: what is added next must begin with one. `file` is a path that is there, or a handle. */
export function endsCut(file: string | number): boolean {
  const handle = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const [last, { size }] = [Buffer.alloc(1), fstatSync(handle)];
    return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
  } finally {
    if (typeof file === 'string') closeSync(handle);
  }
}

/** `file` is a path, or the handle of a file that stays open. */
export function* linesOf(file: string | number): Generator<Line> {
  const handle = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    // one buffer for all of it: what is left to the garbage collector outside the heap stays for long
    let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let [position, offset, held] = [0, 0, 0];
    for (;;) {
      if (held === buffer.length) buffer = Buffer.concat([buffer], 2 * held);
      const count = readSync(handle, buffer, held, buffer.length - held, position);
      if (count === 0) break;
      position += count;
      const bytes = buffer.subarray(0, held + count);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE, held); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield { text: bytes.toString('utf8', start, end), offset: offset + start, length: end - start, isWhole: true };
        start = end + 1;
      }
      offset += start;
      held = bytes.length - start;
      buffer.copyWithin(0, start, bytes.length);
    }
    if (held > 0) yield { text: buffer.toString('utf8', 0, held), offset, length: held, isWhole: false };
  } finally {
    if (typeof file === 'string') closeSync(handle);
  }
}
