/** A list that is held in memory while it is short, and on disk once it is long: as JSON lines in a file without a name. */
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { linesOf } from './lines.ts';
import { openNameless } from '../nameless-file.ts';

const MOST_HELD = 1_000;
/** While more are read, V8's young generation doubles: what is to stay small is told early. */
const MOST_HELD_OF_MANY = 300;
const WRITE_CHARACTERS = 1 << 18;

/** A long list makes a long run, and V8 lets its heap grow to a multiple of what is in use: docs/decisions/0004-live-models.md */
const growOldSpaceSlowly = () => setFlagsFromString('--heap-growing-percent=15');

export interface Spilled<T> extends Iterable<T> {
  readonly length: number;
}

/** Goes through `items` once. They must be plain JSON values. `isLong`: there will be many. */
export function spill<T>(items: Iterable<T>, isLong = false): Spilled<T> {
  const mostHeld = isLong ? MOST_HELD_OF_MANY : MOST_HELD;
  // before the first great collection, which sets the size of the next
  if (isLong) growOldSpaceSlowly();
  const held: T[] = [];
  let file: number | null = null;
  let length = 0;
  let text = '';
  const flush = (handle: number) => {
    writeSync(handle, text);
    text = '';
  };
  for (const item of items) {
    length++;
    if (file === null && held.length < mostHeld) {
      held.push(item);
      continue;
    }
    if (file === null) {
      file = openNameless();
      growOldSpaceSlowly();
      setFlagsFromString('--semi-space-growth-factor=1');
    }
    text += `${JSON.stringify(item)}\n`;
    if (text.length > WRITE_CHARACTERS) flush(file);
  }
  const handle = file;
  if (handle === null) return held;
  flush(handle);
  return {
    length,
    *[Symbol.iterator]() {
      yield* held;
      for (const { text: line } of linesOf(handle)) yield JSON.parse(line) as T;
    },
  };
}
