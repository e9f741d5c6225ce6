import { expect, test } from 'vitest';
import type { RunView, Verdict } from '../record.ts';
import { exampleFile, exampleRun, hostileTexts } from './example-run.ts';
import { terminalTable } from './terminal.ts';

const plain = { width: 80, colour: false };
const withVerdict = (change: Partial<Verdict>): RunView => {
  const { record, results } = exampleRun();
  return { record: { ...record, verdicts: record.verdicts.map((verdict) => ({ ...verdict, ...change })) }, results };
};

test('the table of the example run is as it was', async () => {
  await expect(terminalTable(exampleRun(), plain)).toMatchFileSnapshot(exampleFile('terminal.txt'));
});

test.each([60, 72, 80, 100, 240])('no line is wider than a terminal of %i columns that has room for the numbers', (width) => {
  const lines = terminalTable(withVerdict({ suite: 's'.repeat(200), baseline: 'b'.repeat(90), candidate: '長い'.repeat(40) }), {
    width,
    colour: false,
  }).split('\n');
  const cells = (line: string) => [...line].reduce((sum, character) => sum + (/[長い]/.test(character) ? 2 : 1), 0);
  expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(Math.max(72, Math.min(width, 100)));
});

test.each(Object.entries(hostileTexts))('names with %s cannot steer the terminal', (_, hostile) => {
  const text = terminalTable(withVerdict({ suite: hostile, baseline: hostile, candidate: hostile, why: hostile }), plain);
  // eslint-disable-next-line no-control-regex -- what steers a terminal
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
});

test('without colour there is no escape sequence, with it the verdict is coloured', () => {
  expect(terminalTable(exampleRun(), plain)).not.toContain('\u001B');
  expect(terminalTable(exampleRun(), { width: 80, colour: true })).toContain('\u001B[1;32m✓ PASS');
});

test('a number that could not be had is a dash', () => {
  const text = terminalTable(withVerdict({ parity: null, lower: null, upper: null }), plain);
  expect(text).toContain('–');
  expect(text).not.toMatch(/null|NaN|undefined/);
});
