/**
 * Coverage against ZeroEval's own evaluator: the accuracy that `read: { json: answer }` and `equals` give each recorded model.
 *   node scripts/bench.mjs zeroeval --data DATA [--show SET/MODEL] [--json FILE]
 * DATA, or ONPAR_ZEROEVAL, holds {math-l5,crux,gsm}/{prompts.jsonl,accuracy.csv,answers/*.jsonl}. `--json FILE` also writes who was right where.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readRows } from './validity/input.ts';
import { type Difference, measureZeroEval } from './validity/zeroeval.ts';
import { readFolder } from './validity/zeroeval-answers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, show: { type: 'string' }, json: { type: 'string' } },
});
const data = values.data ?? positionals[0] ?? process.env['ONPAR_ZEROEVAL'];
if (data === undefined) throw new Error('usage: node scripts/bench.mjs zeroeval --data DATA (or set ONPAR_ZEROEVAL)');

function show({ set, model, id, expected, read, rung, output, isRight }: Difference): void {
  if (values.show !== `${set}/${model}`) return;
  const tail = rung === 'none' ? JSON.stringify(output.slice(-160)) : '';
  const word = isRight ? 'accepted' : 'rejected';
  console.log(`${word} ${id.padEnd(16)} [${rung}] ${JSON.stringify(expected)} ~ ${JSON.stringify(read.slice(0, 100))} ${tail}`);
}

const results = measureZeroEval(readFolder(data), new Map(), show);
for (const { set, rows, spearman, largest } of results) {
  const file = join(data, set, 'accuracy.csv');
  const counted = new Map((existsSync(file) ? readRows(file) : []).map(([model, accuracy]) => [model, Number(accuracy)]));
  console.log(`\n${set}${' '.repeat(28 - set.length)}ours  ZeroEval  points  its own count  read on`);
  for (const { model, ours, theirs, rungs } of rows) {
    const points = ((ours - theirs) * 100).toFixed(2).padStart(6);
    const own = counted.get(model)?.toFixed(4) ?? 'unknown';
    console.log(`  ${model.padEnd(28)}${ours.toFixed(4)}  ${theirs.toFixed(4)}  ${points}  ${own.padStart(13)}  ${JSON.stringify(rungs)}`);
  }
  console.log(`  largest difference ${(largest * 100).toFixed(2)} points, Spearman ${spearman.toFixed(3)}`);
}
if (values.json) {
  writeFileSync(values.json, JSON.stringify(Object.fromEntries(results.map(({ set, right }) => [set, Object.fromEntries(right)]))));
}
