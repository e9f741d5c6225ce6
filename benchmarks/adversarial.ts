/**
 * Wrong answers that are accepted and right ones that are rejected, over the corpus in fixtures/adversarial.
 *
 *     node scripts/bench.mjs adversarial [--show RULE] [--part tuned|held_out]
 *
 * `--show RULE` prints what that rule gets wrong, and why; `--part` keeps to one part.
 */
import { parseArgs } from 'node:util';
import { defaultFolders, openEmbedder } from '../src/embed/index.ts';
import { type KindCount, measureAdversarial, RULES } from './validity/adversarial.ts';

const { values } = parseArgs({ options: { show: { type: 'string' }, part: { type: 'string' } } });
if (values.show !== undefined && !(values.show in RULES)) throw new Error(`--show takes one of: ${Object.keys(RULES).join(', ')}`);
const embedder = await openEmbedder({ name: 'all-MiniLM-L6-v2', ...defaultFolders(process.env) });
const found = await measureAdversarial('fixtures/adversarial', embedder);
await embedder.close();
const parts = Object.entries(found.counts).filter(([part]) => values.part === undefined || values.part === part);

if (values.show !== undefined)
  for (const { heldOut, isRight, kind, text, labels, ...pair } of found.pairs) {
    const { accepted, why } = labels[values.show]!;
    if (accepted === isRight || (values.part !== undefined && heldOut !== (values.part === 'held_out'))) continue;
    console.log(
      `${accepted ? 'accepted wrong' : 'rejected right'} ${pair.case} (${kind}${heldOut ? ', held out' : ''})\n  ${JSON.stringify(text)}\n  ${why}\n`,
    );
  }
console.log(`parity target ${found.parity_target}, encoder ${found.encoder}\n`);
for (const [part, counts] of parts) print(part.replace('_', ' '), counts);

function print(part: string, counts: readonly KindCount[]): void {
  const rules = Object.keys(RULES);
  const line = (cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
  line([`${part} part`, 'n', ...rules]);
  line(['---', '---', ...rules.map(() => '---')]);
  for (const { kind, isRight, n, mistakes } of counts) {
    const told = isRight ? 'right, rejected' : 'wrong, accepted';
    const share = (mistaken: number) => (kind === 'all' ? `**${mistaken}** (${((100 * mistaken) / n).toFixed(1)} %)` : mistaken);
    line([kind === 'all' ? `**${told}**` : `${told}: ${kind.replace('_', ' ')}`, n, ...rules.map((rule) => share(mistakes[rule] ?? 0))]);
  }
  console.log('');
}
