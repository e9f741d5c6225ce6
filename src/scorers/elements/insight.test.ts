import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureSummHay, SHIPPED } from '../../../benchmarks/validity/summhay.ts';
import { insight } from './insight.ts';

const insights = ['Retrieval halves the cost of long contexts.', 'Users prefer short summaries.', 'Retrieval is cheap.'];
const check = (part: string, point = insights[0] ?? '') => insight.check({ insight: point }, part, { insights });

describe('an insight is scored by how much of its point stands in one place', () => {
  test('from nothing over half to all of it', () => {
    expect(check('').value).toBe(0);
    expect(check('Users prefer short summaries.').value).toBe(0);
    expect(check('Retrieval is fine.').value).toBeLessThan(0.25);
    const half = check('The cost of contexts matters.').value;
    expect(half).toBeGreaterThan(0.5);
    expect(half).toBeLessThan(0.7);
    expect(check('They found that retrieval halves the costs of long contexts.').value).toBe(1);
  });

  test('a point is fully made before every word of it is there', () => {
    expect(check('Retrieval halves the cost of contexts.').value).toBe(1);
  });

  test('what is common among the insights of a suite weighs less', () => {
    expect(check('retrieval').value).toBeLessThan(check('contexts').value);
  });

  test('two adjacent sentences make a point together; two lines do not, nor sentences apart', () => {
    const [first, second] = ['**Retrieval halves costs.**', 'This is so for long contexts.'];
    const whole = check(`${first} ${second}`).value;
    expect(whole).toBe(1);
    expect(check(`${first}\n${second}`).value).toBeLessThan(whole);
    expect(check(`${first} Nothing else is new. ${second}`).value).toBeLessThan(whole);
  });

  test('spans show the shortest place that makes it', () => {
    const shown = (part: string) => check(part).spans.map(([start, end]) => part.slice(start, end).trim());
    expect(shown('First. Retrieval halves the cost of long contexts. Last.')).toEqual(['Retrieval halves the cost of long contexts.']);
    expect(shown('Intro.\nCosts of 1.5 dollars are halved. Long contexts gain.')).toEqual([
      'Costs of 1.5 dollars are halved. Long contexts gain.',
    ]);
  });

  test('a negation goes unseen, which is why docs/scoring.md says so', () => {
    expect(check('Retrieval never halves the cost of long contexts.').value).toBe(1);
  });
});

describe('on the summaries of SummHay, which people labelled', () => {
  test('it agrees with people as well as GPT-4o does as a judge', async () => {
    const { summaries, insights: labelled, agreements } = await measureSummHay();
    expect([summaries, labelled]).toEqual([100, 713]);
    const [ours] = agreements;
    const judge = agreements.find(({ by }) => by === 'prompted_gpt-4o');
    expect(ours?.auc).toBeGreaterThanOrEqual(Math.max(0.87, judge?.auc ?? 1));
    expect(ours?.r).toBeGreaterThanOrEqual(Math.max(0.69, judge?.r ?? 1));
    expect(ours?.mean_difference).toBeLessThanOrEqual(0.1);
  });

  test('and does not where the labels are those of another summary', async () => {
    const rows = readFileSync(SHIPPED, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { bullets: string[] });
    const file = join(mkdtempSync(join(tmpdir(), 'onpar-summhay-')), 'swapped.jsonl');
    writeFileSync(file, rows.map((row, i) => JSON.stringify({ ...row, bullets: rows[(i + 50) % rows.length]?.bullets })).join('\n'));
    const [ours] = (await measureSummHay(file)).agreements;
    expect(ours?.auc).toBeLessThan(0.65);
    expect(ours?.r).toBeLessThan(0.3);
  });
});
