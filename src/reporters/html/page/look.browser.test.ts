/** Every state of report.html at two widths, in light and dark: nothing overflows, nothing is asked for, axe finds nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleView } from '../example-view.ts';
import { axeFindings, isThere, startChromium } from './chromium.ts';

const CASE = '#/case/advice/llama-3.1-8b/near-social';
const STATES: Record<string, string> = {
  list: '',
  'filtered list': '#/?q=a&in=text&verdict=NEEDS_WORK&min=0.1',
  case: CASE,
  'case as Markdown': `${CASE}?view=markdown`,
  differences: `${CASE}?view=diff`,
  'reviewed case': '#/case/arithmetic/qwen2.5-72b/algebra-02',
  review: '#/review',
  help: '#/verdict/1',
};

describe.skipIf(!isThere)('report.html', () => {
  let chromium: Awaited<ReturnType<typeof startChromium>>;
  beforeAll(async () => (chromium = await startChromium({ example: exampleView() })));
  afterAll(() => chromium.close());

  const looks = [1280, 390].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((scheme) => Object.entries(STATES).map(([state, hash]) => ({ width, scheme, state, hash }))),
  );
  test.each(looks)('$state at $width px, $scheme', async ({ width, scheme, state, hash }) => {
    const page = await chromium.open('example', { hash, width, scheme });
    for (const fold of await page.locator('details').all()) await fold.evaluate((details: HTMLDetailsElement) => (details.open = true));
    if (state === 'help') await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(state === 'help');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await axeFindings(page)).toEqual([]);
    expect(chromium.troubles).toEqual([]);
    await page.context().close();
  });
});
