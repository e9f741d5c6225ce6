/**
 * An encoder from the hub to this machine. What comes is kept aside until all of it is there and right, then moved to where
 * `findEncoder` looks: it never finds half an encoder.
 */
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { CannotHave } from './cannot-have.ts';
import { folderName, isComplete, type PinnedEncoder, type PinnedFile, type PullRecord, RECORD_FILE, sizeOf } from './catalogue.ts';
import { download, type Downloaded, hashOf, onDisk } from './download.ts';
import { type EncoderFolder, readEncoder } from './encoder-folder.ts';
import type { Folders } from './folders.ts';
import { openHub } from './hub.ts';

export { CannotHave } from './cannot-have.ts';
export { hubAddress } from './hub.ts';

export interface PullTools {
  /** of the hub or a mirror, see `hubAddress` */
  address: string;
  env: NodeJS.ProcessEnv;
  /** what came until it is aborted is kept */
  signal: AbortSignal;
  /** lets go of the lock when called; null when another process has it */
  takeLock: (file: string) => (() => void) | null;
  now: () => Date;
  onProgress: (path: string, done: number, total: number | null) => void;
  /** another process pulls the same: it is waited for */
  onWait: (lockedFile: string) => void;
  freeBytes?: (dir: string) => Promise<number>;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Pulled {
  folder: EncoderFolder;
  /** false: it was there before */
  isNew: boolean;
  bytes: number;
}

/** Where an encoder goes, what of it is there, and what is to come. */
export interface PullPlan {
  dir: string;
  /** parts and finished files, until all are there */
  aside: string;
  isComplete: boolean;
  /** those of which the length is known */
  bytes: number;
  /** of these, here already, in part or whole */
  have: number;
  free: number | null;
}

const LOCK_POLL_MS = 500;
/** The hash of what is written, the vector cache, and everybody else on this disk. */
const SPARE_BYTES = 64 * 2 ** 20;

export async function planPull(encoder: PinnedEncoder, modelsDir: string, freeBytes = freeOn): Promise<PullPlan> {
  const dir = join(modelsDir, folderName(encoder));
  const aside = join(modelsDir, '.parts', folderName(encoder));
  const done = isComplete(dir, encoder);
  const bytes = sum(encoder.files.map((file) => file.bytes ?? 0));
  const have = done ? bytes : sum(encoder.files.map((file) => keptOf(file, dir, aside)));
  return { dir, aside, isComplete: done, bytes, have, free: await freeBytes(modelsDir).catch(() => null) };
}

/** Bytes of a file that need not come again. */
function keptOf({ path, bytes, sha256 }: PinnedFile, dir: string, aside: string): number {
  if (sha256 === null || bytes === null) return 0;
  const whole = [join(dir, path), join(aside, path)].some((file) => sizeOf(file) === bytes);
  const part = sizeOf(`${join(aside, path)}.part`) ?? 0;
  return whole ? bytes : part <= bytes ? part : 0;
}

/** Rejects with CannotHave, or when the signal was aborted. */
export async function pull(encoder: PinnedEncoder, folders: Folders, tools: PullTools): Promise<Pulled> {
  const modelsDir = folders.modelsDirs[0]!;
  const { dir, aside } = await planPull(encoder, modelsDir);
  const whole = (isNew: boolean) => ({
    folder: read(dir, folders),
    isNew,
    bytes: sum(encoder.files.map(({ path }) => sizeOf(join(dir, path)) ?? 0)),
  });
  if (isComplete(dir, encoder)) return whole(false);
  await onDisk(aside, () => mkdir(dirname(aside), { recursive: true }));
  const release = await lockOf(aside, tools);
  try {
    // the one that was waited for may have brought it
    if (isComplete(dir, encoder)) return whole(false);
    await checkSpace(encoder, modelsDir, tools);
    const found = await fetchAll(encoder, dir, aside, tools);
    await publish(encoder, { dir, aside, found, tools });
    return whole(true);
  } finally {
    release();
  }
}

async function lockOf(aside: string, { takeLock, wait = pause, signal, onWait }: PullTools): Promise<() => void> {
  let isTold = false;
  for (;;) {
    signal.throwIfAborted();
    const release = await onDisk(aside, () => Promise.resolve().then(() => takeLock(aside)));
    if (release !== null) return release;
    if (!isTold) onWait(aside);
    isTold = true;
    await wait(LOCK_POLL_MS, signal);
  }
}

async function checkSpace(encoder: PinnedEncoder, modelsDir: string, { freeBytes }: PullTools): Promise<void> {
  const { bytes, have, free } = await planPull(encoder, modelsDir, freeBytes);
  const need = bytes - have + SPARE_BYTES;
  if (free === null || free >= need) return;
  const megabytes = (n: number) => `${Math.ceil(n / 1e6)} MB`;
  throw new CannotHave({
    code: 'embed/no-space',
    what: `${encoder.name} needs ${megabytes(need)} more, and ${modelsDir} has ${megabytes(free)} free`,
    fix: 'free some space, or set ONPAR_CACHE to a folder on a larger disk',
  });
}

type Found = Map<string, Downloaded>;

async function fetchAll(encoder: PinnedEncoder, dir: string, aside: string, tools: PullTools): Promise<Found> {
  const { address, env, signal, onProgress, wait = pause } = tools;
  const found: Found = new Map();
  const hub = openHub(address, env);
  try {
    for (const file of encoder.files) {
      const { path } = file;
      const target = join(aside, path);
      const url = `${address}/${encoder.repo}/resolve/${encoder.revision}/${path}`;
      await onDisk(target, () => mkdir(dirname(target), { recursive: true }));
      const kept = (await keptAs(file, join(dir, path), signal)) ?? (await keptAs(file, target, signal));
      const onPiece = (done: number, total: number | null) => onProgress(path, done, total);
      found.set(path, kept ?? (await download(file, url, target, { hub, signal, wait, onProgress: onPiece })));
    }
  } finally {
    await hub.close();
  }
  return found;
}

/** A file that is there with the pinned sha256 does not come again. */
async function keptAs({ bytes, sha256 }: PinnedFile, file: string, signal: AbortSignal): Promise<Downloaded | null> {
  const size = sizeOf(file);
  if (size === null || sha256 === null || size !== bytes) return null;
  return (await hashOf(file, signal)).digest('hex') === sha256 ? { bytes: size, sha256 } : null;
}

interface Publishing {
  dir: string;
  aside: string;
  found: Found;
  tools: PullTools;
}

/** Moves are quick and each is whole; the folder counts as an encoder's once its graph is there, so that comes last. */
async function publish(encoder: PinnedEncoder, { dir, aside, found, tools }: Publishing): Promise<void> {
  const { name, repo, revision, licence, files } = encoder;
  const record: PullRecord = {
    ...{ name, repo, revision, licence, from: tools.address, pulled_at: tools.now().toISOString() },
    files: files.map(({ path }) => ({ path, ...found.get(path)! })),
  };
  const isGraph = ({ path }: PinnedFile) => path.endsWith('.onnx');
  await onDisk(dir, async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(join(aside, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    for (const path of [
      ...files.filter((file) => !isGraph(file)).map((file) => file.path),
      RECORD_FILE,
      ...files.filter(isGraph).map((file) => file.path),
    ]) {
      if (sizeOf(join(aside, path)) === null) continue;
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await rename(join(aside, path), join(dir, path));
    }
    await rm(aside, { recursive: true, force: true });
  });
}

/** Also hashes it, so that the first run need not. */
function read(dir: string, { cacheDir }: Folders): EncoderFolder {
  try {
    return readEncoder(dir, join(cacheDir, 'fingerprints'));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new CannotHave(error.problems[0]!, { cause: error });
  }
}

/** Bytes that may be written in the folder, or in the nearest one above it that is there. */
async function freeOn(dir: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch (error) {
    if (dirname(dir) === dir || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return freeOn(dirname(dir));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
