/** `onpar scorecard`: the figures of the move against their targets, and which agent may move first. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../errors.ts';
import type { Scorecard } from '../record.ts';
import { readyOutput } from './outputs.ts';
import { type Console, type FlagValues, listFlag, suiteFlags, textFlag, type Verb } from './verb.ts';

export const scorecard: Verb = {
  summary: 'may we move? quality, speed, uptime, cost and privacy',
  usage: `[FLAGS]

Reads the map of the move (docs/scorecard.md), the newest finished run of each
suite and pair, and the health probes. Asks nobody.
Exit codes: 0 all PASS · 1 something falls short by its numbers · 2 bad input
            3 something is not measured, or cannot be told`,
  flags: {
    map: { type: 'string', value: 'FILE', help: 'map of the move (default: suites/migration.yaml)' },
    runs: { type: 'string', multiple: true, value: 'DIR', help: 'folder of runs, or a run (default: reports)' },
    probes: { type: 'string', value: 'FILE', help: 'health probes (default: reports/probes.jsonl)' },
    models: suiteFlags['models'] ?? { type: 'string', help: '' },
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'write it to a file, too: .html, .csv, .md or .json' },
  },
  flagsForWord: ['map', 'runs'],
  run: runScorecard,
};

async function runScorecard(values: FlagValues, _: string[], console: Console): Promise<number> {
  const [{ scorecardReporterFor }, { scorecardTable }, { writeAtomically }] = await Promise.all([
    import('../reporters/scorecard/index.ts'),
    import('../reporters/scorecard/terminal.ts'),
    import('../run/run-folder.ts'),
  ]);
  const outputs = listFlag(values, 'output').map((file) => ({ render: scorecardReporterFor(file), path: readyOutput(file, console.cwd) }));
  const card = await makeScorecard(values, console);
  for (const { path, render } of outputs) writeAtomically(path, render(card, linksFrom(dirname(path), console.cwd)));
  console.out(scorecardTable(card, { width: console.width, colour: console.hasColour }));
  for (const { path } of outputs) console.out(`written  ${relative(console.cwd, path)}\n`);
  return card.exit_code;
}

/** Sources are relative to the working folder; a link is relative to the file that it stands in. */
const linksFrom = (folder: string, cwd: string) => (path: string) =>
  relative(folder, resolve(cwd, path)).split(sep).map(encodeURIComponent).join('/');

async function makeScorecard(values: FlagValues, console: Console): Promise<Scorecard> {
  const [
    { readMigration },
    { suiteIdentities },
    { providers },
    { elementKinds },
    { scorers },
    { spill },
    { gatherEvidence },
    { scorecardOf },
  ] = await Promise.all([
    import('../suite/migration.ts'),
    import('../suite/identities.ts'),
    import('../models/index.ts'),
    import('../scorers/elements/index.ts'),
    import('../scorers/index.ts'),
    import('../run/spill.ts'),
    import('../scorecard-evidence.ts'),
    import('../verdict/scorecard/scorecard.ts'),
  ]);
  const { cwd } = console;
  const places = { cwd, models: textFlag(values, 'models') ?? join('suites', 'models.yaml'), suitesDir: 'suites' };
  const { map, suites } = await readMigration({ ...places, path: textFlag(values, 'map') ?? join('suites', 'migration.yaml'), providers });
  const identities = await suiteIdentities({
    ...places,
    suites,
    elementKinds,
    scorerNames: Object.keys(scorers),
    hold: spill,
    today: console.now().toISOString().slice(0, 10),
  });
  const runs = listFlag(values, 'runs');
  const probes = textFlag(values, 'probes');
  // what lies there by default may not be there yet; what is named must be
  const missing = [...runs, ...(probes === null ? [] : [probes])].find((path) => !existsSync(resolve(cwd, path)));
  if (missing !== undefined) throw new InputError({ code: 'scorecard/missing', what: `there is no ${missing}`, fix: 'check the path' });
  const evidence = gatherEvidence({
    cwd,
    runs: (runs.length > 0 ? runs : ['reports']).map((path) => resolve(cwd, path)),
    probes: resolve(cwd, probes ?? join('reports', 'probes.jsonl')),
    suites: identities,
  });
  const { path, unreadable } = evidence.probes ?? { path: '', unreadable: 0 };
  if (unreadable > 0) console.err(`warning: ${path}: ${unreadable} of its lines are no probes, and are left out\n`);
  return scorecardOf(map, evidence);
}
