/** Search in whole prompts and answers: chunk by chunk, so that the page stays alive and shows how far it is. */
import { termsOf } from './choose.ts';
import type { PackedCase, Row } from './types.ts';
import { chunkText } from './unpack.ts';

/** Chunks that are opened at the same time. */
const AT_ONCE = 4;
/** Milliseconds between two reports. */
const EVERY = 100;

const textOf = ({ case: name, suite, tags, messages, answers }: PackedCase): string =>
  [
    name,
    suite,
    ...tags,
    ...messages.map(({ content }) => content),
    ...[...answers.baseline, ...answers.candidate].flatMap(({ answer, reasoning }) => [answer, reasoning ?? '']),
  ]
    .join('\n')
    .toLowerCase();

/** How a word stands in the JSON of a chunk. */
const inJson = (term: string) => JSON.stringify(term).slice(1, -1);

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
 * Calls `onProgress` now and then, and once at the end with `done` equal to `total` (chunks); `found` grows meanwhile. Gives up
 * without a further call when `isWanted` says no.
 */
export async function searchTexts(
  rows: readonly Row[],
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
      const text = await chunkText(chunk);
      const lowered = text.toLowerCase();
      if (terms.every((term) => lowered.includes(inJson(term)))) {
        const cases = JSON.parse(text) as PackedCase[];
        const texts = cases.map(textOf);
        for (const row of inChunk) if (terms.every((term) => texts[row.place]?.includes(term))) found.add(row);
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
