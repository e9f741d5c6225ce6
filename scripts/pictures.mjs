/** Takes the pictures of the docs from a report: node scripts/pictures.mjs REPORT.html [SUITE/CANDIDATE/CASE] (Debian's chromium, or CHROMIUM). */
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const report = resolve(process.argv[2] ?? 'reports/latest/report.html');
const shown = process.argv[3];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
const take = async (hash, name) => {
  await page.goto(`file://${report}${hash}`);
  await page.waitForSelector('html[data-ready]');
  await page.screenshot({ path: `docs/pictures/${name}.png` });
};
await take('', 'report');
// the first case that needs work, or the one that was asked for
const first = await page.locator('#rows a').first().getAttribute('href');
await page.setViewportSize({ width: 1280, height: 1000 });
await take(shown === undefined ? (first ?? '') : `#/case/${shown}`, 'case');
await browser.close();
