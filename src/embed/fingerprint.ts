/** sha256 of an encoder's files. Large ones are remembered, so that opening a 2 GB encoder does not read it each time. */
import { createHash, hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Fingerprint {
  /** hex */
  sha256: string;
  bytes: number;
  /** activations are quantised over the whole batch, so a text's vector would depend on its neighbours */
  isBatchDependent: boolean;
}

/** 64 MB hash in about 40 ms; beyond that the memo pays. */
const MEMO_FROM_BYTES = 64 * 2 ** 20;
const PIECE_BYTES = 8 * 2 ** 20;
/** ONNX operators that measure their input at run time; the name is plain text in the file. */
const DYNAMIC_OPERATORS = ['DynamicQuantizeLinear', 'DynamicQuantizeMatMul'];

export function fingerprint(file: string, memoDir: string): Fingerprint {
  const { size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  if (size < MEMO_FROM_BYTES) return readFingerprint(file);
  const memo = join(memoDir, `${hash('sha256', [file, size, mtimeNs, ctimeNs].join('\n'))}.json`);
  try {
    return JSON.parse(readFileSync(memo, 'utf8')) as Fingerprint;
  } catch {
    const found = readFingerprint(file);
    writeMemo(memoDir, memo, found);
    return found;
  }
}

function readFingerprint(file: string): Fingerprint {
  const sha = createHash('sha256');
  const fd = openSync(file, 'r');
  const overlap = Math.max(...DYNAMIC_OPERATORS.map((name) => name.length));
  const buffer = Buffer.alloc(overlap + PIECE_BYTES);
  const result = { bytes: 0, isBatchDependent: false };
  try {
    for (;;) {
      const read = readSync(fd, buffer, overlap, PIECE_BYTES, null);
      if (read === 0) break;
      sha.update(buffer.subarray(overlap, overlap + read));
      const seen = buffer.subarray(0, overlap + read);
      result.isBatchDependent ||= DYNAMIC_OPERATORS.some((name) => seen.includes(name));
      buffer.copyWithin(0, read, read + overlap);
      result.bytes += read;
    }
  } finally {
    closeSync(fd);
  }
  return { sha256: sha.digest('hex'), ...result };
}

/** A memo that cannot be written costs time, not truth. */
function writeMemo(dir: string, file: string, value: Fingerprint): void {
  try {
    mkdirSync(dir, { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, JSON.stringify(value));
    renameSync(part, file);
  } catch {
    /* read-only cache folder */
  }
}
