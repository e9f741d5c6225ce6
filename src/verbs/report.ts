/** `onpar report RUN`: render the reports of a run again, from its record alone. */
import { relative, resolve } from 'node:path';
import { type Console, type FlagValues, listFlag, type Verb } from './verb.ts';

export const report: Verb = {
  summary: 'render the reports of a run again, from its record alone',
  usage: '[RUN] [-o FILE]\n\nRUN is a folder under reports/ (default: reports/latest)',
  flags: { output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write only these, by extension (.html, .csv, …)' } },
  run: runReport,
};

async function runReport(values: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [{ readRun }, { checkOutputs, writeReports, writeCopies }, { terminalTable }] = await Promise.all([
    import('../run/run-folder.ts'),
    import('../write-reports.ts'),
    import('../reporters/terminal.ts'),
  ]);
  const path = resolve(console.cwd, positionals[0] ?? 'reports/latest');
  const outputs = listFlag(values, 'output').map((o) => resolve(console.cwd, o));
  checkOutputs(outputs);
  const view = readRun(path);
  if (outputs.length > 0) writeCopies(view, outputs);
  else writeReports(view, path.endsWith('.json') ? resolve(path, '..') : path, []);
  console.out(terminalTable(view, { width: console.width, colour: console.hasColour }));
  console.out(`\nreport   ${(outputs.length > 0 ? outputs : [`${path}/report.html`]).map((o) => relative(console.cwd, o)).join(', ')}\n`);
  return view.record.exit_code;
}
