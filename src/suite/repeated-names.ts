/** Tells which names may occur more than once, without holding the names of a large suite: of each, eight bytes are kept. */
import { createHash } from 'node:crypto';

/** Goes through `items` once. The function given back is true for every name that is repeated, and hardly ever for another. */
export function repeatedNames(items: Iterable<{ name: string }>): (name: string) => boolean {
  const hashes: number[] = [];
  for (const { name } of items) hashes.push(hashOf(name));
  const sorted = Float64Array.from(hashes).sort();
  const repeated = new Set(sorted.filter((hash, i) => hash === sorted[i - 1]));
  return (name) => repeated.size > 0 && repeated.has(hashOf(name));
}

/** 48 bits */
const hashOf = (name: string): number => createHash('sha1').update(name).digest().readUIntLE(0, 6);
