/** Recorded answers to closed questions: half of ZeroEval from a folder, or the part of it that is shipped. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Input, folderOf, readLines, readRows } from './input.ts';

export const SETS = {
  'math-l5': { title: 'MATH level 5', as: 'latex', shipped: 'math-l5', suites: ['reasoning', 'reasoning-o1'] },
  gsm: { title: 'GSM8K', as: 'number', shipped: null, suites: [] },
  crux: { title: 'CRUXEval', as: 'literal', shipped: 'cruxeval', suites: ['code', 'code-gpt-3.5'] },
} as const;
export type SetName = keyof typeof SETS;

/** Models that models.yaml calls by another name than ZeroEval. */
const NAMES: Record<string, string> = {
  'qwen2.5-72b': 'Qwen2.5-72B-Instruct',
  'qwen2.5-32b': 'Qwen2.5-32B-Instruct',
  'llama-3.1-70b': 'Meta-Llama-3.1-70B-Instruct',
};

export interface AnswerSet {
  set: SetName;
  /** the true answer of each problem, by id */
  truth: Map<string, string>;
  /** model → id → what it said */
  answers: Map<string, Map<string, string>>;
}

/** Sets that are there: those of the folder where one is given, else the shipped ones. */
export function readAnswerSets(input: Input): AnswerSet[] {
  const folder = folderOf(input, 'zeroeval');
  return folder === null ? readShipped(input.root) : readFolder(folder);
}

/** {math-l5,gsm,crux}/{prompts.jsonl,answers/<model>.jsonl} */
export function readFolder(folder: string): AnswerSet[] {
  return (Object.keys(SETS) as SetName[])
    .filter((set) => existsSync(join(folder, set)))
    .map((set) => {
      const prompts = readLines<{ id: string; answer: string }>(join(folder, set, 'prompts.jsonl'));
      const models = readdirSync(join(folder, set, 'answers')).sort();
      const read = (file: string) => readLines<{ id: string; output: string }>(join(folder, set, 'answers', file));
      return {
        set,
        truth: new Map(prompts.map((p) => [p.id, p.answer])),
        answers: new Map(models.map((file) => [basename(file, '.jsonl'), new Map(read(file).map((a) => [a.id, a.output]))])),
      };
    });
}

function readShipped(root: string): AnswerSet[] {
  const recordings = join(root, 'fixtures/recordings');
  return (Object.keys(SETS) as SetName[]).flatMap((set) => {
    const { shipped, suites } = SETS[set];
    if (shipped === null) return [];
    const answers: AnswerSet['answers'] = new Map();
    for (const model of readdirSync(recordings).sort()) {
      for (const file of suites.map((suite) => join(recordings, model, `${suite}.jsonl`)).filter((path) => existsSync(path))) {
        const said = readLines<{ case: string; answer: string }>(file).map((line) => [line.case, line.answer] as const);
        answers.set(NAMES[model] ?? model, new Map(said));
      }
    }
    const data = readLines<{ name: string; answer: string }>(join(root, `fixtures/data/${shipped}.jsonl`));
    return [{ set, truth: new Map(data.map((row) => [row.name, row.answer])), answers }];
  });
}

/** ZeroEval's published accuracy on the whole set, per cent, by set and model. */
export function readPublished(root: string): Map<string, number> {
  const rows = readRows(join(root, 'fixtures/validity/zeroeval-published.csv'));
  return new Map(rows.map(([set = '', model = '', percent]) => [`${set}/${model}`, Number(percent)]));
}
