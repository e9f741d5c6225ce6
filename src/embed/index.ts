/** Texts → vectors, computed locally and cached: by an encoder of this machine, or by a server that the user names. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type OpenEmbedder, withCache } from './cached.ts';
import { findEncoder, missingEncoder, readEncoder, type EncoderFolder } from './encoder-folder.ts';
import { bundledModelsDir } from './folders.ts';
import { createPool } from './pool.ts';
import { isServed, parseServed } from './served-address.ts';
import type { ServedOptions } from './served.ts';
import type { Source } from './source.ts';

export type { OpenEmbedder } from './cached.ts';
export { defaultFolders } from './folders.ts';

export const DEFAULT_ENCODER = 'bge-m3';
export const BUNDLED_ENCODER = 'all-MiniLM-L6-v2';
/** Two sessions of a larger encoder would not fit a usual machine: it gets one session with all cores. */
const LARGE_BYTES = 500 * 2 ** 20;

export interface EmbedderOptions {
  /**
   * null: bge-m3 where its weights are on this machine, else the bundled encoder; `note` says which and why.
   * `http://localhost:1234/v1#MODEL`: a server's.
   */
  name: string | null;
  modelsDirs: string[];
  /** vector cache, made when missing */
  cacheDir: string;
  workers?: number;
  /** of a server; where absent, it is asked with no key and nobody is told */
  served?: Omit<ServedOptions, 'cacheDir'>;
}

const ALONE = { env: {}, isOffline: false, contacted: () => {} };

/** Rejects with InputError where the encoder is unknown, incomplete or unfit, with CannotHave where a server does not serve. */
export async function openEmbedder(options: EmbedderOptions): Promise<OpenEmbedder> {
  const { name, cacheDir, served = ALONE } = options;
  if (name === null || !isServed(name)) return withCache(folderSource(options), cacheDir);
  const { openServed } = await import('./served.ts');
  return withCache(await openServed(parseServed(name, served.env), { ...served, cacheDir }), cacheDir);
}

function folderSource(options: EmbedderOptions): Source {
  const { folder, choice } = choose(options);
  const size = options.workers ?? (isLarge(folder) ? 1 : Math.min(availableParallelism(), 4));
  const pool = createPool({ folder, threads: threadsFor(folder) }, size);
  const identity = {
    id: folder.name,
    revision: `${folder.dtype}-${folder.fingerprint.slice(0, 12)}`,
    dimensions: folder.dimensions,
    pooling: folder.pooling,
    bundled: folder.dir.startsWith(bundledModelsDir()),
  };
  return { identity, fingerprint: folder.fingerprint, choice, run: pool.run, workers: pool.started, close: pool.close };
}

const isLarge = (folder: EncoderFolder): boolean => folder.bytes > LARGE_BYTES;

/** Threads inside one run of a session. */
export const threadsFor = (folder: EncoderFolder): number => (isLarge(folder) ? availableParallelism() : 1);

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
