import { expect, test } from 'vitest';
import { exampleRun, hostileTexts, manyCases, withResult } from './example-run.ts';
import { markdown } from './markdown.ts';

const failing = (hostile: string) =>
  withResult((result) => ({ ...result, case: hostile, why: hostile, elements: [], verdict: 'NEEDS_WORK', reason: 'below_target' }));

test('every case that needs work is a row, and no other', () => {
  const view = exampleRun();
  const cells = markdown
    .render(view)
    .split('\n')
    .map((line) => line.split(' | '));
  const names = cells
    .filter((row) => row.length === 5 && !['case', '---'].includes(row[0]?.slice(2) ?? ''))
    .map(([name]) => name?.slice(2));
  expect(names).toEqual(view.results.filter(({ verdict }) => verdict === 'NEEDS_WORK').map((result) => result.case));
});

test.each(Object.entries(hostileTexts))('a case with %s stays one row of text', (_, hostile) => {
  const safe = markdown.render(failing('plain')).split('\n').length;
  const text = markdown.render(failing(hostile));
  expect(text.split('\n')).toHaveLength(safe);
  expect(text.replaceAll(/<\/?(?:details|summary|sub)>/g, '')).not.toMatch(/<[a-z/!]/i);
  expect(text).not.toMatch(/\]\(|@[a-z]/);
});

test('10,000 cases stay far below the limit of a step summary', () => {
  const many = manyCases(10_000);
  const view = { ...many, results: many.results.map((result) => ({ ...result, verdict: 'NEEDS_WORK' as const, why: '&'.repeat(5_000) })) };
  expect(Buffer.byteLength(markdown.render(view))).toBeLessThan(900_000);
});
