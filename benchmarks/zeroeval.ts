/**
 * Coverage against ZeroEval's own evaluator: the accuracy that `read: { json: answer }` and `equals` give each recorded model.
 *   node scripts/bench.mjs zeroeval --data DATA [--show FOLDER/MODEL] [--json FILE]
 * DATA, or ONPAR_ZEROEVAL, holds {math-l5,crux,gsm}/{prompts.jsonl,accuracy.csv,answers/*.jsonl}. `--json FILE` also writes who was right where.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isEqual } from '../src/scorers/equals/index.ts';
import { numberOf } from '../src/scorers/equals/number.ts';
import { readAnswer } from '../src/scorers/read.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, show: { type: 'string' }, json: { type: 'string' } },
});
const data = values.data ?? positionals[0] ?? process.env['ONPAR_ZEROEVAL'];
if (data === undefined) throw new Error('usage: node scripts/bench.mjs zeroeval --data DATA (or set ONPAR_ZEROEVAL)');

const FOLDERS = { 'math-l5': 'latex', crux: 'literal', gsm: 'number' } as const;

interface Prompt {
  id: string;
  answer: string;
}

const lines = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** What ZeroEval does: the first number of the field, or the exact string (quotes aside). */
function zeroevalSays(folder: string, expected: string, got: string): boolean {
  if (folder === 'crux') return got.replace(/^['"]|['"]$/g, '') === expected.replace(/^['"]|['"]$/g, '');
  const first = /-?\d[\d,]*(?:\.\d+)?/.exec(got)?.[0].replaceAll(',', '');
  return first !== undefined && Number(first) === numberOf(expected);
}

function ranks(values: number[]): number[] {
  return values.map((v) => values.filter((w) => w < v).length + (values.filter((w) => w === v).length + 1) / 2);
}

/** Spearman's rank correlation, ties by mean rank. */
function spearman(a: number[], b: number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length + 1) / 2;
  const cov = x.reduce((sum, v, i) => sum + (v - mean) * ((y[i] ?? 0) - mean), 0);
  const norm = (r: number[]) => Math.sqrt(r.reduce((sum, v) => sum + (v - mean) ** 2, 0));
  return cov / (norm(x) * norm(y));
}

const matrix: Record<string, Record<string, number[]>> = {};
for (const [folder, as] of Object.entries(FOLDERS)) {
  const prompts = lines<Prompt>(join(data, folder, 'prompts.jsonl'));
  const truth = new Map(prompts.map((p) => [p.id, p.answer]));
  const published = new Map(
    readFileSync(join(data, folder, 'accuracy.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((l) => [l.split(',')[0] ?? '', Number(l.split(',')[1])]),
  );
  const rows: { model: string; ours: number; theirs: number; rungs: string }[] = [];
  for (const file of readdirSync(join(data, folder, 'answers'))) {
    const model = basename(file, '.jsonl');
    const rungs: Record<string, number> = {};
    const right = lines<{ id: string; output: string }>(join(data, folder, 'answers', file)).map(({ id, output }) => {
      const expected = truth.get(id) ?? '';
      const { text, rung } = readAnswer(output, { json: 'answer' });
      rungs[rung] = (rungs[rung] ?? 0) + 1;
      const isRight = rung !== 'none' && isEqual(expected, text, as);
      if (values.show === `${folder}/${model}` && isRight !== zeroevalSays(folder, expected, text)) {
        console.log(
          `${isRight ? 'accepted' : 'rejected'} ${id.padEnd(16)} [${rung}] ${JSON.stringify(expected)} ~ ${JSON.stringify(text.slice(0, 100))} ${rung === 'none' ? JSON.stringify(output.slice(-160)) : ''}`,
        );
      }
      return isRight ? 1 : 0;
    });
    (matrix[folder] ??= {})[model] = right;
    rows.push({
      model,
      ours: right.reduce((a: number, b) => a + b, 0) / right.length,
      theirs: published.get(model) ?? NaN,
      rungs: JSON.stringify(rungs),
    });
  }
  rows.sort((a, b) => b.theirs - a.theirs);
  console.log(`\n${folder}${' '.repeat(28 - folder.length)}ours  ZeroEval  points  read on`);
  for (const { model, ours, theirs, rungs } of rows) {
    console.log(
      `  ${model.padEnd(28)}${ours.toFixed(4)}  ${theirs.toFixed(4)}  ${((ours - theirs) * 100).toFixed(2).padStart(6)}  ${rungs}`,
    );
  }
  const worst = Math.max(...rows.map((r) => Math.abs(r.ours - r.theirs) * 100));
  console.log(
    `  largest difference ${worst.toFixed(2)} points, Spearman ${spearman(
      rows.map((r) => r.ours),
      rows.map((r) => r.theirs),
    ).toFixed(3)}`,
  );
}
if (values.json) writeFileSync(values.json, JSON.stringify(matrix));
