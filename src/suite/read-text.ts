/** Files → text, with the ways in which that goes wrong in our words. */
import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { InputError, type Position } from '../errors.ts';

/** `what` names the file for people: `suite`, `models file`, `dataset`. `at` is where the file is named, if it is. */
export interface Wanted {
  path: string;
  file: string;
  what: string;
  at?: Position;
}

/** UTF-8 text without its byte order mark; throws an InputError for a missing file, a folder, or another encoding. */
export async function readText({ path, file, what, at }: Wanted): Promise<string> {
  const place = at ? { at } : {};
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new InputError({ ...place, ...unreadable((cause as NodeJS.ErrnoException).code ?? '', file, what) }, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(
      { code: 'suite/encoding', at: firstBadByte(bytes, file), what: `${file} is not UTF-8 text`, fix: 'save the file as UTF-8' },
      { cause },
    );
  }
}

/** Relative to `cwd` with forward slashes: how a file is called in every message and report. */
export function fileName(cwd: string, path: string): string {
  const name = relative(cwd, path);
  return (isAbsolute(name) ? path : name).split(sep).join('/');
}

function unreadable(code: string, file: string, what: string): { code: string; what: string; fix: string } {
  if (code === 'EISDIR')
    return {
      code: 'suite/is-a-folder',
      what: `${file} is a folder, not a ${what}`,
      fix: `name a file in it, such as ${file.replace(/\/$/, '')}/NAME.yaml`.replace('.yaml', what === 'dataset' ? '.csv' : '.yaml'),
    };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { code: 'suite/missing-file', what: `there is no ${what} ${file}`, fix: 'check the path' };
  return { code: 'suite/unreadable-file', what: `the ${what} ${file} cannot be read (${code})`, fix: 'check its permissions' };
}

function firstBadByte(bytes: Buffer, file: string): Position {
  const before = bytes.toString('utf8').split('\uFFFD', 1)[0] ?? '';
  const lines = before.split('\n');
  return { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
