/** Takes the pictures of the docs from a report: node scripts/pictures.mjs reports/latest/report.html (Debian's chromium, or CHROMIUM). */
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const report = resolve(process.argv[2] ?? 'reports/latest/report.html');
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
await page.goto(`file://${report}`);
await page.waitForTimeout(500);
await page.screenshot({ path: 'docs/pictures/report.png' });
await browser.close();
