/** Opens a report in headless Chromium from disk and times what a reader does. Milliseconds, MB, counts. */
import type { Browser, Page } from 'playwright-core';

export interface Visit {
  /** from the start of the navigation until the first row of the list is painted */
  usable: number;
  firstPaint: number;
  /** JavaScript heap after a collection, MB */
  heap: number;
  elements: number;
  requests: number;
}

export interface Visited extends Visit {
  filter: number;
  filterHits: number;
  open: number;
  fullText: number;
  fullTextHits: number;
}

export interface Report {
  file: string;
  /** a selector of a row of its list */
  row: string;
}

/** `inPage` is the path of in-page.mjs. */
async function arrive(browser: Browser, { file, row }: Report, inPage: string): Promise<{ page: Page; visit: Visit }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  let requests = 0;
  await page.route('http*://**', (route) => (requests++, route.abort()));
  await page.addInitScript({ path: inPage });
  await page.addInitScript(`bench.watch(${JSON.stringify(row)})`);
  await page.goto(`file://${file}`, { waitUntil: 'load' });
  await page.waitForFunction('bench.usable');
  await page.waitForTimeout(1_000);
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const heap = (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6;
  const seen: Omit<Visit, 'heap' | 'requests'> = await page.evaluate('bench.seen()');
  return { page, visit: { ...seen, heap, requests } };
}

/** Another tool's report: only what can be told of any page. */
export async function lookAt(browser: Browser, report: Report, inPage: string): Promise<Visit> {
  const { page, visit } = await arrive(browser, report, inPage);
  await page.context().close();
  return visit;
}

/** onpar's report: the list is filtered by a word, a case in the middle is opened, and a word is looked for in all texts. */
export async function use(browser: Browser, report: Report, inPage: string, word: string): Promise<Visited> {
  const { page, visit } = await arrive(browser, report, inPage);
  const timed: Omit<Visited, keyof Visit> = await page.evaluate(`bench.use(${JSON.stringify(word)})`);
  await page.context().close();
  return { ...visit, ...timed };
}
