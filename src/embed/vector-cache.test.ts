import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openVectorCache } from './vector-cache.ts';

const DIMENSIONS = 3;
const RECORD_BYTES = 32 + 4 * DIMENSIONS + 4;
const keyOf = (n: number) => String(n).padStart(32, 'k');
const vector = (n: number) => new Float32Array([n, n / 2, -n]);

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'vectors-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function writeVectors(...numbers: number[]): void {
  const cache = openVectorCache(dir, DIMENSIONS);
  for (const n of numbers) cache.put([keyOf(n)], vector(n));
  cache.close();
}
function readVectors(...numbers: number[]): (number[] | null)[] {
  const cache = openVectorCache(dir, DIMENSIONS);
  const found = numbers.map((n) => cache.get(keyOf(n)));
  cache.close();
  return found.map((value) => value && [...value]);
}
const fileOf = (i: number) =>
  join(
    dir,
    readdirSync(dir)
      .filter((name) => name.endsWith('.vec'))
      .sort()[i]!,
  );

describe('the vector cache', () => {
  test('what was put is there at once, and for the next process', () => {
    const cache = openVectorCache(dir, DIMENSIONS);
    expect(cache.get(keyOf(1))).toBeNull();
    cache.put([keyOf(1), keyOf(2)], new Float32Array([...vector(1), ...vector(2)]));
    expect(cache.get(keyOf(2))).toEqual(vector(2));
    cache.close();
    expect(readVectors(1, 2, 3)).toEqual([[1, 0.5, -1], [2, 1, -2], null]);
  });

  test('a vector that was got does not change when the next is read', () => {
    writeVectors(1, 2);
    const cache = openVectorCache(dir, DIMENSIONS);
    const first = cache.get(keyOf(1));
    cache.get(keyOf(2));
    expect(first).toEqual(vector(1));
    cache.close();
  });

  test('a run that only reads leaves no file behind', () => {
    expect(readVectors(1)).toEqual([null]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test.each([1, 20, 32, RECORD_BYTES - 1])('a torn tail of %i bytes is a miss, and the records before it stay', (bytes) => {
    writeVectors(1, 2);
    truncateSync(fileOf(0), RECORD_BYTES + bytes);
    expect(readVectors(1, 2)).toEqual([[1, 0.5, -1], null]);
  });

  test.each([0, 31, 32, RECORD_BYTES - 5, RECORD_BYTES - 1])('a flipped bit in byte %i of a record is a miss', (at) => {
    writeVectors(1, 2);
    const bytes = readFileSync(fileOf(0));
    bytes[at]! ^= 1;
    writeFileSync(fileOf(0), bytes);
    expect(readVectors(1, 2)).toEqual([null, [2, 1, -2]]);
  });

  test('junk in the folder is no vector', () => {
    writeVectors(1);
    writeFileSync(join(dir, 'a.vec'), 'not a vector file at all, but long enough to hold two records'.repeat(4));
    writeFileSync(join(dir, 'b.txt'), 'notes');
    expect(readVectors(1, 2)).toEqual([[1, 0.5, -1], null]);
  });

  test('two open caches write to files of their own', () => {
    const [a, b] = [openVectorCache(dir, DIMENSIONS), openVectorCache(dir, DIMENSIONS)];
    for (let n = 0; n < 50; n++) (n % 2 === 0 ? a : b).put([keyOf(n)], vector(n));
    a.close();
    b.close();
    expect(readdirSync(dir)).toHaveLength(2);
    expect(readVectors(...Array(50).keys()).every((found, n) => found?.[0] === n)).toBe(true);
  });
});

describe('merging', () => {
  const anHourAgo = new Date(Date.now() - 3_600_000);

  test('many settled files become one, and bad records are left behind', () => {
    for (let n = 0; n < 20; n++) writeVectors(n);
    appendFileSync(fileOf(0), 'torn');
    const bytes = readFileSync(fileOf(5));
    bytes[40]! ^= 1;
    writeFileSync(fileOf(5), bytes);
    for (const name of readdirSync(dir)) utimesSync(join(dir, name), anHourAgo, anHourAgo);
    const found = readVectors(...Array(20).keys());
    expect(found.filter((value) => value === null)).toHaveLength(1);
    expect(readdirSync(dir)).toHaveLength(1);
    expect(readFileSync(fileOf(0))).toHaveLength(19 * RECORD_BYTES);
    expect(readVectors(...Array(20).keys())).toEqual(found);
  });

  test('files that another process may still be writing to stay as they are', () => {
    for (let n = 0; n < 20; n++) writeVectors(n);
    expect(readVectors(0, 19)).toEqual([
      [0, 0, -0],
      [19, 9.5, -19],
    ]);
    expect(readdirSync(dir)).toHaveLength(20);
  });
});

test('a folder that cannot be made is an error for the caller to tell', () => {
  writeFileSync(join(dir, 'file'), '');
  expect(() => openVectorCache(join(dir, 'file', 'vectors'), DIMENSIONS)).toThrow(/ENOTDIR|EEXIST/);
});
