/** A drill in its forms: what fell short is seen, hostile names stay text, and a reader meets the page well. */
import { expect, test } from 'vitest';
import type { DrillPhase, DrillSummary } from '../../record.ts';
import { hostileTexts } from '../example-run.ts';
import { isThere, troublesOf } from '../test-inert-page.ts';
import { drillHtml } from './html.ts';
import { drillMarkdown, drillTable } from './text.ts';

const phase = (changes: Partial<DrillPhase> = {}): DrillPhase => ({
  name: 'refused',
  fault: 'refused',
  skipped: null,
  requests: 4,
  completed: 4,
  by_candidate: 1,
  by_fallback: 3,
  reasons: { unreachable: 1, circuit_open: 2 },
  detected_ms: 12,
  recovered_ms: 1400,
  p50_ms: 900,
  p95_ms: null,
  coverage: null,
  parity: null,
  expected: { completed: 1, by_candidate: null, by_fallback: 0.5, recovers_within_s: 20 },
  failed: [],
  ...changes,
});
const drill = (changes: Partial<DrillSummary> = {}): DrillSummary => ({
  format: 1,
  drill: 'standard',
  model: 'qwen-or-gpt',
  candidate: 'qwen',
  fallback: 'gpt',
  suite: null,
  onpar: '0.1.0',
  started_at: '2026-11-25T10:00:00.000Z',
  deadline_s: 60,
  requests: 4,
  completed: 4,
  by_candidate: 1,
  by_fallback: 3,
  p50_ms: 900,
  p95_ms: null,
  slowest_ms: 2000,
  duplicates: { asked_twice: 1, answered_twice: 0 },
  phases: [phase()],
  local_only: { requests: 3, answered: 1, bytes_to_fallback: 0, connections_to_fallback: 0, other_hosts: [], held: true },
  failed: [],
  ...changes,
});
const bad = drill({
  completed: 2,
  by_fallback: 1,
  phases: [
    phase({ completed: 2, by_fallback: 1, coverage: 0.5, parity: 0.5, p95_ms: 3000, failed: ['2 of 4 requests completed'] }),
    phase({ name: 'killed', skipped: 'commands are run with --commands only' }),
  ],
  local_only: {
    requests: 3,
    answered: 1,
    bytes_to_fallback: 420,
    connections_to_fallback: 1,
    other_hosts: ['api.openai.com:443'],
    held: false,
  },
  failed: ['refused: 2 of 4 requests completed', 'local_only: something left for another host'],
});
const [anyHostile = ''] = Object.values(hostileTexts);
const hostile = Object.values(hostileTexts).map((text) =>
  drill({
    drill: text,
    model: text,
    candidate: text,
    fallback: text,
    suite: text,
    failed: [text],
    phases: [phase({ name: text, reasons: { [text]: 1 } })],
  }),
);

test.each([
  [drill(), 'All 4 requests were answered'],
  [drill({ completed: 3 }), '3 of 4 requests answered, as expected'],
  [bad, '2 expectations did not hold'],
  [drill({ requests: 0, completed: 0, phases: [] }), 'No request was sent'],
])('%# has its headline', (one, headline) => {
  expect(drillHtml(one)).toContain(`<h1>${headline}</h1>`);
  expect(drillMarkdown(one)).toContain(`: ${headline}\n`);
});

test('what fell short, and what was not run, is said in every form', () => {
  for (const text of [drillHtml(bad), drillMarkdown(bad), drillTable(bad, { width: 80, colour: false }).replace(/\n +/g, ' ')])
    for (const part of [
      'refused: 2 of 4 requests completed',
      'something left for another host',
      '420 bytes',
      'api.openai.com:443',
      'not run: killed',
    ])
      expect(text.replaceAll('\\', '')).toContain(part);
});

test('a bar has the shares of who answered', () => {
  const page = drillHtml(bad);
  expect(page).toContain('<rect class="candidate" width="25.00%"');
  expect(page).toContain('<rect class="fallback" x="25.00%" width="25.00%"');
  expect(page).toContain('<rect class="none" x="50.00%" width="50.00%"');
});

test.each([drill(), bad, ...hostile])('%# no line is wider than the terminal, and no escape is left in it', (one) => {
  const text = drillTable(one, { width: 80, colour: false });
  for (const line of text.split('\n')) expect([...line.replace(/\p{M}/gu, '')].length).toBeLessThanOrEqual(80);
  // eslint-disable-next-line no-control-regex -- an escape is what is being looked for
  expect(text).not.toMatch(/[\u001B\u202E]/);
});

test.each(hostile)('%# a hostile name is one cell of Markdown, and no markup', (one) => {
  const lines = drillMarkdown(one).split('\n');
  expect(lines.filter((line) => line.startsWith('|'))).toHaveLength(3);
  expect(drillHtml(one)).not.toMatch(/<(?:script|img|iframe)|javascript:\w+"/);
});

test.skipIf(!isThere).each([
  { name: 'all held', page: drillHtml(drill()) },
  { name: 'not held', page: drillHtml(bad) },
  { name: 'hostile', page: drillHtml({ ...drill({ drill: anyHostile }), phases: hostile.flatMap(({ phases }) => phases) }) },
])('in a browser, $name: no violation, nothing beside the page, no request', { timeout: 120_000 }, async ({ page }) => {
  expect(await troublesOf(page)).toEqual([]);
});
