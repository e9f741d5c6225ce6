/** What a measurement is given. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Input {
  /** folder of data that is not shipped (zeroeval, arena-hard, alpacaeval …), or null */
  data: string | null;
  /** fewer resamples */
  isQuick: boolean;
  /** the repository */
  root: string;
}

/** A folder of `--data`, or null where it is not there. */
export function folderOf({ data }: Input, name: string): string | null {
  if (data === null) return null;
  const folder = join(data, name);
  return existsSync(folder) ? folder : null;
}

/** The values of a JSON Lines file. */
export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** The rows of a CSV file without its head; none of ours has quotes. */
export function readRows(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}
