/** The page of a comparison: complete, inert, and readable in light and dark. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../record.ts';
import { comparisonHtml } from './comparison-html.ts';
import { hostileTexts } from './example-run.ts';

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

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
describe.skipIf(!existsSync(executable))('in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-comparison-'));
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  let browser: Browser;
  beforeAll(async () => {
    const hostile = Object.values(hostileTexts).map((text) =>
      comparison({ suite: text, why: text, before: { run: text, candidate: text }, losses: [move(text, 1, 0)] }),
    );
    writeFileSync(join(folder, 'hostile.html'), comparisonHtml(hostile));
    writeFileSync(
      join(folder, 'example.html'),
      comparisonHtml([comparison(), comparison({ suite: 'general', outcome: 'improved' }), unknown]),
    );
    browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  });
  afterAll(() => browser.close());

  test.each([
    { file: 'example', width: 1280, scheme: 'light' },
    { file: 'example', width: 390, scheme: 'dark' },
    { file: 'hostile', width: 390, scheme: 'light' },
  ] as const)(
    '$file at $width px, $scheme: nothing overflows, nothing runs or is asked for, axe finds nothing',
    async ({ file, width, scheme }) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
      const page = await context.newPage();
      const troubles: string[] = [];
      page.on('console', (message) => void troubles.push(message.text()));
      page.on('pageerror', (error) => void troubles.push(error.message));
      page.on(
        'request',
        (request) => void (request.isNavigationRequest() || request.url().startsWith('data:') || troubles.push(request.url())),
      );
      await page.goto(`file://${join(folder, `${file}.html`)}`);
      await page.evaluate(`document.querySelectorAll('details').forEach((fold) => (fold.open = true))`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run());
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html: markup }) => markup)])).toEqual([]);
      expect(troubles).toEqual([]);
      await context.close();
    },
  );
});
