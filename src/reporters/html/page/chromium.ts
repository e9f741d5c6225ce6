/** Chromium as the tests of report.html use it: pages from disk, and everything that goes wrong in them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium, type Page } from 'playwright-core';
import type { RunView } from '../../../record.ts';
import { textOf } from '../../example-run.ts';
import { html } from '../../html.ts';

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const isThere = existsSync(executable);
if (!isThere) console.warn(`skipped: no browser at ${executable}; install Debian's chromium, or set CHROMIUM to one`);

const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export interface Look {
  hash?: string;
  width?: number;
  scheme?: 'light' | 'dark';
}

export async function startChromium(runs: Record<string, RunView>) {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-report-'));
  for (const [name, view] of Object.entries(runs)) writeFileSync(join(folder, `${name}.html`), textOf(html.render(view)));
  const browser = await chromium.launch({ executablePath: executable, args: FLAGS.split(' ') });
  /** console errors, page errors, dialogs, and requests beside the file itself */
  const troubles: string[] = [];

  async function open(name: string, { hash = '', width = 1280, scheme = 'light' }: Look = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
    const page = await context.newPage();
    page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && troubles.push(`console: ${message.text()}`)));
    page.on('pageerror', (error) => void troubles.push(`page: ${error.message}`));
    page.on('dialog', (dialog) => void troubles.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      const isOwn = request.isNavigationRequest() || request.url().startsWith('data:') || request.url().startsWith('blob:');
      if (!isOwn) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(`file://${join(folder, `${name}.html`)}${hash}`);
    await page.waitForSelector('html[data-ready]');
    return page;
  }

  const close = async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  };
  return { open, troubles, close, folder };
}

/** Waits until an address is shown, whoever changed it. */
export const shown = (page: Page, hash: string) => page.waitForFunction((to) => document.documentElement.dataset['ready'] === to, hash);

export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await shown(page, hash);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong: its rules with the elements that break them. */
export async function axeFindings(page: Page): Promise<[string, string[]][]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run());
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html: markup }) => markup)]);
}
