/** The shipped suite `summary` against the labels that people gave the same summaries. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from './record.ts';

const root = new URL('..', import.meta.url).pathname;
const lines = <T>(file: string) =>
  readFileSync(join(root, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Mean label over the cases, 0..1: a recorded answer is the bullets of one labelled summary. */
function peopleSay(family: string): number {
  const labels = new Map(
    lines<{ bullets: string[]; insights: { human: number }[] }>('fixtures/data/summhay.jsonl').map(({ bullets, insights }) => [
      bullets.join('\n'),
      mean(insights.map(({ human }) => human)),
    ]),
  );
  return mean(lines<{ answer: string }>(`fixtures/recordings/${family}/summary.jsonl`).map(({ answer }) => labels.get(answer) ?? NaN));
}

test('suite summary replays offline, and people’s parity lies within its bounds, in the same order', () => {
  const out = mkdtempSync(join(tmpdir(), 'onpar-summary-'));
  const args = ['dist/bin.js', 'eval', '--suite', 'summary', '--offline', '--out', out];
  spawnSync(process.execPath, args, { cwd: root, env: { ...process.env, ONPAR_CACHE: out, OPENAI_API_KEY: '' }, timeout: 100_000 });
  const record = JSON.parse(readFileSync(join(out, 'latest/run.json'), 'utf8')) as RunRecord;
  expect(record.hosts_contacted).toEqual([]);
  expect(record.embedding?.texts ?? 0).toBe(0);
  const rows = record.verdicts.map(({ candidate, parity, lower, upper, counts }) => {
    const people = peopleSay(candidate) / peopleSay('gpt-4-family');
    return { candidate, people, parity: parity ?? NaN, lower: lower ?? NaN, upper: upper ?? NaN, incomplete: counts.incomplete };
  });
  expect(rows.map(({ candidate }) => candidate)).toEqual(['gemini-1.5-family', 'claude-3-family']);
  for (const { people, lower, upper, incomplete } of rows) {
    expect(incomplete).toBe(0);
    expect(people).toBeGreaterThan(lower);
    expect(people).toBeLessThan(upper);
  }
  const [gemini, claude] = rows;
  expect((claude?.people ?? 0) > (gemini?.people ?? 0)).toBe((claude?.parity ?? 0) > (gemini?.parity ?? 0));
});
