/** `onpar import FILE`: answers somebody already has, as JSONL, become recordings. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { InputError, type Problem, suggestName } from '../errors.ts';
import type { Case, Model, Suite } from '../record.ts';
import { loadForVerb } from './load.ts';
import { importLitellm } from './import-litellm.ts';
import { type Console, type FlagValues, suiteFlags, textFlag, type Verb } from './verb.ts';

export const importVerb: Verb = {
  summary: 'turn answers you already have (JSONL) into recordings',
  usage: `FILE --model NAME --suite NAME [FLAGS]
       onpar import litellm FILE [--base-url URL] [-o FILE]

The second prints entries for models.yaml from a LiteLLM configuration.`,
  flags: {
    ...suiteFlags,
    model: { type: 'string', value: 'NAME', help: 'whose answers these are (a name in models.yaml)' },
    'case-field': { type: 'string', value: 'KEY', help: "key that holds the case's name (default: case)" },
    'prompt-field': { type: 'string', value: 'KEY', help: 'find the case by its prompt instead, in this key' },
    'answer-field': { type: 'string', value: 'KEY', help: 'key that holds the answer (default: answer)' },
    source: { type: 'string', value: 'TEXT', help: 'where the answers are from; written into each recording' },
    licence: { type: 'string', value: 'TEXT', help: 'under which licence; written into each recording' },
    date: { type: 'string', value: 'DATE', help: 'when they were made, such as 2024-08-06' },
    replace: { type: 'boolean', help: 'overwrite answers that are recorded already' },
    'base-url': { type: 'string', value: 'URL', help: 'litellm: where the proxy answers (default: http://localhost:4000/v1)' },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'litellm: write a new file instead of printing' },
  },
  run: (values, positionals, console) =>
    positionals[0] === 'litellm' ? importLitellm(values, positionals.slice(1), console) : runImport(values, positionals, console),
};

interface ImportedAnswer {
  case: Case;
  sample: number;
  text: string;
  finishReason: string | null;
}

async function runImport(values: FlagValues, positionals: string[], console: Console): Promise<number> {
  const [path] = positionals;
  if (path === undefined || positionals.length > 1)
    throw usage('name one JSONL file', 'onpar import answers.jsonl --model NAME --suite NAME');
  const loaded = await loadForVerb(values, console);
  const [suite] = loaded.suites;
  if (!suite || loaded.suites.length > 1)
    throw usage('name one suite with --suite', `suites: ${loaded.suites.map((s) => s.name).join(', ')}`);
  const model = modelOf(loaded.models, textFlag(values, 'model'));
  const date = textFlag(values, 'date');
  if (date !== null && !(/^\d{4}-\d\d-\d\d/.test(date) && Date.parse(date) > 0))
    throw usage(`--date ${date} is no date`, 'write --date 2024-08-06');
  const { answers, unmatched } = readAnswers(path, suite, values, console.cwd);
  if (answers.length === 0)
    throw new InputError({
      code: 'import/no-match',
      at: { file: path, line: 1, column: 1 },
      what: `none of the ${unmatched.length} lines belongs to a case of "${suite.name}"`,
      fix: 'set --case-field, or --prompt-field to match by prompt',
    });
  const file = await store(answers, suite, model, loaded.recordings, values);
  console.out(`${answers.length} answers of ${model.name} → ${relative(console.cwd, file)}\n`);
  if (unmatched.length > 0)
    console.out(`${unmatched.length} lines belong to no case of "${suite.name}" (the first: line ${unmatched[0] ?? 0})\n`);
  const missing = suite.cases.length - new Set(answers.map((a) => a.case.name)).size;
  if (missing > 0) console.out(`${missing} of ${suite.cases.length} cases have no answer in this file\n`);
  return 0;
}

function usage(what: string, fix: string): InputError {
  return new InputError({ code: 'cli/usage', what, fix });
}

function modelOf(models: Map<string, Model>, name: string | null): Model {
  const names = [...models.keys()];
  if (name === null) throw usage('say whose answers these are with --model', `use one of: ${names.join(', ')}`);
  const model = models.get(name);
  if (!model) throw usage(`models.yaml has no model "${name}" that these suites use`, suggestName(name, names));
  return model;
}

function readAnswers(path: string, suite: Suite, values: FlagValues, cwd: string): { answers: ImportedAnswer[]; unmatched: number[] } {
  const promptField = textFlag(values, 'prompt-field');
  const keyField = promptField ?? textFlag(values, 'case-field') ?? 'case';
  const answerField = textFlag(values, 'answer-field') ?? 'answer';
  const keyOf = (one: Case) => (promptField === null ? one.name : promptOf(one));
  const cases = new Map([...suite.cases].map((one) => [keyOf(one), one]));
  const problems: Problem[] = [];
  const answers: ImportedAnswer[] = [];
  const unmatched: number[] = [];
  const lineOf = new Map<string, number>();
  readText(resolve(cwd, path), path)
    .split(/\r?\n/)
    .forEach((raw, index) => {
      if (raw.trim() === '') return;
      const line = index + 1;
      const row = parseObject(raw);
      const [key, text] = [row?.[keyField], row?.[answerField]];
      if ((typeof key !== 'string' && typeof key !== 'number') || typeof text !== 'string') {
        const what = row
          ? `this line has no text under "${typeof text === 'string' ? keyField : answerField}" (keys: ${Object.keys(row).join(', ')})`
          : 'this line is not a JSON object';
        return void problems.push({
          code: 'import/bad-line',
          at: { file: path, line, column: 1 },
          what,
          fix: row ? 'name the keys with --case-field and --answer-field' : 'write one JSON object a line',
        });
      }
      const one = cases.get(promptField === null ? String(key) : String(key).trim());
      if (!one) return void unmatched.push(line);
      const sample = row?.['sample'] ?? 0;
      if (!Number.isSafeInteger(sample) || Number(sample) < 0)
        return void problems.push({
          code: 'import/bad-sample',
          at: { file: path, line, column: 1 },
          what: `"sample" is ${JSON.stringify(sample)}, and no whole number from 0`,
          fix: 'number the samples with "sample": 0, 1, 2 …',
        });
      const place = JSON.stringify([one.name, sample]);
      const twin = lineOf.get(place);
      if (twin !== undefined)
        return void problems.push({
          code: 'import/twice',
          at: { file: path, line, column: 1 },
          what: `case "${one.name}", sample ${Number(sample)} stands on line ${twin} too`,
          fix: 'number the samples with "sample": 0, 1, 2 …',
        });
      lineOf.set(place, line);
      answers.push({
        case: one,
        sample: Number(sample),
        text,
        finishReason: typeof row?.['finish_reason'] === 'string' ? row['finish_reason'] : null,
      });
    });
  if (problems.length > 0) throw new InputError(problems);
  return { answers, unmatched };
}

function promptOf(one: Case): string {
  return (one.messages.findLast((m) => m.role === 'user')?.content ?? '').trim();
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new InputError(
      { code: 'import/unreadable', what: `cannot read ${name} (${(cause as Error).message})`, fix: 'name a JSONL file' },
      { cause },
    );
  }
}

function parseObject(raw: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function store(answers: ImportedAnswer[], suite: Suite, model: Model, folder: string, values: FlagValues): Promise<string> {
  const [{ planCall }, { recordingFile, readShelf, writeRecordings }] = await Promise.all([
    import('../plan/plan-calls.ts'),
    import('../run/recordings.ts'),
  ]);
  const file = recordingFile(folder, model.name, suite.name);
  const [source, licence, date] = ['source', 'licence', 'date'].map((flag) => textFlag(values, flag));
  const shelf = readShelf(folder, model.name);
  const recordings = answers.map(({ case: one, sample, text, finishReason }) => {
    const { request, messages, params } = planCall(suite.name, one, model, sample);
    if (shelf.byRequest.has(request) && values['replace'] !== true)
      throw usage(`case "${one.name}" of ${model.name} is recorded already`, 'add --replace to overwrite it');
    const unknown = { reasoning: null, usage: null, timings: null, reported_model: null };
    const told = { finish_reason: finishReason, recorded_at: date ?? null, source: source ?? null, licence: licence ?? null };
    return { request, case: one.name, sample, model: model.model, messages, params, answer: text, ...unknown, ...told };
  });
  writeRecordings(
    file,
    recordings,
    [...suite.cases].map((one) => one.name),
  );
  return file;
}
