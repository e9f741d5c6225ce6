/** `onpar drill`: does every request get an answer while the candidate fails in every way of a schedule? */
import { exec } from 'node:child_process';
import { relative, resolve } from 'node:path';
import type { DrillCall } from '../drilling.ts';
import type { Schedule } from '../drill/schedule.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Model, Suite } from '../record.ts';
import { loadForVerb } from './load.ts';
import { readyOutput } from './outputs.ts';
import { progressLine } from './progress.ts';
import { type Console, type FlagValues, listFlag, suiteFlags, textFlag, type Verb } from './verb.ts';

const [HELD, NOT_HELD, COULD_NOT] = [0, 1, 3];
const { models } = suiteFlags;

export const drillVerb: Verb = {
  summary: 'does every request get an answer while the candidate fails?',
  usage: 'FILE [FLAGS]',
  flags: {
    ...(models && { models }),
    output: { type: 'string', short: 'o', multiple: true, value: 'FILE', help: 'the report as a file: .json, .md or .html' },
    commands: {
      type: 'boolean',
      help: 'run the commands of the schedule (they stop and start servers); without it their phases are left out',
    },
  },
  run: runDrill,
};

async function runDrill(values: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new InputError({
      code: 'cli/drill-file',
      what: 'onpar drill takes one schedule',
      fix: 'onpar drill suites/drills/standard.yaml',
    });
  const [{ drillReporterFor }, { drillTable }, { writeAtomically }] = await Promise.all([
    import('../reporters/drill/index.ts'),
    import('../reporters/drill/text.ts'),
    import('../run/run-folder.ts'),
  ]);
  const outputs = listFlag(values, 'output').map((file) => ({ render: drillReporterFor(file), path: readyOutput(file, console.cwd) }));
  const { schedule, problemsAt } = await readSchedule(path, console);
  const { model, all } = await modelOf(schedule, problemsAt, values, console);
  const calls = await callsOf(schedule, model, values, console);
  const { drill, CannotDrill } = await import('../drilling.ts');
  const progress = progressLine(console);
  const { hybridOpener } = await import('../hybrid-entry.ts');
  const tools = { cwd: console.cwd, env: console.env, contacted: () => undefined, now: console.now, openHybrid: hybridOpener(all) };
  try {
    const runCommand = values['commands'] === true ? (command: string) => commanded(command, console.cwd) : null;
    const onProgress = progress.show;
    const summary = await drill({ schedule, model, models: all, calls, tools, version: console.version, runCommand, onProgress });
    progress.clear();
    console.out(drillTable(summary, { width: console.width, colour: console.hasColour }));
    for (const { path, render } of outputs) writeAtomically(path, render(summary));
    for (const { path } of outputs) console.out(`written  ${relative(console.cwd, path)}\n`);
    return summary.failed.length === 0 ? HELD : NOT_HELD;
  } catch (error) {
    progress.clear();
    if (!(error instanceof CannotDrill)) throw error;
    console.err(`could not be drilled: ${error.message}\n`);
    return COULD_NOT;
  } finally {
    progress.clear();
  }
}

type ProblemsAt = (keys: string[], problem: Omit<Problem, 'at'>) => InputError;

async function readSchedule(path: string, { cwd }: Console): Promise<{ schedule: Schedule; problemsAt: ProblemsAt }> {
  const [{ readText, fileName }, { readYaml }, { checkFields }, { scheduleSchema }, { misfit }] = await Promise.all([
    import('../suite/read-text.ts'),
    import('../suite/read-yaml.ts'),
    import('../suite/check-fields.ts'),
    import('../drill/schedule.ts'),
    import('../drill/faults.ts'),
  ]);
  const absolute = resolve(cwd, path);
  const file = fileName(cwd, absolute);
  const text = await readText({ path: absolute, file, what: 'schedule' });
  const { value, source, problems } = readYaml(text, file);
  const fields = checkFields(scheduleSchema, value, { source, path: [], problems }, file);
  for (const [index, { fault }] of (fields.phases ?? []).entries()) {
    const what = fault === undefined ? null : misfit(fault);
    if (what !== null)
      problems.push({ code: 'drill/bad-fault', at: source.at(['phases', index, 'fault']), what, fix: 'see docs/drill.md' });
  }
  if (problems.length === 0 && (fields.suite === undefined) === (fields.prompt === undefined))
    problems.push({
      code: 'drill/no-request',
      at: source.at([]),
      what: 'a schedule needs either suite or prompt',
      fix: 'write suite: NAME, or prompt: text',
    });
  if (problems.length > 0) throw new InputError(problems);
  return { schedule: fields as Schedule, problemsAt: (keys, problem) => new InputError({ ...problem, at: source.at(keys) }) };
}

async function modelOf({ model: name }: Schedule, problemsAt: ProblemsAt, values: FlagValues, console: Console) {
  const [{ readModels }, { providers }, { suggestName }] = await Promise.all([
    import('../suite/models.ts'),
    import('../models/index.ts'),
    import('../errors.ts'),
  ]);
  const file = await readModels(console.cwd, textFlag(values, 'models') ?? 'suites/models.yaml', providers);
  if (file.problems.length > 0) throw new InputError(file.problems);
  if (!file.names.includes(name))
    throw problemsAt(['model'], {
      code: 'suite/unknown-model',
      what: `there is no model "${name}" in ${file.source.file}`,
      fix: suggestName(name, file.names),
    });
  const { models: all, problems } = file.resolve(new Set([name]), console.env);
  if (problems.length > 0) throw new InputError(problems);
  const model = all.get(name) as Model;
  if (model.provider !== 'hybrid' || model.options['fallback'] === undefined)
    throw problemsAt(['model'], {
      code: 'drill/not-hybrid',
      what: `"${name}" has no fallback: it is not of provider hybrid`,
      fix: 'name an entry such as { provider: hybrid, candidate: NAME, fallback: NAME }',
    });
  return { model, all };
}

async function callsOf(
  { suite: name, prompt, params = {} }: Schedule,
  model: Model,
  values: FlagValues,
  console: Console,
): Promise<DrillCall[]> {
  if (name === undefined) return [{ messages: [{ role: 'user', content: prompt ?? '' }], params, coverage: () => null }];
  const { suites } = await loadForVerb({ ...values, suite: [name] }, console);
  const [{ planCall }, { checkAnswer, contextOf }, { answerFromText }] = await Promise.all([
    import('../plan/plan-calls.ts'),
    import('../scorers/coverage.ts'),
    import('../models/answer-from-text.ts'),
  ]);
  const suite = suites[0] as Suite;
  const context = contextOf(suite.cases);
  return Array.from(suite.cases, (one) => {
    const { messages, params: own } = planCall(suite.name, one, model, 0);
    const of = { model: model.name, case: one.name, sample: 0, origin: 'live' } as const;
    return {
      messages,
      // the schedule's limits make a drill short
      params: { ...own, ...params },
      coverage: (text, finish_reason) =>
        one.elements.length === 0 ? null : checkAnswer(answerFromText({ ...of, text, finish_reason }), one, context).value,
    };
  });
}

/** Rejects when the command fails: a server that was not stopped proves nothing. */
function commanded(command: string, cwd: string): Promise<void> {
  return new Promise((done, fail) => {
    const problem = (why: string) =>
      new InputError({
        code: 'drill/command',
        what: `the command "${command}" failed: ${why}`,
        fix: 'run it by hand, and mend it in the schedule',
      });
    exec(command, { cwd, timeout: 300_000 }, (error, _, stderr) => (error ? fail(problem(stderr.trim() || error.message)) : done()));
  });
}
