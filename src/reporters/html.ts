/** One HTML file that asks for nothing: shell by Handlebars here, cases compressed inside, opened by the page's own script. */
import { createHash } from 'node:crypto';
import Handlebars from 'handlebars/runtime';
import type { Results, RunView } from '../record.ts';
import { COST_HEAD, costRow, costsToShow } from './cost.ts';
import { cardsOf } from './html/cards.ts';
import card from './html/card.hbs';
import { packCases } from './html/pack.ts';
import script from './html/page/page.ts?script';
import styles from './html/report.css';
import template from './html/report.hbs';
import { egressText } from './egress.ts';
import { oneLine, plural } from './text.ts';

const handlebars = Handlebars.create();
handlebars.registerPartial('card', handlebars.template(card));
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

function headline({ record: { verdicts } }: RunView): string {
  const failed = verdicts.filter(({ verdict }) => verdict !== 'PASS').length;
  if (verdicts.length === 0) return 'Nothing was compared';
  if (verdicts.length === 1) return failed === 0 ? 'The candidate is on a par' : 'The candidate needs work';
  return failed === 0
    ? `All ${verdicts.length} comparisons pass`
    : `${failed} of ${verdicts.length} comparisons ${failed === 1 ? 'needs' : 'need'} work`;
}

const choices = (values: Iterable<string>) => [...values].sort().map((value) => ({ value, label: oneLine(value, 80) }));

/** What the list can be filtered by. */
function filtersOf(results: Results) {
  const [suites, candidates, reasons, tags] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  for (const result of results) {
    suites.add(result.suite);
    candidates.add(result.candidate);
    if (result.reason !== null) reasons.add(result.reason);
    for (const tag of result.tags) tags.add(tag);
  }
  return {
    suites: choices(suites),
    candidates: choices(candidates),
    reasons: choices(reasons).map(({ value, label }) => ({ value, label: label.replaceAll('_', ' ') })),
    tags: choices(tags).slice(0, 300),
  };
}

function footer({ record }: RunView) {
  const { encoder, scoring_version, method } = record.score_identity;
  const rows: [string, string][] = [
    ['command', `onpar ${record.command.join(' ')}`],
    ['exit code', String(record.exit_code)],
    ['versions', `onpar ${record.onpar}, Node ${record.node}, scoring ${scoring_version}`],
    [
      'encoder',
      encoder === null
        ? 'none: no similarity was computed'
        : `${encoder.id}, revision ${encoder.revision}, ${encoder.dimensions} dimensions${encoder.bundled ? ', bundled' : ''}${encoder.server === undefined ? '' : `, served by ${encoder.server}`}`,
    ],
    ['method', method],
    ['hosts contacted', record.hosts_contacted.join(', ') || 'none'],
    ...(record.egress ? [['egress', egressText(record) ?? ''] as [string, string]] : []),
    ...record.suites.map(({ name, file, hash }): [string, string] => [`suite ${name}`, `${file}, sha256 ${hash.slice(0, 12)}`]),
    ...record.models.map((model): [string, string] => {
      const reported = model.reported_models.length === 0 ? '' : `, reported as ${model.reported_models.join(', ')}`;
      const sources = model.sources.length === 0 ? '' : `; ${model.sources.join(', ')}`;
      return [`model ${model.name}`, `${model.provider}: ${model.model}, ${model.answers}${reported}${sources}`];
    }),
  ];
  return rows.map(([name, value]) => ({ name: oneLine(name), value: oneLine(value) }));
}

export const html = {
  file: 'report.html',
  extensions: ['.html', '.htm'],
  render(view: RunView): string {
    const { record, results } = view;
    const packed = packCases(results);
    const leftOut = results.length - packed.shown;
    return shell({
      policy,
      styles,
      script,
      packed,
      headline: headline(view),
      run: oneLine(record.run),
      date: `${record.finished_at.slice(0, 10)} ${record.finished_at.slice(11, 16)} UTC`,
      total: `${plural(results.length, 'result')} in ${plural(record.suites.length, 'suite')}`,
      leftOut:
        leftOut === 0
          ? null
          : `${plural(packed.shown, 'case')} shown, all failures first; ${leftOut} passing or later ones are only in results.jsonl and report.csv.`,
      warnings: record.warnings.map((warning) => oneLine(warning)),
      cards: cardsOf(record.verdicts),
      costHead: COST_HEAD,
      costs: costsToShow(record).map((cost) => costRow(cost).map((cell, column) => ({ head: COST_HEAD[column], cell }))),
      ...filtersOf(results),
      footer: footer(view),
    });
  },
};
