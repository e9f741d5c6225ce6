/** A reviewer's work in report.html: decisions with reasons, kept in the browser, handed on as a file and taken over again. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleView } from '../example-view.ts';
import { goTo, isThere, startChromium } from './chromium.ts';
import type { Review } from './review-file.ts';

const CASE = '#/case/advice/llama-3.1-8b/near-social';

describe.skipIf(!isThere)('the review in report.html', () => {
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => (chromium = await startChromium({ example: exampleView() })));
  afterAll(() => chromium.close());

  async function decide(page: Page, decision: string, reason: string, name = 'Ana'): Promise<string> {
    const box = page.locator('.review-box');
    await box.getByLabel(decision).check();
    await box.getByLabel('Reason').fill(reason);
    await box.getByLabel('Your name').fill(name);
    await box.getByRole('button', { name: 'Save' }).click();
    return (await box.locator('.message-line').textContent()) ?? '';
  }

  async function exported(page: Page): Promise<string> {
    await goTo(page, '#/review');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
    expect(download.suggestedFilename()).toBe('review.json');
    return readFileSync(await download.path(), 'utf8');
  }

  test('a decision needs a reason and a name, and survives leaving the page', async () => {
    const page = await chromium.open('example', { hash: CASE });
    expect(await decide(page, 'Accept', ' ')).toContain('Give a reason');
    expect(await decide(page, 'Accept', 'says the same', '')).toContain('needs a name');
    expect(await decide(page, 'Accept', 'says the same')).toContain('Saved');
    await page.reload();
    await page.waitForSelector('.review-box');
    expect(await page.locator('.review-box').getByLabel('Reason').inputValue()).toBe('says the same');
    expect(await page.locator('#to-review').textContent()).toBe('Review (1)');
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(await page.locator('#to-review').textContent()).toBe('Review');
    expect(await page.locator('.review-box').getByLabel('Reason').inputValue()).toBe('');
    await page.context().close();
  });

  test('what is exported is sorted, whole and stable, and gives the same file in another browser', async () => {
    const page = await chromium.open('example', { hash: CASE });
    await decide(page, 'Reject', 'invents a token');
    await goTo(page, '#/case/arithmetic/qwen2.5-72b/algebra-01');
    await decide(page, 'Note only', '');
    expect(await page.locator('.review-box .message-line').textContent()).toContain('Choose a decision or write a note');
    await page.locator('.review-box').getByLabel('Note', { exact: true }).fill('</script> “quoted” \u202E');
    await page.getByRole('button', { name: 'Save' }).click();
    await goTo(page, '#/review');
    const form = page.locator('.sign-off').first();
    await form.getByLabel('Approve').check();
    await form.getByRole('button', { name: 'Save' }).click();
    expect(await form.locator('.message-line').textContent()).toContain('Give a reason');
    await form.getByLabel('Reason').fill('good enough');
    await form.getByRole('button', { name: 'Save' }).click();

    const text = await exported(page);
    const review = JSON.parse(text) as Review;
    const { record, results } = exampleView();
    const answer = results.find((one) => one.case === 'near-social' && one.candidate === 'llama-3.1-8b')?.answers.candidate[0]?.answer;
    expect(review).toMatchObject({ format: 1, run: record.run, reviewer: 'Ana' });
    expect(review.cases.map(({ suite, case: name, decision }) => [suite, name, decision])).toEqual([
      ['advice', 'near-social', 'reject'],
      ['arithmetic', 'algebra-01', null],
    ]);
    expect(review.cases[0]).toMatchObject({
      reason: 'invents a token',
      by: 'Ana',
      answer: createHash('sha256')
        .update(answer ?? '')
        .digest('hex'),
    });
    expect(review.cases[1]?.note).toBe('</script> “quoted” \u202E');
    expect(review.sign_offs).toMatchObject([
      { suite: 'arithmetic', candidate: 'qwen2.5-72b', decision: 'approve', reason: 'good enough', by: 'Ana' },
    ]);
    expect(await exported(page)).toBe(text);
    await page.context().close();

    const file = join(chromium.folder, 'review.json');
    writeFileSync(file, text);
    const other = await chromium.open('example', { hash: '#/review' });
    await other.locator('#review input[type=file]').setInputFiles(file);
    await other.getByText('Taken over: 2').waitFor();
    expect(await exported(other)).toBe(text);
    await goTo(other, '#/?review=any');
    expect(await other.locator('#rows a').allTextContents()).toEqual(expect.arrayContaining(['near-social', 'algebra-01']));
    expect(await other.locator('[data-sign-off]').first().textContent()).toContain('Approved by Ana: good enough');
    await other.context().close();
    expect(chromium.troubles).toEqual([]);
  });

  test.each([
    ['not JSON', 'x', 'not JSON'],
    ['another format', '{"format":2}', 'no review of format 1'],
    ['another run', '{"format":1,"run":"other","reviewer":"","cases":[],"sign_offs":[]}', 'another run, other'],
    ['a broken entry', '{"format":1,"run":"x","reviewer":"","cases":[{"suite":1}],"sign_offs":[]}', 'not as it should be'],
  ])('%s is refused', async (_, text, why) => {
    const page = await chromium.open('example', { hash: '#/review' });
    await page
      .locator('#review input[type=file]')
      .setInputFiles({ name: 'review.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await page.getByText(why).waitFor();
    await page.context().close();
  });
});
