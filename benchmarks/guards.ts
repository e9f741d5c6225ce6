/**
 * How often does each guard raise an alarm on real answers, and on which?
 *
 *     node scripts/bench.mjs guards --data DIR [--show KIND]      (or ONPAR_DATA=DIR)
 *
 * DIR holds any of zeroeval/, arena-hard/, summhay/, alpacaeval/ (docs/benchmarks.md); the recordings of fixtures/ are added. Each
 * answer of a model is held against the answers of the set's baseline. `--show KIND` prints the answers with that alarm, to be read:
 * whether an alarm is right, only a person can say.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ScoringCase } from '../src/record.ts';
import { openGuards } from '../src/scorers/guards/index.ts';
import { answerOf, caseOf } from './made-up-case.ts';

const KINDS = ['refusal', 'wrong_language', 'echo', 'repetition', 'keyword_list'];

interface Pair {
  set: string;
  model: string;
  id: string;
  prompt: string;
  samples: string[];
  candidate: string;
}

const { values } = parseArgs({ options: { data: { type: 'string' }, show: { type: 'string' } } });
const data = values.data ?? process.env['ONPAR_DATA'];
if (data === undefined) throw new Error('usage: node scripts/bench.mjs guards --data DIR [--show KIND] (or set ONPAR_DATA)');
const pairs = [...zeroeval(data), ...arenaHard(data), ...summhay(data), ...alpacaeval(data), ...recordings('fixtures/recordings')];
const scorings = pairs.map(scoringOf);
const guard = await openGuards(scorings);
const found = pairs.map((pair, i) => ({ pair, failures: guard(scorings[i]!) }));
if (values.show !== undefined) show(values.show);
print();

function print(): void {
  const sets = [...new Set(pairs.map(({ set }) => set))];
  console.log(['', 'pairs', ...KINDS].map((head, i) => head.padEnd(i === 0 ? 24 : 16)).join(''));
  for (const set of [...sets, 'all']) {
    const own = found.filter(({ pair }) => set === 'all' || pair.set === set);
    const counts = KINDS.map((kind) => own.filter(({ failures }) => failures.some((failure) => failure.kind === kind)).length);
    console.log([set, own.length, ...counts].map((cell, i) => String(cell).padEnd(i === 0 ? 24 : 16)).join(''));
  }
}

function show(kind: string): void {
  for (const { pair, failures } of found) {
    const failure = failures.find((one) => one.kind === kind);
    if (!failure) continue;
    const [asked, from, to] = [pair.prompt.slice(-200), pair.candidate.slice(0, 200), pair.candidate.slice(-200)].map((text) =>
      JSON.stringify(text),
    ) as [string, string, string];
    console.log(`${pair.set} ${pair.model} ${pair.id}: ${failure.why}\n  asked  ${asked}\n  begins ${from}\n  ends   ${to}\n`);
  }
}

function scoringOf({ prompt, samples, candidate, model }: Pair): ScoringCase {
  return {
    case: caseOf('case', prompt),
    samples: samples.map((text, i) => answerOf('baseline', text, i)),
    candidate: answerOf(model, candidate),
    candidate_is_sample: null,
  };
}

/** Everyone against gpt-4o-2024-08-06. */
function zeroeval(dir: string): Pair[] {
  return ['math-l5', 'crux', 'gsm'].flatMap((folder) => {
    const here = join(dir, 'zeroeval', folder);
    if (!existsSync(here)) return [];
    const prompts = lines<{ id: string; prompt: string }>(join(here, 'prompts.jsonl'));
    const byModel = readdirSync(join(here, 'answers')).map(
      (file) => [basename(file, '.jsonl'), outputs(join(here, 'answers', file))] as const,
    );
    return against(`zeroeval/${folder}`, prompts, new Map(byModel), ['gpt-4o-2024-08-06']);
  });
}

/** Each of the three models against the other two. */
function arenaHard(dir: string): Pair[] {
  const here = join(dir, 'arena-hard');
  if (!existsSync(here)) return [];
  const prompts = lines<{ id: string; prompt: string }>(join(here, 'prompts.jsonl'));
  const models = ['gpt-4-0314', 'gpt-4-0613', 'gpt-3.5-turbo-0125'];
  const byModel = new Map(models.map((model) => [model, outputs(join(here, 'answers', `${model}.jsonl`))]));
  return models.flatMap((candidate) =>
    against(
      'arena-hard',
      prompts,
      byModel,
      models.filter((model) => model !== candidate),
    ).filter(({ model }) => model === candidate),
  );
}

/** Everyone against two versions of GPT-4, and these against each other. */
function alpacaeval(dir: string): Pair[] {
  const here = join(dir, 'alpacaeval');
  if (!existsSync(here)) return [];
  const prompts = lines<{ id: string; prompt: string }>(join(here, 'prompts.jsonl'));
  const byModel = new Map<string, Map<string, string>>();
  for (const { id, model, answer } of lines<{ id: string; model: string; answer: string }>(join(here, 'answers.jsonl'))) {
    if (!byModel.has(model)) byModel.set(model, new Map());
    byModel.get(model)!.set(id, answer);
  }
  return against('alpacaeval', prompts, byModel, ['gpt4_1106_preview', 'gpt-4-0125-preview']);
}

/** Summaries of one subtopic, each against another one; the prompts are not there, the topics stand for them. */
function summhay(dir: string): Pair[] {
  const file = join(dir, 'summhay/summaries.jsonl');
  if (!existsSync(file)) return [];
  const bySubtopic = new Map<string, { model: string; text: string }[]>();
  for (const one of lines<{ topic: string; subtopic: string; model: string; bullets: string[] }>(file)) {
    const prompt = `${one.topic} Summarize: ${one.subtopic}`;
    bySubtopic.set(prompt, [...(bySubtopic.get(prompt) ?? []), { model: one.model, text: one.bullets.join('\n') }]);
  }
  return [...bySubtopic].flatMap(([prompt, all]) =>
    all.slice(1).map(({ model, text }, i) => ({ set: 'summhay', model, id: `${i}`, prompt, samples: [all[0]!.text], candidate: text })),
  );
}

interface RecordedLine {
  case: string;
  messages: { content: string }[];
  answer: string;
}

/** Every two models that answered the same suite, both ways. */
function recordings(dir: string): Pair[] {
  const shelf = new Map<string, Map<string, RecordedLine[]>>();
  for (const model of readdirSync(dir))
    for (const file of readdirSync(join(dir, model))) {
      const suite = basename(file, '.jsonl');
      shelf.set(suite, (shelf.get(suite) ?? new Map<string, RecordedLine[]>()).set(model, lines<RecordedLine>(join(dir, model, file))));
    }
  return [...shelf].flatMap(([suite, models]) =>
    [...models].flatMap(([baseline, theirs]) =>
      [...models].flatMap(([model, answers]) =>
        model === baseline
          ? []
          : answers.flatMap((one) => {
              const samples = theirs.filter((other) => other.case === one.case).map(({ answer }) => answer);
              const prompt = one.messages.map(({ content }) => content).join('\n');
              return samples.length === 0
                ? []
                : [{ set: `recordings/${suite}`, model, id: one.case, prompt, samples, candidate: one.answer }];
            }),
      ),
    ),
  );
}

function against(
  set: string,
  prompts: readonly { id: string; prompt: string }[],
  byModel: ReadonlyMap<string, Map<string, string>>,
  baselines: readonly string[],
): Pair[] {
  return [...byModel].flatMap(([model, answers]) => {
    const others = baselines.filter((name) => name !== model);
    if (others.length === 0) return [];
    return prompts.flatMap(({ id, prompt }) => {
      const samples = others.flatMap((name) => byModel.get(name)?.get(id) ?? []);
      const candidate = answers.get(id);
      return candidate === undefined || samples.length === 0 ? [] : [{ set, model, id, prompt, samples, candidate }];
    });
  });
}

function outputs(file: string): Map<string, string> {
  return new Map(lines<{ id: string; output: string }>(file).map(({ id, output }) => [id, output]));
}

function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
