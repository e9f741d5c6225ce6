/** The list and the cases of report.html as a reader meets them: in headless Chromium, from disk. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleRun, manyCases } from '../../example-run.ts';
import { exampleView } from '../example-view.ts';
import { goTo, isThere, shown, startChromium } from './chromium.ts';

const CASE = '#/case/advice/llama-3.1-8b/near-social';

describe.skipIf(!isThere)('report.html in Chromium', () => {
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => (chromium = await startChromium({ example: exampleView(), many: manyCases(1_000) })));
  afterAll(() => chromium.close());
  const open = (hash = '', scheme: 'light' | 'dark' = 'light') => chromium.open('example', { hash, scheme });
  const names = (page: Page) => page.locator('#rows a').allTextContents();

  test('the worst case is first, and filters, search and order choose the rows and stand in the address', async () => {
    const page = await open();
    expect((await names(page))[0]).toBe('backup');
    await page.getByLabel('Search', { exact: true }).fill('TICKET json');
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
    const page = await open();
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
    expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('jk');
    await page.context().close();
  });

  test('a case shows both answers, what was found and missed, scores, states and how to run it again', async () => {
    const page = await open(CASE);
    const texts = (selector: string) => page.locator(selector).allTextContents();
    const result = exampleRun().results.find((one) => one.case === 'near-social' && one.candidate === 'llama-3.1-8b');
    expect(await texts('.answer.baseline > .text')).toEqual([result?.answers.baseline[0]?.answer]);
    expect(await texts('.answer.candidate > .text')).toEqual([result?.answers.candidate[0]?.answer]);
    expect(await texts('.answer.baseline > .text mark')).toEqual(['Scalability', 'storage', 'UX', 'Tokenomics']);
    expect(await texts('.answer.candidate .missing li')).toEqual(['UX | user experience', 'tokenomics', 'storage']);
    expect(await texts('.reproduce code')).toEqual(['npm run eval -- --suite advice -t near-social']);
    expect(await texts('.answer.baseline > details > summary')).toEqual(['Request and response as recorded', 'Sample 2']);
    await goTo(page, '#/case/tickets/llama-3.1-8b/backup');
    expect(await texts('.answer.candidate .state')).toEqual([
      'unreachable: did not answer at the configured address (connection refused, 3 tries)',
    ]);
    await goTo(page, '#/case/x/y/z');
    expect(await texts('#case .notice')).toEqual(['This report holds no such case.']);
    await page.context().close();
  });

  test('only rows in sight are in the document, and keys and scrolling reach all of them', async () => {
    const page = await chromium.open('many', { hash: '#/?sort=order' });
    const all = manyCases(1_000).results.map((result) => result.case);
    const rows = page.locator('#rows [data-place]');
    expect(await page.locator('#list table').getAttribute('aria-rowcount')).toBe('1001');
    expect(await rows.count()).toBeLessThan(60);
    for (let press = 0; press < 40; press++) await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(all[39]);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole('link', { name: all[999] ?? '', exact: true }).waitFor();
    expect(await rows.last().getAttribute('aria-rowindex')).toBe('1001');
    expect(await rows.count()).toBeLessThan(60);
    await page.keyboard.press('k');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(all[38]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#case:not([hidden]) h1');
    await page.keyboard.press('Escape');
    await page.waitForFunction((name) => document.activeElement?.textContent === name, all[38]);
    await page.context().close();
  });

  test('words of whole answers are found when asked for, and the search is in the address', async () => {
    const page = await open();
    await page.getByLabel('Search', { exact: true }).fill('sharding carries');
    expect(await names(page)).toEqual([]);
    await page.getByLabel('in whole prompts and answers').check();
    await page.getByText('Searched everything').waitFor();
    const found = exampleRun().results.filter((result) => JSON.stringify(result).toLowerCase().includes('sharding'));
    expect(await page.locator('#shown').textContent()).toBe(`${found.length} of 64`);
    expect(await page.evaluate(() => location.hash)).toBe('#/?q=sharding%20carries&in=text');
    await page.context().close();
  });

  test('filters by change, score and capability choose the rows', async () => {
    const page = await open('#/?change=broken&max=0.5');
    const expected = exampleView().results.filter(
      ({ transition, quality_score }) => transition === 'broken' && quality_score.candidate !== null && quality_score.candidate <= 0.5,
    );
    expect(expected.length).toBeGreaterThan(0);
    expect((await names(page)).sort()).toEqual(expected.map((result) => result.case).sort());
    expect(await page.getByLabel('Since last run').inputValue()).toBe('broken');
    await page.context().close();
  });

  test('what a record may hold beside verdicts is on the cards, and nothing unknown is a number', async () => {
    const page = await open('#/verdict/1');
    const card = page.locator('.card').first();
    const text = (await card.innerText()).replace(/\s+/g, ' ');
    for (const part of [
      '1 case in quarantine, not counted',
      'Since run 20261104',
      '3 broken, 2 fixed, 1 new',
      'it may be luck (p 0.080 after Holm)',
    ])
      expect(text).toContain(part);
    expect(text).toContain('Approved by Ana, 2026-11-20: read every case');
    await card.locator('summary').click();
    const kpis = await card
      .locator('.kpis tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].slice(0, 4).map((cell) => cell.textContent)));
    expect(kpis).toEqual([
      ['first token', '420 msp95 798 ms', '250 msp95 475 ms', '0.60 ×'],
      ['whole answer', '2.52 sno p95: only 12; 12 of 40 tell', '1.50 sno p95: only 12; 12 of 40 tell', '0.60 ×'],
      ['tokens a second', 'unknowntold by none of 40', 'unknowntold by none of 40', '–'],
      ['output tokens', '180p95 342', '180p95 342', '1.00 ×'],
      ['cost in all', 'unknownnot every cost is known', '$0.042140 answers', '–'],
    ]);
    expect(await card.locator('.trend').getAttribute('aria-label')).toContain('Parity over 5 runs');
    await page.context().close();
  });

  test('the colours can be switched', async () => {
    const page = await open('', 'dark');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.getByRole('button', { name: 'Switch to light colours' }).click();
    expect(await background()).not.toBe(dark);
    await page.context().close();
  });

  test('paper gets the summary and every case that needs work, whatever is filtered', async () => {
    const page = await open('#/?verdict=PASS');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('#printed article').count()).toBe(exampleRun().results.filter(({ verdict }) => verdict !== 'PASS').length);
    expect(await page.locator('#printed').isVisible()).toBe(true);
    expect(await page.locator('#list').isVisible()).toBe(false);
    await page.context().close();
  });
});
