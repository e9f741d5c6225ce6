/** One writer at a time: a lock file beside the file that is written. Two runs may record into the same folder. */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const PATIENCE_MS = 30_000;

/** Waits until the lock is free; a lock whose owner is gone is taken over. Synchronous: nothing else of this process runs meanwhile. */
export function withLock<T>(file: string, work: () => T): T {
  const deadline = Date.now() + PATIENCE_MS;
  let release = takeLock(file);
  while (release === null) {
    if (Date.now() > deadline) throw new Error(`another process holds ${lockOf(file)}; remove it if none is running`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    release = takeLock(file);
  }
  try {
    return work();
  } finally {
    release();
  }
}

/** Takes the lock and gives what lets it go; null when another process that lives has it. */
export function takeLock(file: string): (() => void) | null {
  const lock = lockOf(file);
  const release = () => {
    own.delete(lock);
    rmSync(lock, { force: true });
  };
  if (create(lock)) return release;
  if (!isAbandoned(lock)) return null;
  release();
  return create(lock) ? release : null;
}

/** Locks that this process holds. */
const own = new Set<string>();

/** Whether a process that lives has the lock. */
export function isLocked(file: string): boolean {
  return existsSync(lockOf(file)) && !isAbandoned(lockOf(file));
}

const lockOf = (file: string): string => `${file}.lock`;

function create(lock: string): boolean {
  try {
    const handle = openSync(lock, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    own.add(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (!Number.isInteger(owner) || owner <= 0) return false;
    // in a container every process may have the same id
    if (owner === process.pid) return !own.has(lock);
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return ['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
