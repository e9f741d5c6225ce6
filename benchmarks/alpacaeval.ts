/**
 * Does parity rank real models as people's judges do, and give the same numbers as when the formulas were measured?
 * AlpacaEval 2 outputs (CC-BY-NC-4.0: read from a folder of yours, never committed): prompts.jsonl, answers.jsonl,
 * elements.jsonl, leaderboard.csv. 60 cases, both GPT-4 answers as baseline samples. docs/validity.md has more.
 *
 *     node scripts/bench.mjs alpacaeval --data DIR        (or ONPAR_ALPACAEVAL=DIR)
 */
import { parseArgs } from 'node:util';
import { defaultFolders, openEmbedder } from '../src/embed/index.ts';
import { measureAlpacaEval, readAlpacaEval } from './validity/alpacaeval.ts';

/** Parity, mean similarity and mean coverage as first measured; another implementation may differ by 0.05 at most. */
const REFERENCE: Record<string, [parity: number, similarity: number, coverage: number]> = {
  'gpt-4-0125-preview': [0.959, 0.919, 0.995],
  'gpt-4-turbo-2024-04-09': [0.953, 0.905, 0.997],
  gpt4_1106_preview_verbose: [0.893, 0.923, 0.857],
  '(first 50 %)': [0.839, 0.946, 0.729],
  gpt4_1106_preview_concise: [0.78, 0.846, 0.711],
  'Qwen2-72B-Instruct': [0.688, 0.753, 0.619],
  gpt4_0613: [0.664, 0.739, 0.586],
  'Meta-Llama-3.1-70B-Instruct-Turbo': [0.66, 0.713, 0.604],
  'Mixtral-8x7B-Instruct-v0.1': [0.641, 0.688, 0.59],
  '(first 25 %)': [0.607, 0.765, 0.446],
  'Meta-Llama-3-8B-Instruct': [0.532, 0.582, 0.479],
  'vicuna-13b': [0.424, 0.51, 0.336],
  'gemma-2b-it': [0.303, 0.328, 0.276],
  '(first 10 %)': [0.262, 0.347, 0.176],
  'falcon-7b-instruct': [0.257, 0.314, 0.199],
  'alpaca-7b': [0.233, 0.291, 0.174],
  gpt4_gamed: [0.09, 0.09, 0.091],
  '(the prompt itself)': [0.017, 0, 0.034],
  '(answers to other prompts)': [0.009, 0, 0.019],
  NullModel: [0.006, 0, 0.013],
  '(empty answers)': [0, 0, 0],
};
const TOLERANCE = 0.05;

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const data = values.data ?? process.env['ONPAR_ALPACAEVAL'];
if (data === undefined) throw new Error('say where the AlpacaEval data is: --data DIR or ONPAR_ALPACAEVAL=DIR');
const embedder = await openEmbedder({ name: 'all-MiniLM-L6-v2', ...defaultFolders(process.env) });
const { cases, rows, spearman } = await measureAlpacaEval(readAlpacaEval(data), 0, embedder);
await embedder.close();
console.log(`${cases} cases, ${embedder.note}\n`);
console.log(`${'model'.padEnd(36)}      P   (ref)      S   (ref)      K   (ref)   P-ref`);
let worst = 0;
for (const [model, reference] of Object.entries(REFERENCE)) {
  const row = rows.find(({ name }) => name === model);
  if (row === undefined) throw new Error(`${data} has no answers of ${model}`);
  worst = Math.max(worst, Math.abs(row.parity - reference[0]));
  const cells = [row.parity, row.similarity, row.coverage].map(
    (value, i) => `${value.toFixed(3).padStart(7)} (${reference[i]!.toFixed(3)})`,
  );
  console.log([model.padEnd(36), ...cells, (row.parity - reference[0]).toFixed(3).padStart(7)].join(''));
}
const ranked = rows.filter(({ winRate }) => winRate !== null);
console.log(`\nSpearman with the length-controlled win rate over ${ranked.length} candidates: ${spearman.toFixed(3)} (reference 0.972)`);
console.log(`largest difference of a parity: ${worst.toFixed(3)} (at most ${TOLERANCE})`);
process.exitCode = worst <= TOLERANCE ? 0 : 1;
