/** The page of a comparison: complete, inert, and readable in light and dark. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Comparison } from '../record.ts';
import { comparisonHtml } from './comparison-html.ts';
import { hostileTexts } from './example-run.ts';
import { isThere, troublesOf } from './test-inert-page.ts';

const move = (name: string, before: number, after: number) => ({
  case: name,
  before,
  after,
  at: { file: 'suites/s.yaml', line: 7, column: 3 },
});
const comparison = (changes: Partial<Comparison> = {}): Comparison => ({
  suite: 'reasoning',
  before: { run: 'run-1', candidate: 'qwen' },
  after: { run: 'run-2', candidate: 'qwen' },
  outcome: 'regressed',
  why: 'quality fell by 8.0 points on 40 cases',
  n: 40,
  left_out: { only_before: 1, only_after: 0, changed: 2, unscored: 0 },
  same_answers: 12,
  quality_score: { before: 0.9, after: 0.82 },
  difference: { mean: -0.08, lower: -0.12, upper: -0.04 },
  margin: 0.05,
  p_regressed: 0.001,
  p_holm: 0.002,
  cases_to_tell: null,
  transitions: { fixed: 1, broken: 5, still_pass: 30, still_needs_work: 4 },
  losses: [move('worst', 1, 0.2)],
  gains: [move('best', 0.1, 0.9)],
  ...changes,
});
const unknown = comparison({
  outcome: 'cannot_tell',
  difference: { mean: null, lower: null, upper: null },
  p_holm: null,
  losses: [],
  gains: [],
});

test('has what the comparison says', () => {
  const page = comparisonHtml([comparison(), comparison({ suite: 'general', outcome: 'no_worse' })]);
  for (const text of [
    '1 of 2 got worse',
    '✗ REGRESSED',
    '0.900 → 0.820',
    '-8.0 (-12.0 to -4.0, 95 %)',
    'suites/s.yaml:7',
    '1 only before',
    '5 broken',
  ])
    expect(page).toContain(text);
});

test('draws the bounds around no change, to one scale', () => {
  // the axis reaches 12.6 points to either side
  const page = comparisonHtml([comparison()]);
  expect(page).toContain('<rect x="2.38%" y="11" width="31.75%"');
  expect(page).toContain('<circle cx="18.25%"');
  expect(page).toContain('x1="30.16%" x2="30.16%"');
  expect(comparisonHtml([unknown])).not.toContain('<svg');
});

test.each([
  [[], 'Nothing was compared'],
  [[comparison({ outcome: 'improved' })], 'Nothing got worse'],
  [[unknown], 'Nothing is known to be worse; 1 of 1 cannot be told'],
] as const)('%# has its headline', (comparisons, headline) => {
  expect(comparisonHtml(comparisons)).toContain(`<h1>${headline}</h1>`);
});

test('nothing in it runs, and its policy allows its own styles alone', () => {
  const page = comparisonHtml([comparison()]);
  expect(page).not.toMatch(/<script|javascript:|https?:|style="|\son\w+=/);
  const styles = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=');
  expect(policy).toContain(`default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'`);
});

test.skipIf(!isThere).each([
  { name: 'an example', comparisons: [comparison(), comparison({ suite: 'general', outcome: 'improved' }), unknown] },
  {
    name: 'hostile texts',
    comparisons: Object.values(hostileTexts).map((text) =>
      comparison({ suite: text, why: text, before: { run: text, candidate: text }, losses: [move(text, 1, 0)] }),
    ),
  },
])(
  'in a browser, $name: nothing overflows, nothing runs or is asked for, axe finds nothing',
  { timeout: 120_000 },
  async ({ comparisons }) => {
    expect(await troublesOf(comparisonHtml(comparisons))).toEqual([]);
  },
);
