/** One vector a case, for suites of any size: the first thousands are held, the rest wait in a file without a name. */
import { readSync, writeSync } from 'node:fs';
import { openNameless } from '../../nameless-file.ts';

/** About 3 MB with 384 dimensions. */
const MOST_HELD = 2_000;

/** Vectors in single precision, or null for a case without one, in the order in which they were added; may be gone through again. */
export interface Directions extends Iterable<Float32Array | null> {
  add: (direction: ArrayLike<number> | null) => void;
}

export function openDirections(mostHeld = MOST_HELD): Directions {
  const held: (Float32Array | null)[] = [];
  /** of each case beyond those: whether it has a vector in the file */
  const isThere: boolean[] = [];
  let file: number | null = null;
  let width = 0;
  return {
    add(direction) {
      if (held.length < mostHeld) return void held.push(direction === null ? null : Float32Array.from(direction));
      isThere.push(direction !== null);
      if (direction === null) return;
      file ??= openNameless();
      width = direction.length;
      writeSync(file, Float32Array.from(direction));
    },
    *[Symbol.iterator]() {
      yield* held;
      let place = 0;
      for (const has of isThere) {
        if (!has || file === null) {
          yield null;
          continue;
        }
        const direction = new Float32Array(width);
        readSync(file, direction, 0, direction.byteLength, place);
        place += direction.byteLength;
        yield direction;
      }
    },
  };
}
