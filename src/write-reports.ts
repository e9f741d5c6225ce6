/** The single place that writes reports: the set of a run, and further copies by extension. */
import { join } from 'node:path';
import { InputError, suggestName } from './errors.ts';
import type { RunView } from './record.ts';
import { type Reporter, reporterFor, reporters } from './reporters/index.ts';
import { writeAtomically } from './run/run-folder.ts';

const table: Record<string, Reporter> = reporters;

function reporterOf(output: string): Reporter {
  const reporter = reporterFor(output);
  if (reporter) return reporter;
  const known = Object.values(table).flatMap((r) => r.extensions);
  throw new InputError({
    code: 'cli/unknown-output',
    what: `-o ${output} has an ending that no report has`,
    fix: suggestName(output.slice(output.lastIndexOf('.')), known),
  });
}

/** The same files. Refuses an unknown ending before anything is run. */
export function checkOutputs(outputs: readonly string[]): readonly string[] {
  for (const output of outputs) reporterOf(output);
  return outputs;
}

/** The run itself, from which the others are made: it is there already. */
const RECORD: readonly string[] = ['run.json', 'results.jsonl'];

/** Writes the reports of a run into its folder, and further copies. */
export function writeReports(view: RunView, folder: string, outputs: readonly string[]): void {
  const own = Object.values(table).flatMap((reporter) =>
    RECORD.includes(reporter.file) ? [] : [{ reporter, path: join(folder, reporter.file) }],
  );
  writeAll(view, [...own, ...copies(outputs)]);
}

/** Writes only these files, each by its ending. */
export function writeCopies(view: RunView, outputs: readonly string[]): void {
  writeAll(view, copies(outputs));
}

function copies(outputs: readonly string[]): Job[] {
  return outputs.map((path) => ({ reporter: reporterOf(path), path }));
}

interface Job {
  reporter: Reporter;
  path: string;
}

/** A reporter that throws does not silence the others, and does not go unnoticed. */
function writeAll(view: RunView, jobs: readonly Job[]): void {
  const errors: unknown[] = [];
  for (const { reporter, path } of jobs) {
    try {
      writeAtomically(path, reporter.render(view));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${jobs.length} reports could not be written: ${errors.map(String).join('; ')}`);
}
