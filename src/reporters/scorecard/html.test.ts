/** The scorecard's page: hostile names stay text, and a reader meets it well in Chromium, wide and narrow, light and dark. */
import { expect, test } from 'vitest';
import type { KpiRow, Readiness, Scorecard } from '../../record.ts';
import { isThere, troublesOf } from '../test-inert-page.ts';
import { scorecardCsv } from './csv.ts';
import { scorecardHtml } from './html.ts';
import { scorecardMarkdown } from './markdown.ts';
import { scorecardTable } from './terminal.ts';

const HOSTILE = '=1+1<img src=x onerror=alert(1)>"\'`](x)|\u202E\u001B[31m';
const agent: Readiness = {
  order: 1,
  agent: 'summary',
  description: HOSTILE,
  phase: 1,
  critical: true,
  capability: 'general',
  today: HOSTILE,
  candidate: 'a-model-of-a-very-long-name-without-any-place-to-break-it-2026-11-25-instruct-q4',
  fallback: null,
  claimed: { quality: 0.92, speed: 3, source: HOSTILE },
  readiness: 'cannot_tell',
  why: HOSTILE,
  not_measured: ['uptime'],
  waits_for: [HOSTILE],
};
const row: KpiRow = {
  kpi: 'quality',
  agent: 'summary',
  capability: 'general',
  baseline: HOSTILE,
  candidate: 'new',
  role: 'candidate',
  suite: HOSTILE,
  verdict: 'NEEDS_WORK',
  reason: 'inconclusive',
  value: 0.94996,
  lower: 0.94996,
  upper: 0.95004,
  target: 0.95,
  n: 4,
  why: HOSTILE,
  claimed: 0.92,
  sources: [{ label: HOSTILE, path: 'reports/r 1/report.html' }],
};
const none = { ...row, verdict: 'NOT_MEASURED', reason: null, value: null, lower: null, upper: null } as const;
const card: Scorecard = {
  format: 1,
  map: HOSTILE,
  as_of: '2026-11-25T10:00:00Z',
  exit_code: 1,
  summary: [
    { kpi: 'quality', capability: 'general', verdict: 'NEEDS_WORK', pass: 0, needs_work: 1, inconclusive: 1, not_measured: 0 },
    { kpi: 'uptime', capability: null, verdict: 'NOT_MEASURED', pass: 0, needs_work: 0, inconclusive: 0, not_measured: 1 },
    { kpi: 'privacy', capability: null, verdict: 'PASS', pass: 1, needs_work: 0, inconclusive: 0, not_measured: 0 },
  ],
  agents: [agent, { ...agent, order: 2, agent: 'second', readiness: 'ready' }],
  rows: [
    row,
    { ...row, kpi: 'total_time', suite: null, reason: 'below_target', claimed: 3, target: 3 },
    { ...row, kpi: 'privacy', suite: null, verdict: 'PASS', reason: null, value: 1, lower: null, upper: null, target: 1, claimed: null },
    { ...none, kpi: 'uptime', suite: null, claimed: null, sources: [] },
    { ...none, agent: 'second' },
  ],
};
const linkTo = (path: string) => path.split('/').map(encodeURIComponent).join('/');

test('a bound just short of the target does not look like one that reaches it', () => {
  const text = scorecardTable(card, { width: 80, colour: false }).replace(/\n +/g, ' ');
  expect(text).toContain('0.950 (0.949 to 0.951), target 0.95, claimed 0.92');
});

test('no line is wider than the terminal', () => {
  for (const line of scorecardTable(card, { width: 80, colour: false }).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('hostile names are text in every form', () => {
  const html = scorecardHtml(card, linkTo);
  expect(html).not.toContain('<img');
  expect(html).toContain('href="reports/r%201/report.html"');
  const markdown = scorecardMarkdown(card, linkTo);
  expect(markdown).not.toContain('<img');
  expect(markdown.split('\n').filter((line) => line.startsWith('| summary'))).toHaveLength(4);
  expect(scorecardCsv(card, linkTo)).toContain(`"'=1+1`);
  // eslint-disable-next-line no-control-regex -- an escape is what is being looked for
  expect(scorecardTable(card, { width: 80, colour: false })).not.toMatch(/[\u001B\u202E]/);
});

test.skipIf(!isThere)('in a browser: no violation, nothing beside the page, no request', { timeout: 120_000 }, async () => {
  expect(await troublesOf(scorecardHtml(card, linkTo))).toEqual([]);
});
