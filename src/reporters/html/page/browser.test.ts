/** report.html as a reader meets it: in headless Chromium, from disk, at two widths, in light and dark. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleRun, hostileTexts, textOf, type ExampleRun } from '../../example-run.ts';
import { html } from '../../html.ts';
import { NO_FILTERS, writeHash } from './state.ts';

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(executable);
if (!isThere) console.warn(`skipped: no browser at ${executable}; install Debian's chromium, or set CHROMIUM to one`);

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const CASE = '#/case/advice/llama-3.1-8b/near-social';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every text of every case is hostile, each case with another one. */
function hostileRun(): ExampleRun {
  const { record, results } = exampleRun();
  const texts = Object.values(hostileTexts);
  const some = texts.flatMap((text, index) => {
    const result = results[index];
    if (result === undefined) return [];
    const answers = (of: typeof result.answers.baseline) =>
      of.map((answer) => ({ ...answer, answer: text, reasoning: text, source: text, reported_model: text }));
    const elements = result.elements.map((element) => ({
      ...element,
      label: text,
      why: text,
      spans: { baseline: [], candidate: [[0, 4]] as [number, number][] },
    }));
    const messages = [{ role: 'user' as const, content: text }];
    return {
      ...result,
      case: `${index} ${text.slice(0, 400)}`,
      tags: [text.slice(0, 400)],
      why: text,
      verdict: 'NEEDS_WORK' as const,
      elements,
      messages,
      answers: { baseline: answers(result.answers.baseline), candidate: answers(result.answers.candidate) },
    };
  });
  const hostile = texts.slice(0, 18).join(' ');
  const verdicts = record.verdicts.map((verdict) => ({ ...verdict, suite: hostile, candidate: hostile, why: hostile }));
  return { record: { ...record, verdicts, run: hostile, warnings: [hostile], command: [hostile] }, results: some };
}

describe.skipIf(!isThere)('report.html in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-report-'));
  let browser: Browser;
  /** console errors, page errors, dialogs, and requests beside the file itself */
  const troubles: string[] = [];

  async function open(file: string, hash = '', width = 1280, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && troubles.push(`console: ${message.text()}`)));
    page.on('pageerror', (error) => void troubles.push(`page: ${error.message}`));
    page.on('dialog', (dialog) => void troubles.push(`dialog: ${dialog.message()}`));
    page.on(
      'request',
      (request) => void (request.isNavigationRequest() || request.url().startsWith('data:') || troubles.push(`request: ${request.url()}`)),
    );
    await page.goto(`file://${join(folder, file)}${hash}`);
    await page.waitForSelector('html[data-ready]');
    return page;
  }
  /** Waits until an address is shown, whoever changed it. */
  const shown = (page: Page, hash: string) => page.waitForFunction((to) => document.documentElement.dataset['ready'] === to, hash);
  const names = (page: Page) => page.locator('#rows a').allTextContents();

  beforeAll(async () => {
    writeFileSync(join(folder, 'example.html'), textOf(html.render(exampleRun())));
    writeFileSync(join(folder, 'hostile.html'), textOf(html.render(hostileRun())));
    browser = await chromium.launch({ executablePath: executable, args: FLAGS.split(' ') });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const looks = [1280, 390].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((scheme) => ['', CASE].map((hash) => ({ width, scheme, hash }))),
  );
  test.each(looks)(
    '$width px, $scheme, $hash: nothing overflows, nothing is asked for, axe finds nothing',
    async ({ width, scheme, hash }) => {
      const page = await open('example.html', hash, width, scheme);
      for (const fold of await page.locator('details').all()) await fold.evaluate((details: HTMLDetailsElement) => (details.open = true));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run());
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html: markup }) => markup)])).toEqual([]);
      expect(troubles).toEqual([]);
      await page.context().close();
    },
  );

  test.each([1280, 390])('hostile texts do nothing at %i px, in the list and in every case', async (width) => {
    const page = await open('hostile.html', '', width);
    const links = hostileRun().results.map(({ suite, candidate, case: name }) =>
      writeHash({ filters: NO_FILTERS, page: { kind: 'case', key: { suite, candidate, case: name }, view: 'text' } }),
    );
    expect(await page.locator('#list table').getAttribute('aria-rowcount')).toBe(String(links.length + 1));
    for (const hash of ['#/', ...links.flatMap((link) => [link, `${link}?view=markdown`, `${link}?view=diff`])]) {
      await page.evaluate((to) => (location.hash = to), hash);
      await shown(page, hash);
      const found = await page.evaluate(() => ({
        hacked: 'hacked' in globalThis,
        foreign: document.querySelectorAll('main :is(img, iframe, script, style, base, math, object, a[href^="javascript"])').length,
        wide: document.documentElement.scrollWidth > innerWidth,
      }));
      expect([hash.slice(0, 60), found]).toEqual([hash.slice(0, 60), { hacked: false, foreign: 0, wide: false }]);
    }
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  test('the worst case is first, and filters, search and order choose the rows and stand in the address', async () => {
    const page = await open('example.html');
    expect((await names(page))[0]).toBe('backup');
    await page.getByLabel('Search').fill('TICKET json');
    expect(await names(page)).toHaveLength(8);
    await page.locator('select[name=verdict]').selectOption('PASS');
    expect(await names(page)).toHaveLength(5);
    expect(await page.evaluate(() => location.hash)).toBe('#/?q=TICKET%20json&verdict=PASS');
    expect(await page.locator('#shown').textContent()).toBe('5 of 64');
    await page.getByRole('columnheader', { name: 'Case' }).getByRole('button').click();
    await shown(page, '#/?q=TICKET%20json&verdict=PASS&sort=case');
    expect(await names(page)).toEqual(['invoice', 'mouse', 'printer', 'slow', 'vpn']);
    expect(await page.getByRole('columnheader', { name: 'Case' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'Clear' }).click();
    await shown(page, '#/');
    expect(await page.locator('#shown').textContent()).toBe('64');
    await page.context().close();
  });

  test('the keyboard goes through the list and the cases and comes back to where it was', async () => {
    const page = await open('example.html');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await shown(page, '#/case/tickets/llama-3.1-8b/backup');
    await page.keyboard.press('j');
    await shown(page, '#/case/arithmetic/qwen2.5-72b/number-theory-04');
    expect(await page.locator('#case h1').textContent()).toBe('number-theory-04');
    await page.keyboard.press('k');
    await shown(page, '#/case/tickets/llama-3.1-8b/backup');
    await page.keyboard.press('Escape');
    await shown(page, '#/');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('backup');
    await page.keyboard.press('/');
    await page.keyboard.type('jk');
    expect(await page.getByLabel('Search').inputValue()).toBe('jk');
    await page.context().close();
  });

  test('a case shows both answers, what was found and missed, scores, states and how to run it again', async () => {
    const page = await open('example.html', CASE);
    const texts = (selector: string) => page.locator(selector).allTextContents();
    const result = exampleRun().results.find((one) => one.case === 'near-social' && one.candidate === 'llama-3.1-8b');
    expect(await texts('.answer.baseline > .text')).toEqual([result?.answers.baseline[0]?.answer]);
    expect(await texts('.answer.candidate > .text')).toEqual([result?.answers.candidate[0]?.answer]);
    expect(await texts('.answer.baseline > .text mark')).toEqual(['Scalability', 'storage', 'UX', 'Tokenomics']);
    expect(await texts('.answer.candidate .missing li')).toEqual(['UX | user experience', 'tokenomics', 'storage']);
    expect(await texts('.reproduce code')).toEqual(['npm run eval -- --suite advice -t near-social']);
    expect(await texts('.answer.baseline > details > summary')).toEqual(['Request and response as recorded', 'Sample 2']);
    await page.evaluate(() => (location.hash = '#/case/tickets/llama-3.1-8b/backup'));
    await shown(page, '#/case/tickets/llama-3.1-8b/backup');
    expect(await texts('.answer.candidate .state')).toEqual([
      'unreachable: did not answer at the configured address (connection refused, 3 tries)',
    ]);
    await page.evaluate(() => (location.hash = '#/case/x/y/z'));
    await shown(page, '#/case/x/y/z');
    expect(await texts('#case .notice')).toEqual(['This report holds no such case.']);
    await page.context().close();
  });

  test('characters that act unseen are shown by their number', async () => {
    const page = await open('hostile.html', '', 1280);
    await page.getByRole('link', { name: /^7 / }).click();
    await page.waitForSelector('#case:not([hidden]) .text');
    expect(await page.locator('.answer.candidate > .text').first().textContent()).toContain('userU+202Egnp.exe');
    await page.context().close();
  });

  test('the colours can be switched', async () => {
    const page = await open('example.html', '', 1280, 'dark');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.getByRole('button', { name: 'Switch to light colours' }).click();
    expect(await background()).not.toBe(dark);
    await page.context().close();
  });

  test('paper gets the summary and every case that needs work, whatever is filtered', async () => {
    const page = await open('example.html', '#/?verdict=PASS');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('#printed article').count()).toBe(exampleRun().results.filter(({ verdict }) => verdict !== 'PASS').length);
    expect(await page.locator('#printed').isVisible()).toBe(true);
    expect(await page.locator('#list').isVisible()).toBe(false);
    await page.context().close();
  });
});
