/** What a reader's browser makes of a page that must be inert: for the tests of each such page. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const isThere = existsSync(executable);
if (!isThere) console.warn(`skipped: no browser at ${executable}; install Debian's chromium, or set CHROMIUM to one`);

const LOOKS = [
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const;

/** Everything wrong with it, wide and light, narrow and dark; nothing where all is well. */
export async function troublesOf(html: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  const troubles: string[] = [];
  try {
    for (const { width, colorScheme } of LOOKS) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const tell = (what: string) => void troubles.push(`${width} px, ${colorScheme}: ${what}`);
      page.on('console', (message) => tell(message.text()));
      page.on('pageerror', (error) => tell(error.message));
      page.on('dialog', (dialog) => tell(`dialog ${dialog.message()}`));
      page.on('request', (request) => {
        if (!request.isNavigationRequest() && !request.url().startsWith('data:')) tell(`asks for ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      await page.evaluate(`document.querySelectorAll('details').forEach((fold) => (fold.open = true))`);
      const across = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (across > width) tell(`${across} px wide`);
      if (await page.evaluate(() => 'hacked' in globalThis)) tell('a script ran');
      const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`);
      for (const { id, nodes } of violations) tell(`axe ${id}: ${nodes.map((node) => node.html).join(' ')}`);
      await page.close();
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  return troubles;
}
