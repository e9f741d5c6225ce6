/** `onpar doctor`: can these servers do what the suites need, and if not, how is that mended? */
import { resolve } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import type { Diagnosis } from '../models/doctor/index.ts';
import type { Model, Suite } from '../record.ts';
import { loadForVerb, type Loaded } from './load.ts';
import { progressLine } from './progress.ts';
import { socketFlags, withSocketFlags } from './socket-flags.ts';
import { type Console, type FlagValues, listFlag, suiteFlags, textFlag, type Verb } from './verb.ts';

const BLOCKED = 3;

export const doctor: Verb = {
  summary: 'can the servers do what the suites need?',
  usage: '[--suite NAME] [--model NAME] [FLAGS]',
  flags: {
    ...suiteFlags,
    model: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'probe this model, also one that is replayed (default: those of the suites)',
    },
    ...socketFlags,
  },
  flagsForWord: ['suite', 'model'],
  run: runDoctor,
};

async function runDoctor(values: FlagValues, _: string[], outside: Console): Promise<number> {
  const console = withSocketFlags(values, outside);
  const loaded = await loadLeniently(values, console);
  for (const warning of loaded.warnings) console.err(`warning: ${warning}\n`);
  const [{ unprobedText, diagnosisText, endText }, { needOf }] = await Promise.all([
    import('./doctor-text.ts'),
    import('../doctor-needs.ts'),
  ]);
  const options = { width: console.width, colour: console.hasColour };
  const progress = progressLine(console);
  const all: { diagnosis: Diagnosis; suites: string[] }[] = [];
  const models = await chosen(values, loaded, console);
  const isNamed = listFlag(values, 'model').length > 0;
  for (const [index, model] of models.entries()) {
    const why = await whyUnprobed(model, isNamed, loaded.recordings);
    if (why !== null) {
      console.out(unprobedText(model.name, why, options));
      continue;
    }
    progress.show(`asking ${model.name}`, index, models.length);
    const need = needOf(model, loaded.suites);
    const diagnosis = await examine(model, need, console);
    progress.clear();
    console.out(diagnosisText(diagnosis, options));
    all.push({ diagnosis, suites: need.suites });
  }
  console.out(endText(all, options));
  return all.some(({ diagnosis }) => diagnosis.findings.some(({ status }) => status === 'blocks')) ? BLOCKED : 0;
}

async function examine(model: Model, need: Parameters<typeof import('../models/doctor/index.ts').diagnose>[2], { cwd, env, now }: Console) {
  const [{ providers }, { diagnose, isServed }] = await Promise.all([import('../models/index.ts'), import('../models/doctor/index.ts')]);
  const provider = providers[model.provider as keyof typeof providers];
  if (!isServed(provider)) throw new Error(`nothing is served by ${model.provider}`);
  return diagnose(provider, model, need, { cwd, env, now, contacted: () => undefined });
}

/** Null when the model is to be probed. */
async function whyUnprobed(model: Model, isNamed: boolean, recordings: string): Promise<string | null> {
  if (model.provider === 'file') return 'its answers stand in a file: there is nothing to probe';
  if (model.provider === 'hybrid') return 'two other entries stand behind it: name them with --model';
  if (isNamed || model.answers !== 'recorded') return null;
  const { readShelf } = await import('../run/recordings.ts');
  const { size } = readShelf(recordings, model.name).byRequest;
  return `replayed from recordings, not probed (${size} ${size === 1 ? 'answer' : 'answers'} recorded)`;
}

/** The named models, else those of the suites, else all of the file. */
async function chosen(values: FlagValues, { models, suites }: Loaded, console: Console): Promise<Model[]> {
  const named = listFlag(values, 'model');
  if (named.length > 0) return Promise.all(named.map(async (name) => models.get(name) ?? (await notThere(name, values, console))));
  const { takesPart } = await import('../doctor-needs.ts');
  const isUsed = (name: string) => suites.length === 0 || suites.some((suite) => takesPart(suite, name));
  return [...models.values()].filter(({ name }) => isUsed(name));
}

/** An entry is left out of the models when a variable of its is not set: that is what must be said of it. */
async function notThere(name: string, values: FlagValues, console: Console): Promise<never> {
  const file = await readFile(values, console);
  const { problems } = file.resolve(new Set([name]), console.env);
  if (file.names.includes(name) && problems.length > 0) throw new InputError(problems);
  throw new InputError({
    code: 'cli/unknown-model',
    what: `--model ${name}: there is no such model in ${file.source.file}`,
    fix: suggestName(name, file.names),
  });
}

async function readFile(values: FlagValues, { cwd }: Console) {
  const [{ readModels }, { providers }] = await Promise.all([import('../suite/models.ts'), import('../models/index.ts')]);
  return readModels(cwd, textFlag(values, 'models') ?? 'suites/models.yaml', providers);
}

/** Suites that are not there, or are about other models than this file's. */
const NO_SUITES = ['suite/missing-folder', 'suite/no-suites', 'suite/unknown-model'];

/** Servers can be probed before there is a suite: then without what suites need. */
async function loadLeniently(values: FlagValues, console: Console): Promise<Loaded> {
  try {
    return await loadForVerb(values, console);
  } catch (error) {
    if (!(error instanceof InputError) || listFlag(values, 'suite').length > 0) throw error;
    if (!error.problems.every(({ code }) => NO_SUITES.includes(code))) throw error;
    const file = await readFile(values, console);
    if (file.problems.length > 0) throw new InputError(file.problems);
    const { models } = file.resolve(new Set(), console.env);
    const what = [...new Set(error.problems.map(({ what }) => what))];
    const warning = `no suite is taken into account: ${what[0] ?? ''}${what.length > 1 ? `, and ${what.length - 1} more like this` : ''}`;
    const recordings = resolve(console.cwd, textFlag(values, 'recordings') ?? 'fixtures/recordings');
    return { suites: [] as Suite[], models, recordings, warnings: [warning] };
  }
}
