/** One HTML file that asks for nothing: shell by Handlebars here, cases compressed inside, opened by the page's own script. */
import { createHash } from 'node:crypto';
import Handlebars from 'handlebars/runtime';
import type { RunRecord, RunView } from '../record.ts';
import { COST_HEAD, costRow, costsToShow } from './cost.ts';
import { aboutRun } from './html/about.ts';
import board from './html/board.hbs';
import card from './html/card.hbs';
import { cardsOf } from './html/cards.ts';
import { filtersOf } from './html/filters.ts';
import { indexOf } from './html/index-of.ts';
import kpis from './html/kpis.hbs';
import { chooseCases, pack, packChunks } from './html/pack.ts';
import script from './html/page/page.ts?script';
import template from './html/report.hbs';
import { scaleOf } from './html/scale.ts';
import { styles } from './html/styles.ts';
import { reviewLines } from './reviews.ts';
import { oneLine, plural } from './text.ts';

const handlebars = Handlebars.create();
for (const [name, partial] of Object.entries({ board, card, kpis })) handlebars.registerPartial(name, handlebars.template(partial));
const shell = handlebars.template(template);

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${sha256(script)}`,
  `style-src ${sha256(styles)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function headline({ verdicts }: RunRecord): string {
  const failed = verdicts.filter(({ verdict }) => verdict !== 'PASS').length;
  if (verdicts.length === 0) return 'Nothing was compared';
  if (verdicts.length === 1) return failed === 0 ? 'The candidate is on a par' : 'The candidate needs work';
  return failed === 0
    ? `All ${verdicts.length} comparisons pass`
    : `${failed} of ${verdicts.length} comparisons ${failed === 1 ? 'needs' : 'need'} work`;
}

/** What people decided before the run was judged, and what of it no longer holds. */
const reviewed = (record: RunRecord): string | null => oneLine(reviewLines(record).join(' · '), 2_000) || null;

export const html = {
  file: 'report.html',
  extensions: ['.html', '.htm'],
  /** The shell with its index first, so that the list is usable before the chunks below it have arrived. */
  *render({ record, results }: RunView): Generator<string> {
    const index = indexOf(record, chooseCases(results));
    const shown = index.columns.name.length;
    const cards = cardsOf(record);
    const leftOut = results.length - shown;
    yield shell({
      policy,
      styles,
      script,
      index: pack(index),
      headline: headline(record),
      run: oneLine(record.run),
      date: `${record.finished_at.slice(0, 10)} ${record.finished_at.slice(11, 16)} UTC`,
      total: `${plural(results.length, 'result')} in ${plural(record.suites.length, 'suite')}`,
      shard: record.shard === undefined ? null : `part ${record.shard.index} of ${record.shard.of}, to be merged`,
      leftOut:
        leftOut === 0
          ? null
          : `${plural(shown, 'case')} shown, all failures first; ${leftOut} passing or later ones are only in results.jsonl and report.csv.`,
      warnings: record.warnings.map((warning) => oneLine(warning)),
      reviewed: reviewed(record),
      cards,
      paid: cards.some(({ time, cost }) => time !== '–' || cost !== '–'),
      board: record.verdicts.length > 1,
      axis: scaleOf(record.verdicts).ticks,
      costHead: COST_HEAD,
      costs: costsToShow(record).map((cost) => costRow(cost).map((cell, column) => ({ head: COST_HEAD[column], cell }))),
      filters: filtersOf(index),
      footer: aboutRun(record),
    });
    let number = 0;
    for (const chunk of packChunks(chooseCases(results)))
      yield `<script type="application/octet-stream" id="chunk-${number++}">${chunk}</script>\n`;
    yield '</body>\n</html>\n';
  },
};
