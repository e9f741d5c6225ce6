import { expect, test } from 'vitest';
import type { ModelCost, RunView } from '../record.ts';
import { costFacts, costRow } from './cost.ts';
import { exampleRun, withResult, textOf } from './example-run.ts';
import { csv } from './csv.ts';
import { reporters } from './index.ts';
import { terminalTable } from './terminal.ts';
import { usd } from './text.ts';

const plain = { width: 80, colour: false };
const [example] = exampleRun().record.cost ?? [];
if (example === undefined) throw new Error('the example run has costs');
const of = (change: Partial<ModelCost>): ModelCost => ({ ...example, model: 'm', answers: 76, live: 0, unknown: 0, ...change });

const withCosts = (cost: ModelCost[] | undefined): RunView => {
  const { record, results } = exampleRun();
  delete record.cost;
  return { record: cost === undefined ? record : { ...record, cost }, results };
};

test.each([
  [null, 'unknown'],
  [0, '$0'],
  [0.00001, 'under $0.0001'],
  [0.0028, '$0.0028'],
  [12.345, '$12.35'],
])('%s dollars are written %s', (value, text) => {
  expect(usd(value)).toBe(text);
});

test.each([
  ['known', of({ cost_usd: 0.5, known_usd: 0.5, live_usd: 0 }), 'm cost $0.5000', '76 answers, none asked now'],
  ['asked now', of({ cost_usd: 0.5, known_usd: 0.5, live_usd: 0.5, live: 76 }), 'm cost $0.5000', '76 answers, all asked now'],
  ['asked now in part', of({ cost_usd: 0.5, live_usd: 0.25, live: 6 }), 'm cost $0.5000', '76 answers, 6 for $0.2500 asked now'],
  [
    'known in part',
    of({ cost_usd: null, known_usd: 0.5, live_usd: 0, unknown: 3 }),
    'm cost at least $0.5000, 3 of 76 unknown',
    '76 answers, none asked now',
  ],
  ['unknown', of({ cost_usd: null, known_usd: null, unknown: 76 }), 'm cost unknown', '76 answers, none asked now'],
])('a cost that is %s says so', (_, cost, first, second) => {
  expect(costFacts(cost)).toEqual([first, second]);
});

test('unit prices and tokens stand beside the cost, and an unknown number is never 0', () => {
  expect(costRow(of({ cost_usd: 0.5, prices: [{ input_per_million: 2, output_per_million: 8 }] })).at(-1)).toBe('2 / 8');
  expect(costRow(of({ cost_usd: null, known_usd: null, input_tokens: null, output_tokens: null, prices: [] }))).toEqual([
    'm',
    'unknown',
    '76',
    'none',
    'unknown',
    'unknown',
    '–',
  ]);
});

test('a run that asked nobody and knows no cost does not speak of it', () => {
  const silent = withCosts([of({ cost_usd: null, known_usd: null, unknown: 76 })]);
  expect(terminalTable(silent, plain)).toBe(terminalTable(withCosts(undefined), plain));
  expect(terminalTable(silent, plain)).not.toContain('cost');
});

test.each(Object.entries(reporters))('%s renders a record from before costs were counted', (_, reporter) => {
  const text = textOf(reporter.render(withCosts(undefined)));
  expect(text).not.toMatch(/tokens in|What the answers cost/);
});

test.each(Object.entries({ markdown: reporters.markdown, html: reporters.html }))('%s shows what each model cost', (_, reporter) => {
  const text = textOf(reporter.render(exampleRun()));
  for (const { model } of exampleRun().record.cost ?? []) expect(text).toContain(model);
  expect(text).toContain('8 of 63 unknown');
});

test('a cost that is unknown is an empty cell, also in results from before costs were counted', () => {
  const cells = (view: RunView) => {
    const [head = '', row = ''] = textOf(csv.render(view)).split('\r\n');
    const column = head.split(',').indexOf('cost_usd_candidate');
    return row.split(',')[column];
  };
  expect(cells(exampleRun())).toBe(String(exampleRun().results[0]?.answers.candidate[0]?.call?.cost_usd));
  const change = (call: unknown) =>
    withResult((r) => ({ ...r, answers: { ...r.answers, candidate: r.answers.candidate.map((a) => ({ ...a, call }) as typeof a) } }));
  expect([cells(change(null)), cells(change(undefined))]).toEqual(['', '']);
});
