/** A source with the vector cache before it: each distinct text is computed once. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Embedder } from '../record.ts';
import type { Source } from './source.ts';
import { openVectorCache, type VectorCache } from './vector-cache.ts';

/** Part of every cache key: raise it when the same text and weights would give another vector. */
const FORMAT = 1;

/** `note` is a sentence for people: which encoder, which weights, why not another, and whether vectors are cached. */
export interface OpenEmbedder extends Embedder {
  note: string;
  /** worker threads running now; 0 until a text is not in the cache */
  workers: () => number;
}

type Progress = (done: number, total: number) => void;

export function withCache(source: Source, cacheDir: string): OpenEmbedder {
  const { identity, choice, run, workers, close } = source;
  const { dimensions } = identity;
  const store = openStore(cacheDir, source);
  const stats = { texts: 0, cached: 0, computed: 0, seconds: 0 };

  async function compute(
    missing: Map<string, string>,
    take: (key: string, vector: Float32Array) => void,
    onProgress: Progress,
  ): Promise<void> {
    const keys = [...missing.keys()];
    let done = 0;
    onProgress(0, keys.length);
    await run([...missing.values()], (positions, vectors) => {
      const chunkKeys = positions.map((i) => keys[i]!);
      store.put(chunkKeys, vectors);
      chunkKeys.forEach((key, i) => take(key, vectors.subarray(i * dimensions, (i + 1) * dimensions)));
      stats.computed += positions.length;
      onProgress((done += positions.length), keys.length);
    });
  }

  return {
    identity,
    get note() {
      return [choice, store.trouble()].filter((part) => part !== null).join('; ');
    },
    workers,
    async embed(texts, onProgress = () => {}) {
      const start = performance.now();
      const found = new Map<string, Float32Array>();
      const missing = new Map<string, string>();
      const keys = texts.map((text) => {
        const clean = cleanText(text);
        const key = store.keyOf(clean);
        if (found.has(key) || missing.has(key)) return key;
        const vector = store.get(key);
        if (vector === null) missing.set(key, clean);
        else found.set(key, vector);
        return key;
      });
      stats.texts += found.size + missing.size;
      stats.cached += found.size;
      try {
        if (missing.size > 0) await compute(missing, (key, vector) => found.set(key, vector), onProgress);
      } finally {
        stats.seconds += (performance.now() - start) / 1000;
      }
      return keys.map((key) => found.get(key)!);
    },
    stats: () => ({ ...stats }),
    async close() {
      await close();
      store.close();
    },
  };
}

/** One text has one form, and a lone surrogate, which no encoder knows, becomes U+FFFD. */
function cleanText(text: string): string {
  return Buffer.from(text.normalize('NFC'), 'utf8').toString('utf8');
}

type Store = VectorCache & { keyOf: (text: string) => string; trouble: () => string | null };

/** The vector cache, opened with the first text. A folder that cannot be used costs time, not the run: it is told in `trouble`. */
function openStore(cacheDir: string, { identity, fingerprint: own }: Source): Store {
  const fingerprint = `${FORMAT}:${own}`;
  // a server's model may be called owner/name
  const name = identity.id.replace(/[^\w.-]+/g, '_');
  let cache: VectorCache | null = null;
  let trouble: string | null = null;
  function attempt<T>(use: (cache: VectorCache) => T, otherwise: T): T {
    if (trouble !== null) return otherwise;
    try {
      cache ??= openVectorCache(join(cacheDir, `${name}-${own.slice(0, 16)}-${FORMAT}`), identity.dimensions);
      return use(cache);
    } catch (error) {
      trouble = `vectors are not cached (${(error as Error).message})`;
      return otherwise;
    }
  }
  return {
    keyOf: (text) => hash('sha256', `${fingerprint}\n${text}`, 'buffer').toString('latin1'),
    get: (key) => attempt((open) => open.get(key), null),
    put: (keys, vectors) => attempt((open) => open.put(keys, vectors), undefined),
    close: () => cache?.close(),
    trouble: () => trouble,
  };
}
