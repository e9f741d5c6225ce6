import { expect, test } from 'vitest';
import type { CaseResult, RunView } from '../record.ts';
import { githubAnnotations, withoutCommands } from './annotations.ts';
import { exampleRun, manyCases } from './example-run.ts';

const linesOf = (change: (view: ReturnType<typeof exampleRun>) => RunView) => githubAnnotations(change(exampleRun()));

test('verdicts that are not PASS come first, then their cases by what they lost; ten in all', () => {
  const { record } = exampleRun();
  const failed = record.verdicts.filter(({ verdict }) => verdict !== 'PASS');
  const lines = githubAnnotations(exampleRun());
  expect(lines).toHaveLength(10);
  expect(failed.map(({ suite, candidate }, i) => lines[i]?.includes(`title=${suite}%3A ${candidate} NEEDS_WORK`))).toEqual(
    failed.map(() => true),
  );
  const cases = lines.slice(failed.length);
  expect(cases.every((line) => line.startsWith('::error file=suites/'))).toBe(true);
  const losses = cases.map((line) => /score ([\d.]+) against ([\d.]+)/.exec(line)).flatMap((m) => (m ? [Number(m[2]) - Number(m[1])] : []));
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
});

test('a case that passed before comes before all others, and is a warning where its suite passes', () => {
  const { record } = exampleRun();
  const [passing] = record.verdicts.filter(({ verdict }) => verdict === 'PASS');
  const broken = (one: CaseResult): CaseResult =>
    one.suite === passing?.suite && one.candidate === passing.candidate
      ? { ...one, case: 'once fine', verdict: 'NEEDS_WORK', transition: 'broken' }
      : one;
  const lines = linesOf((view) => ({ ...view, results: view.results.map(broken) }));
  const first = lines.find((line) => line.includes(' in "'));
  expect(first).toMatch(/^::warning file=.*in "once fine"%2C passed before::/);
});

test('what passes, and what is in quarantine, is not marked', () => {
  const held = (one: CaseResult): CaseResult => ({ ...one, quarantine: { until: '2026-12-31', why: 'x' }, transition: 'broken' });
  const lines = linesOf((view) => ({ ...view, results: view.results.map(held) }));
  expect(lines.filter((line) => line.includes(' in "'))).toEqual([]);
  const pass = linesOf(({ record, results }) => ({
    record: { ...record, verdicts: record.verdicts.map((one) => ({ ...one, verdict: 'PASS' as const })) },
    results: results.map((one) => ({ ...one, verdict: 'NEEDS_WORK' as const })),
  }));
  expect(pass).toEqual([]);
});

test('of very many cases ten are marked, the worst', () => {
  const { record, results } = manyCases(5_000);
  const scored = results.map((one, i) => ({
    ...one,
    verdict: 'NEEDS_WORK' as const,
    quality_score: { baseline: 1, candidate: 1 - (i % 977) / 977 },
  }));
  const lines = githubAnnotations({ record, results: scored }, (file) => `sub/${file}`);
  expect(lines).toHaveLength(10);
  expect(lines.every((line) => line.includes('file=sub/'))).toBe(true);
});

test('text that is no command stays as it is', () => {
  for (const text of ['a :: b', 'std::vector', 'x ##] y', '# h\n## [x]']) expect(withoutCommands(text)).toBe(text);
});
