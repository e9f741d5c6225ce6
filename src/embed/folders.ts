/** Where encoders and cached vectors live: beside the package, and in the user's cache folder. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Folders {
  /** searched in this order for an encoder's folder */
  modelsDirs: string[];
  /** vector cache */
  cacheDir: string;
}

/** `ONPAR_CACHE`, else `XDG_CACHE_HOME`/onpar (`LOCALAPPDATA` on Windows, `~/.cache` elsewhere). */
export function defaultFolders(env: NodeJS.ProcessEnv): Folders {
  const base = env['XDG_CACHE_HOME'] || (process.platform === 'win32' && env['LOCALAPPDATA']) || join(homedir(), '.cache');
  const cache = env['ONPAR_CACHE'] || join(base, 'onpar');
  return { modelsDirs: [join(cache, 'models'), bundledModelsDir()], cacheDir: join(cache, 'vectors') };
}

export function bundledModelsDir(): string {
  return join(packageRoot(), 'fixtures', 'models');
}

/** The built worker: a source file cannot be loaded by a worker of Node 20. */
export function workerFile(): string {
  return join(packageRoot(), 'dist', 'embed', 'worker.js');
}

/** Found by walking up, since this code runs from `src/embed/` under test and from a chunk in `dist/` when built. */
function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!isOwnRoot(dir)) {
    const parent = dirname(dir);
    if (parent === dir) throw new Error('the folder of the onpar package was not found');
    dir = parent;
  }
  return dir;
}

function isOwnRoot(dir: string): boolean {
  const file = join(dir, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'onpar';
}
