/** What a run tells the CI system it runs in, beside its files and its exit code. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import type { RunView } from '../record.ts';
import { type Console, type Flag, type FlagValues, textFlag } from './verb.ts';

const KINDS = ['github', 'none'];

export const ciFlags: Record<string, Flag> = {
  annotations: { type: 'string', value: 'KIND', help: 'github: mark failures in the pull request (default there), or none' },
};

/** GitHub throws a summary of a step away once it is over 1 MiB; several runs may share a step. */
const MOST_SUMMARY_BYTES = 1_000_000;

/** Refuses an unknown kind before anything is run. */
export function checkAnnotations(values: FlagValues): void {
  const kind = textFlag(values, 'annotations');
  if (kind === null || KINDS.includes(kind)) return;
  throw new InputError({ code: 'cli/bad-flag', what: `--annotations ${kind} is unknown`, fix: suggestName(kind, KINDS) });
}

/** Marks on stdout, and the summary appended to $GITHUB_STEP_SUMMARY where that is set. */
export async function tellCi(view: RunView, values: FlagValues, console: Console): Promise<void> {
  const { env, cwd } = console;
  const kind = textFlag(values, 'annotations') ?? (env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'none');
  if (kind === 'github') {
    const { githubAnnotations } = await import('../reporters/annotations.ts');
    const top = env['GITHUB_WORKSPACE'] ?? cwd;
    const pathOf = (file: string) => relative(top, resolve(cwd, file)).split(sep).join('/');
    for (const line of githubAnnotations(view, pathOf)) console.command(line);
  }
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary) await appendSummary(view, summary, console);
}

async function appendSummary(view: RunView, file: string, console: Console): Promise<void> {
  const { markdown } = await import('../reporters/markdown.ts');
  const text = `${markdown.render(view)}\n`;
  const there = existsSync(file) ? statSync(file).size : 0;
  if (there + Buffer.byteLength(text) <= MOST_SUMMARY_BYTES) appendFileSync(file, text);
  else console.err('note: the summary of this step is full; the rest is in summary.md\n');
}
