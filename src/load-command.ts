/** The command, with the code that V8 made of it at the build: compiling it anew takes a fifth of a short run. */
import { readFileSync } from 'node:fs';
import { createRequire, SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import type { main } from './cli.ts';

type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string) => void;

const filename = fileURLToPath(new URL('command.js', import.meta.url));

/** V8 refuses a cache that another version of it made, and compiles. */
export function loadCommand(): { main: typeof main } {
  const cachedData = readFileSync(new URL('command.cache', import.meta.url));
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapped)(module.exports, createRequire(filename), module, filename);
  return module.exports as { main: typeof main };
}

/** A stack with places in the sources instead of the bundle; Node itself maps modules only. */
export function withSources(stack: string): string {
  const map = new SourceMap(JSON.parse(readFileSync(`${filename}.map`, 'utf8')) as SourceMapPayload);
  return stack.replace(/([^\s(]*\bcommand\.js):(\d+):(\d+)/g, (place, _, line: string, column: string) => {
    const found = map.findOrigin(Number(line), Number(column));
    return 'fileName' in found ? `${found.fileName}:${found.lineNumber}:${found.columnNumber}` : place;
  });
}
