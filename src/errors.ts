/** Problems are data; this file is the only place where one becomes a sentence. */
import { distance } from 'fastest-levenshtein';

/** A place in a file the user wrote; line and column count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Something wrong, before it becomes text: where, what, and how to fix it. */
export interface Problem {
  /** stable id such as `suite/unknown-key`; tests compare this, never the wording */
  code: string;
  at?: Position;
  what: string;
  fix?: string;
}

/** Bad input: nothing was run. Carries every problem that was found, not only the first. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly problems: Problem[];
  constructor(problems: Problem | Problem[], options?: ErrorOptions) {
    const list = sortProblems(Array.isArray(problems) ? problems : [problems]);
    super(list.map(formatProblem).join('\n'), options);
    this.problems = list;
  }
}

/** By file, then line, then column; problems without a place come first. */
export function sortProblems(problems: Problem[]): Problem[] {
  const key = (p: Problem) => p.at ?? { file: '', line: 0, column: 0 };
  return [...problems].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x.file !== y.file) return x.file < y.file ? -1 : 1;
    return x.line - y.line || x.column - y.column;
  });
}

/** `file:line:column  what` and, on a second line, `fix: …`. */
export function formatProblem({ at, what, fix }: Problem): string {
  const where = at ? `${at.file}:${at.line}:${at.column}  ` : '';
  return `${where}${what}${fix === undefined ? '' : `\n  fix: ${fix}`}`;
}

/** The name that was probably meant, or `null` when none is near: more than `most` letters differ (by default a third of them). */
export function nearestName(word: string, names: Iterable<string>, most = Infinity): string | null {
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const name of names) {
    const d = distance(word.toLowerCase(), name.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best !== null && bestDistance <= Math.min(most, Math.max(2, Math.floor(best.length / 3))) ? best : null;
}

/** `did you mean "x"?`, else the list of names there are. */
export function suggestName(word: string, names: readonly string[]): string {
  const near = nearestName(word, names);
  return near === null ? `use one of: ${names.join(', ')}` : `did you mean "${near}"?`;
}
