/** What a verb of the command line is. */

export interface Flag {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  /** how the value is called in the help, such as FILE */
  value?: string;
  help: string;
}

export type FlagValues = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Where a verb reads and writes. stdout carries results, stderr progress. */
export interface Console {
  cwd: string;
  env: NodeJS.ProcessEnv;
  version: string;
  argv: string[];
  out: (text: string) => void;
  err: (text: string) => void;
  /** writes a command for the CI system to stdout; in `out` and `err` none would be obeyed */
  command: (line: string) => void;
  /** columns of the terminal, or 80 */
  width: number;
  hasColour: boolean;
  /** whether stderr is a terminal, so that a line may be rewritten */
  isLive: boolean;
  now: () => Date;
}

export interface Verb {
  summary: string;
  /** what stands after the verb in the usage line */
  usage: string;
  flags: Record<string, Flag>;
  /** of a verb that takes no words: the flags that somebody who writes one may mean */
  flagsForWord?: readonly string[];
  /** resolves to the exit code: 0 PASS, 1 NEEDS_WORK, 2 nothing judged, 3 could not be judged */
  run: (values: FlagValues, positionals: string[], console: Console) => Promise<number>;
}

/** A flag given at most once. */
export function textFlag(values: FlagValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** A flag given any number of times; commas separate values too. */
export function listFlag(values: FlagValues, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.flatMap((v) => String(v).split(',')).filter((v) => v !== '') : [];
}

/** Flags that say where things are; every verb that reads suites has them. */
export const suiteFlags: Record<string, Flag> = {
  suite: { type: 'string', short: 's', multiple: true, value: 'NAME', help: 'suite to take, by name or path (default: all of suites/)' },
  models: { type: 'string', value: 'FILE', help: 'models file (default: suites/models.yaml)' },
  recordings: { type: 'string', value: 'DIR', help: 'recorded answers (default: fixtures/recordings)' },
};
