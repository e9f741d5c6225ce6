/**
 * Does an `insight` element agree with people as well as a judge model does? See benchmarks/validity/summhay.ts.
 *
 *     node scripts/bench.mjs summhay [--data DIR]        (the shipped labels when left out)
 */
import { parseArgs } from 'node:util';
import { defaultFolders, openEmbedder } from '../src/embed/index.ts';
import { measureSummHay, SHIPPED } from './validity/summhay.ts';
import { SUMMHAY_GOALS as GOALS } from './validity/summhay-page.ts';

const MOST_SHOWN = 8;

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const embedder = await openEmbedder({ name: 'all-MiniLM-L6-v2', ...defaultFolders(process.env) });
const { summaries, insights, agreements, pairs } = await measureSummHay(values.data ?? SHIPPED, embedder);
await embedder.close();

console.log(`${summaries} summaries, ${insights} insights labelled by people; cosine by ${embedder.note}\n`);
console.log(`${'labels by'.padEnd(26)}    AUC      r  r summary  difference of parity: mean  largest`);
for (const { by, auc, r, r_summary, mean_difference, largest_difference } of agreements) {
  const cells = [auc.toFixed(3).padStart(7), r.toFixed(3).padStart(7), r_summary.toFixed(3).padStart(11)];
  console.log([by.padEnd(26), ...cells, mean_difference.toFixed(3).padStart(28), largest_difference.toFixed(3).padStart(9)].join(''));
}
console.log('\nparity of the pairs that err most                people  insight');
for (const { baseline, candidate, people, insight } of pairs.slice(0, MOST_SHOWN)) {
  console.log(`${baseline.padEnd(20)} → ${candidate.padEnd(20)}${people.toFixed(3).padStart(11)}${insight.toFixed(3).padStart(9)}`);
}
const ours = agreements.find(({ by }) => by === 'insight');
const isMet = ours !== undefined && ours.auc >= GOALS.auc && ours.r >= GOALS.r && ours.mean_difference <= GOALS.mean_difference;
console.log(
  `\ngoals: AUC ≥ ${GOALS.auc}, r ≥ ${GOALS.r}, mean difference ≤ ${GOALS.mean_difference.toFixed(2)}: ${isMet ? 'met' : 'not met'}`,
);
process.exitCode = isMet ? 0 : 1;
