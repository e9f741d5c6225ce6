/**
 * Workflow commands of GitHub Actions: a line on stdout that becomes a mark at a file and line of the pull request.
 * GitHub shows ten errors and ten warnings a step; here ten are written in all, the worst first.
 */
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { fixed, oneLine, words } from './text.ts';

export const MOST_ANNOTATIONS = 10;

type Level = 'error' | 'warning';
interface Mark {
  level: Level;
  file: string;
  line: number;
  title: string;
  message: string;
}

/** `pathOf`: a file of the record → its path from the top of the repository, which is what GitHub knows. */
export function githubAnnotations(view: RunView, pathOf: (file: string) => string = (file) => file): string[] {
  const { verdicts, suites } = view.record;
  const fileOf = new Map(suites.map(({ name, file }) => [name, file]));
  const failed = verdicts.filter(({ verdict }) => verdict !== 'PASS');
  const marks = failed.map((verdict) => verdictMark(verdict, fileOf.get(verdict.suite) ?? ''));
  const names = new Set(failed.map(keyOf));
  const left = MOST_ANNOTATIONS - marks.length;
  const cases = worstCases(view, names, Math.max(0, left)).map((result) =>
    caseMark(result, names.has(keyOf(result)) ? 'error' : 'warning'),
  );
  return [...marks, ...cases].slice(0, MOST_ANNOTATIONS).map((mark) => command({ ...mark, file: pathOf(mark.file) }));
}

const keyOf = ({ suite, candidate }: { suite: string; candidate: string }) => JSON.stringify([suite, candidate]);

/** Cases that passed before come first, then those of verdicts that are not PASS by what they lost; those of a PASS are not told of. */
function worstCases({ results }: RunView, failed: ReadonlySet<string>, most: number): CaseResult[] {
  const worst: CaseResult[] = [];
  for (const result of results) {
    const isBroken = result.transition === 'broken';
    if (result.verdict === 'PASS' || result.quarantine || !(isBroken || failed.has(keyOf(result)))) continue;
    const place = worst.findIndex((other) => isWorse(result, other));
    worst.splice(place < 0 ? worst.length : place, 0, result);
    if (worst.length > most) worst.pop();
  }
  return worst;
}

function isWorse(a: CaseResult, b: CaseResult): boolean {
  const [x, y] = [a, b].map(({ transition }) => Number(transition === 'broken')) as [number, number];
  return x === y ? lossOf(a) > lossOf(b) : x > y;
}

/** Quality that is missing, -1..1; a case without a score comes after those that have lost anything. */
const lossOf = ({ quality_score: { baseline, candidate } }: CaseResult): number =>
  baseline === null || candidate === null ? 0 : baseline - candidate;

function verdictMark({ suite, candidate, reason, why, parity }: Verdict, file: string): Mark {
  const title = `${suite}: ${candidate} NEEDS_WORK, ${words(reason ?? '')}`;
  return { level: 'error', file, line: 1, title, message: `${why} (parity ${fixed(parity)})` };
}

function caseMark({ suite, candidate, case: name, reason, why, at, transition }: CaseResult, level: Level): Mark {
  const since = transition === 'broken' ? ', passed before' : '';
  return {
    level,
    file: at.file,
    line: at.line,
    title: `${suite}: ${candidate} in "${name}"${since}`,
    message: `${words(reason ?? '')}: ${why}`,
  };
}

function command({ level, file, line, title, message }: Mark): string {
  const place = file === '' ? '' : `file=${property(file, 500)},line=${line},`;
  return `::${level} ${place}title=${property(title, 200)}::${data(oneLine(message, 1_000))}`;
}

/** What ends a value for the runner (actions/runner, src/Runner.Common/ActionCommand.cs), and nothing else. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string, limit: number) => data(oneLine(text, limit)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * Text in which GitHub Actions finds no command. The runner looks for `::name` at the start of each line, behind blanks, and for `##[name` anywhere;
 * without this, a case called `::stop-commands::x`, or an answer that is quoted, would be obeyed.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\r\n]|\u0085)*:(?=:)/gm, '$&\u2060').replaceAll('##[', '##\u2060[');
}
