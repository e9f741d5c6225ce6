/** Whether a build can be spared. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this Node made `stamp` after everything below `sources` was last changed. @param {string} stamp @param {string[]} sources */
export function isNewer(stamp, sources) {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== process.version) return false;
  const { mtimeMs } = statSync(stamp);
  return sources.every((source) => isBefore(source, mtimeMs));
}

// a folder changes when a file in it comes or goes
function isBefore(path, time) {
  const found = statSync(path);
  return found.mtimeMs < time && (!found.isDirectory() || readdirSync(path).every((name) => isBefore(join(path, name), time)));
}
