/** Search in whole prompts and answers: chunk by chunk, so that the page stays alive and shows how far it is. */
import { termsOf } from './choose.ts';
import type { Chunk } from './chunk.ts';
import type { Row } from './types.ts';
import { chunkText } from './unpack.ts';

/** Chunks that are opened at the same time. */
const AT_ONCE = 4;
/** Milliseconds between two reports. */
const EVERY = 300;

function byChunkOf(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.chunk);
    if (group) group.push(row);
    else groups.set(row.chunk, [row]);
  }
  return groups;
}

/**
 * Every word must occur in the texts of a case or in its title. Calls `onProgress` now and then, and once at the end with `done` equal to `total` (chunks); `found` grows meanwhile. Gives up
 * without a further call when `isWanted` says no.
 */
export async function searchTexts(
  rows: readonly Row[],
  titleOf: (row: Row) => string,
  query: string,
  isWanted: () => boolean,
  onProgress: (progress: { found: ReadonlySet<Row>; done: number; total: number }) => void,
): Promise<void> {
  const terms = termsOf(query);
  const waiting = [...byChunkOf(rows)];
  const total = waiting.length;
  const found = new Set<Row>();
  let [done, told] = [0, performance.now()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined && isWanted(); next = waiting.shift()) {
      const [chunk, inChunk] = next;
      // JSON stays JSON in lower case
      const lowered = (await chunkText(chunk)).toLowerCase();
      const { texts, ends } = JSON.parse(lowered) as Pick<Chunk, 'texts' | 'ends'>;
      for (const row of inChunk) {
        const own = texts.slice(ends[row.place - 1] ?? 0, ends[row.place]);
        if (terms.every((term) => own.some((one) => one.includes(term)) || titleOf(row).includes(term))) found.add(row);
      }
      done++;
      if (performance.now() - told < EVERY || done === total || !isWanted()) continue;
      told = performance.now();
      onProgress({ found, done, total });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (isWanted()) onProgress({ found, done: total, total });
}
