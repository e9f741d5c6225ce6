/**
 * Vectors kept on disk by content. A folder per encoder fingerprint; in it append-only files, one a process, so that
 * runs at the same time never write into each other. A record is key (32 bytes) + Float32LE vector + crc32 (4 bytes).
 * A torn tail, a flipped bit or a file that vanished is a miss, never an error.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const KEY_BYTES = 32;
const CRC_BYTES = 4;
/** Records read at once while indexing. */
const PIECE_RECORDS = 2048;
/** More files than this are merged into one… */
const MERGE_FROM_FILES = 16;
/** …but for those another process may still be writing to. */
const SETTLED_MS = 10 * 60_000;

export interface VectorCache {
  /** keys are sha256 values, as 32 latin1 characters */
  get: (key: string) => Float32Array | null;
  /** `vectors` is keys.length × dimensions; on the disk when this returns */
  put: (keys: readonly string[], vectors: Float32Array) => void;
  close: () => void;
}

interface Place {
  fd: number;
  offset: number;
}

/** Opens `dir` (made when missing). Throws where it cannot be read or written. */
export function openVectorCache(dir: string, dimensions: number): VectorCache {
  const recordBytes = KEY_BYTES + 4 * dimensions + CRC_BYTES;
  mkdirSync(dir, { recursive: true });
  mergeFiles(dir, recordBytes);
  const opened: number[] = [];
  const index = new Map<string, Place>();
  for (const file of vectorFiles(dir)) {
    const fd = openOrNull(file);
    if (fd === null) continue;
    opened.push(fd);
    eachKey(fd, recordBytes, (key, offset) => index.set(key, { fd, offset }));
  }
  const record = Buffer.alloc(recordBytes);
  let own: { fd: number; bytes: number } | null = null;

  return {
    get(key) {
      const place = index.get(key);
      if (place === undefined || !readRecord(place, record) || record.toString('latin1', 0, KEY_BYTES) !== key) return null;
      // a copy: the record's buffer is used again; every platform of Node but one is little-endian
      return new Float32Array(record.buffer.slice(record.byteOffset + KEY_BYTES, record.byteOffset + recordBytes - CRC_BYTES));
    },
    put(keys, vectors) {
      const bytes = Buffer.concat(keys.map((key, i) => makeRecord(key, vectors.subarray(i * dimensions, (i + 1) * dimensions))));
      if (own === null) {
        own = { fd: openSync(`${newFile(dir)}.vec`, 'ax+'), bytes: 0 };
        opened.push(own.fd);
      }
      appendFileSync(own.fd, bytes);
      for (const key of keys) {
        index.set(key, { fd: own.fd, offset: own.bytes });
        own.bytes += recordBytes;
      }
    },
    close() {
      for (const fd of opened.splice(0)) closeSync(fd);
      index.clear();
    },
  };
}

function makeRecord(key: string, vector: Float32Array): Buffer {
  const body = Buffer.concat([Buffer.from(key, 'latin1'), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)]);
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32LE(crc32(body));
  return Buffer.concat([body, crc]);
}

/** Fills `record`; false when it is short or its sum is wrong. */
function readRecord({ fd, offset }: Place, record: Buffer): boolean {
  if (readSync(fd, record, 0, record.length, offset) !== record.length) return false;
  return crc32(record.subarray(0, -CRC_BYTES)) === record.readUInt32LE(record.length - CRC_BYTES);
}

function eachKey(fd: number, recordBytes: number, visit: (key: string, offset: number) => void): void {
  const piece = Buffer.alloc(PIECE_RECORDS * recordBytes);
  for (let start = 0; ; start += piece.length) {
    const read = readSync(fd, piece, 0, piece.length, start);
    for (let at = 0; at + recordBytes <= read; at += recordBytes) visit(piece.toString('latin1', at, at + KEY_BYTES), start + at);
    if (read < piece.length) return;
  }
}

/** A name no other process has; those of one process sort by age. */
function newFile(dir: string): string {
  return join(dir, `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString('hex')}`);
}

function vectorFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.vec'))
    .sort()
    .map((name) => join(dir, name));
}

/** null when the file went away, merged by another process. */
function openOrNull(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Many small files become one. Sound records only; two processes that merge at once merely write the same records twice. */
function mergeFiles(dir: string, recordBytes: number): void {
  const files = vectorFiles(dir);
  if (files.length <= MERGE_FROM_FILES) return;
  const settled = files.filter((file) => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > SETTLED_MS);
  if (settled.length < 2) return;
  const merged = newFile(dir);
  const out = openSync(`${merged}.part`, 'wx');
  const seen = new Set<string>();
  const record = Buffer.alloc(recordBytes);
  for (const file of settled) {
    const fd = openOrNull(file);
    if (fd === null) continue;
    for (let offset = 0; offset + recordBytes <= fstatSync(fd).size; offset += recordBytes) {
      if (!readRecord({ fd, offset }, record)) continue;
      const key = record.toString('latin1', 0, KEY_BYTES);
      if (!seen.has(key)) appendFileSync(out, record);
      seen.add(key);
    }
    closeSync(fd);
  }
  closeSync(out);
  renameSync(`${merged}.part`, `${merged}.vec`);
  for (const file of settled) rmSync(file, { force: true });
}
