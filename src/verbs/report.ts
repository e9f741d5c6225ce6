/** `onpar report RUN`: render the reports of a run again, from its record alone. */
import { relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { checkAnnotations, ciFlags, tellCi } from './ci.ts';
import { readyOutput } from './outputs.ts';
import { reviewFlag, reviewRun } from './review.ts';
import { type Console, type FlagValues, listFlag, type Verb } from './verb.ts';

export const report: Verb = {
  summary: 'render the reports of a run again, from its record alone',
  usage: '[RUN] [--review FILE] [-o FILE]\n\nRUN is a folder under reports/ (default: reports/latest)',
  flags: {
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write only these, by extension (.html, .csv, …)' },
    ...reviewFlag,
    ...ciFlags,
  },
  run: runReport,
};

async function runReport(values: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [{ readRun }, { checkOutputs, writeReports, writeCopies }, { terminalTable }] = await Promise.all([
    import('../run/run-folder.ts'),
    import('../write-reports.ts'),
    import('../reporters/terminal.ts'),
  ]);
  if (positionals.length > 1)
    throw new InputError({ code: 'cli/extra-word', what: `"${positionals[1] ?? ''}" is one too many`, fix: 'name one run' });
  const path = resolve(console.cwd, positionals[0] ?? 'reports/latest');
  const outputs = checkOutputs(listFlag(values, 'output')).map((file) => readyOutput(file, console.cwd));
  checkAnnotations(values);
  const folder = path.endsWith('.json') ? resolve(path, '..') : path;
  const files = listFlag(values, 'review');
  const found = readRun(path);
  const [view, target] = files.length === 0 ? [found, folder] : await reviewRun(found, folder, files, console.cwd);
  if (outputs.length > 0) writeCopies(view, outputs);
  else writeReports(view, target, []);
  console.out(terminalTable(view, { width: console.width, colour: console.hasColour }));
  console.out(`\nreport   ${(outputs.length > 0 ? outputs : [`${target}/report.html`]).map((o) => relative(console.cwd, o)).join(', ')}\n`);
  await tellCi(view, values, console);
  return view.record.exit_code;
}
