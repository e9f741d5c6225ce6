/** A temporary file that is gone as soon as this process is, however it ends. */
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Handle of a new file, to be written and read. */
export function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-'));
  const handle = openSync(join(folder, 'held'), 'wx+');
  try {
    rmSync(folder, { recursive: true });
  } catch {
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return handle;
}
