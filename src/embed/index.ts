/** Texts → vectors, computed locally and cached. Nothing heavy is loaded until a text is not in the cache. */
import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Embedder } from '../record.ts';
import { findEncoder, missingEncoder, readEncoder, type EncoderFolder } from './encoder-folder.ts';
import { bundledModelsDir } from './folders.ts';
import { createPool } from './pool.ts';
import { openVectorCache, type VectorCache } from './vector-cache.ts';

export { defaultFolders } from './folders.ts';

export const DEFAULT_ENCODER = 'bge-m3';
export const BUNDLED_ENCODER = 'all-MiniLM-L6-v2';
/** Part of every cache key: raise it when the same text and weights would give another vector. */
const FORMAT = 1;
/** Two sessions of a larger encoder would not fit a usual machine: it gets one session with all cores. */
const LARGE_BYTES = 500 * 2 ** 20;

export interface EmbedderOptions {
  /** null: bge-m3 where its weights are on this machine, else the bundled encoder; `note` says which and why */
  name: string | null;
  modelsDirs: string[];
  /** vector cache, made when missing */
  cacheDir: string;
  workers?: number;
}

/** `note` is a sentence for people: which encoder, which weights, why not another, and whether vectors are cached. */
export interface OpenEmbedder extends Embedder {
  note: string;
  /** worker threads running now; 0 until a text is not in the cache */
  workers: () => number;
}

/** Rejects with InputError where the encoder is unknown, incomplete or unfit. */
export function openEmbedder(options: EmbedderOptions): Promise<OpenEmbedder> {
  return new Promise((resolve) => resolve(open(options)));
}

function open(options: EmbedderOptions): OpenEmbedder {
  const { folder, choice } = choose(options);
  const size = options.workers ?? (isLarge(folder) ? 1 : Math.min(availableParallelism(), 4));
  const pool = createPool({ folder, threads: threadsFor(folder) }, size);
  const store = openStore(options.cacheDir, folder);
  const stats = { texts: 0, cached: 0, computed: 0, seconds: 0 };

  async function compute(
    missing: Map<string, string>,
    take: (key: string, vector: Float32Array) => void,
    onProgress: Progress,
  ): Promise<void> {
    const keys = [...missing.keys()];
    let done = 0;
    onProgress(0, keys.length);
    await pool.run([...missing.values()], (positions, vectors) => {
      const chunkKeys = positions.map((i) => keys[i]!);
      store.put(chunkKeys, vectors);
      chunkKeys.forEach((key, i) => take(key, vectors.subarray(i * folder.dimensions, (i + 1) * folder.dimensions)));
      stats.computed += positions.length;
      onProgress((done += positions.length), keys.length);
    });
  }

  return {
    identity: {
      id: folder.name,
      revision: `${folder.dtype}-${folder.fingerprint.slice(0, 12)}`,
      dimensions: folder.dimensions,
      pooling: folder.pooling,
      bundled: folder.dir.startsWith(bundledModelsDir()),
    },
    get note() {
      return [choice, store.trouble()].filter((part) => part !== null).join('; ');
    },
    workers: pool.started,
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
      await pool.close();
      store.close();
    },
  };
}

const isLarge = (folder: EncoderFolder): boolean => folder.bytes > LARGE_BYTES;

/** Threads inside one run of a session. */
export const threadsFor = (folder: EncoderFolder): number => (isLarge(folder) ? availableParallelism() : 1);

type Progress = (done: number, total: number) => void;

/** The encoder asked for, or the configured default; `choice` says which one and why. */
function choose({ name, modelsDirs, cacheDir }: EmbedderOptions): { folder: EncoderFolder; choice: string } {
  const wanted = name ?? DEFAULT_ENCODER;
  const dir = findEncoder(wanted, modelsDirs);
  const memoDir = join(cacheDir, 'fingerprints');
  if (dir !== null) {
    const folder = readEncoder(dir, memoDir);
    return { folder, choice: `encoder ${folder.name} (${folder.dtype})` };
  }
  const bundled = name === null ? findEncoder(BUNDLED_ENCODER, modelsDirs) : null;
  if (bundled === null) throw missingEncoder(wanted, modelsDirs);
  const folder = readEncoder(bundled, memoDir);
  return { folder, choice: `encoder ${folder.name} (${folder.dtype}, bundled): the weights of ${DEFAULT_ENCODER} are not on this machine` };
}

/** One text has one form, and a lone surrogate, which no encoder knows, becomes U+FFFD. */
function cleanText(text: string): string {
  return Buffer.from(text.normalize('NFC'), 'utf8').toString('utf8');
}

type Store = VectorCache & { keyOf: (text: string) => string; trouble: () => string | null };

/** The vector cache, opened with the first text. A folder that cannot be used costs time, not the run: it is told in `trouble`. */
function openStore(cacheDir: string, folder: EncoderFolder): Store {
  const fingerprint = `${FORMAT}:${folder.fingerprint}`;
  let cache: VectorCache | null = null;
  let trouble: string | null = null;
  function attempt<T>(use: (cache: VectorCache) => T, otherwise: T): T {
    if (trouble !== null) return otherwise;
    try {
      cache ??= openVectorCache(join(cacheDir, `${folder.name}-${folder.fingerprint.slice(0, 16)}-${FORMAT}`), folder.dimensions);
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
