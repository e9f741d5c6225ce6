/** A file of `-o`: what cannot be written is refused before anything is asked or paid for. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../errors.ts';

/** Its absolute path; its folder is there now. Throws `InputError` where it cannot be written. */
export function readyOutput(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  const why = obstacle(path);
  if (why === null) return path;
  throw new InputError({ code: 'cli/unwritable-output', what: `-o ${file} cannot be written: ${why}`, fix: 'name another file' });
}

function obstacle(path: string): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? 'it is a folder' : null;
  } catch (error) {
    return (error as Error).message;
  }
}
