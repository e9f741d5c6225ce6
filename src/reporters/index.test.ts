import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunView } from '../record.ts';
import { exampleFile, exampleRun, hostileTexts, withResult, textOf } from './example-run.ts';
import { reporterFor, reporters } from './index.ts';

const table = Object.entries(reporters);

test.each(table)('%s renders the same run to the same bytes and changes nothing in it', (_, reporter) => {
  const view = exampleRun();
  const before = JSON.stringify(view);
  const first = textOf(reporter.render(view));
  expect(textOf(reporter.render(exampleRun()))).toBe(first);
  expect(JSON.stringify(view)).toBe(before);
});

test.each(table)('%s renders a run in which nothing was compared', (_, reporter) => {
  const { record } = exampleRun();
  const empty: RunView = {
    record: { ...record, verdicts: [], suites: [], score_identity: { ...record.score_identity, encoder: null } },
    results: [],
  };
  expect(typeof textOf(reporter.render(empty))).toBe('string');
});

test.each(table)('%s renders every hostile text', (_, reporter) => {
  for (const hostile of Object.values(hostileTexts)) {
    const view = withResult((result) => ({
      ...result,
      suite: hostile,
      case: hostile,
      why: hostile,
      tags: [hostile],
      messages: [{ role: 'user', content: hostile }],
    }));
    expect(textOf(reporter.render(view)).length).toBeGreaterThan(0);
  }
});

test.each(table)('%s is chosen by the ending of its own file', (_, reporter) => {
  expect(reporterFor(`some/where/${reporter.file}`)).toBe(reporter);
  for (const extension of reporter.extensions) expect(reporterFor(`X${extension.toUpperCase()}`)).toBe(reporter);
});

test('an ending that no reporter has chooses none', () => {
  expect(reporterFor('report.pdf')).toBeNull();
});

test.each(['csv', 'junit', 'markdown'] as const)('%s of the example run is as it was', async (name) => {
  await expect(textOf(reporters[name].render(exampleRun()))).toMatchFileSnapshot(exampleFile(reporters[name].file));
});

test('json and jsonl give back the run that was read', () => {
  const view = exampleRun();
  expect(JSON.parse(reporters.json.render(view))).toEqual(view.record);
  expect(textOf(reporters.jsonl.render(view))).toBe(readFileSync(exampleFile('results.jsonl'), 'utf8'));
});
