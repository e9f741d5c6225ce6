/** Sizes that CI systems allow, with runs that are as large and as ill-natured as they come. */
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { CaseResult, RunView } from '../record.ts';
import { comment, commentMark } from './comment.ts';
import { exampleRun, manyCases, textOf } from './example-run.ts';
import { joinFitting } from './fitting.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

/** As many verdicts and cases as asked for, every text of them long and of characters that take most room once escaped. */
function hugeRun(verdicts: number, cases: number, verdict: 'PASS' | 'NEEDS_WORK' = 'NEEDS_WORK'): RunView {
  const { record, results } = manyCases(cases);
  const [first] = record.verdicts;
  const long = '@"\u{1F600}'.repeat(400);
  const reviewed = { review: { decision: 'reject' as const, by: long, reason: long, note: long, at: '2026-11-25T12:00:00Z' } };
  return {
    record: {
      ...record,
      verdicts: Array.from({ length: verdicts }, (_, i) => ({
        ...first!,
        suite: `s${i}`,
        candidate: long,
        verdict: 'NEEDS_WORK' as const,
        why: long,
      })),
    },
    results: results.map((one, i): CaseResult => {
      const which = { suite: `s${i % verdicts}`, candidate: long, case: `${i} ${long}`, why: long, elements: [] };
      return { ...one, ...which, verdict, reason: 'below_target', ...(i % 3 === 0 && verdict !== 'PASS' && reviewed) };
    }),
  };
}

test.each([
  ['one verdict', 1, 3_000],
  ['a thousand verdicts', 1_000, 3_000],
])('with %s the summary is at most 900 KB, and the comment fits GitHub', (_, verdicts, cases) => {
  const view = hugeRun(verdicts, cases);
  expect(Buffer.byteLength(markdown.render(view))).toBeLessThanOrEqual(900_000);
  const text = comment.render(view);
  expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  expect(text).toMatch(/^<!-- onpar [0-9a-f]{12} -->\n## onpar: NEEDS_WORK\n/);
});

test('verdicts that fail are shown first where not all are', () => {
  const { record, results } = exampleRun();
  const [pass, , fail] = record.verdicts;
  const verdicts = [...Array.from({ length: 300 }, (_, i) => ({ ...pass!, suite: `fine${i}` })), { ...fail!, suite: 'last' }];
  const text = markdown.render({ record: { ...record, verdicts }, results });
  expect(text).toContain('| last |');
  expect(text).toContain('101 more verdicts in report.html.');
});

test('a comment can be found again: its first line stays, whatever the verdicts', () => {
  const { record } = exampleRun();
  const changed = record.verdicts.map((one) => ({ ...one, verdict: 'PASS' as const, parity: 0.5 }));
  expect(commentMark({ verdicts: changed.reverse() })).toBe(commentMark(record));
  expect(commentMark({ verdicts: record.verdicts.slice(1) })).not.toBe(commentMark(record));
});

interface Suite {
  tests: string;
  testcase: object[];
  'system-out'?: string;
}
const suitesOf = (xml: string) => {
  const isArray = (name: string) => name === 'testsuite' || name === 'testcase';
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray });
  return (parser.parse(xml) as { testsuites: { testsuite: Suite[] } }).testsuites.testsuite;
};

test('JUnit of 12,000 failed cases with long texts stays near 10 MB, and says what it left out', () => {
  const xml = textOf(junit.render(hugeRun(3, 12_000)));
  expect(Buffer.byteLength(xml)).toBeLessThan(10_500_000);
  const suites = suitesOf(xml);
  expect(suites).toHaveLength(3);
  const shown = suites.reduce((sum, { testcase }) => sum + testcase.length - 1, 0);
  expect(shown).toBeGreaterThan(1_000);
  expect(suites.at(-1)?.['system-out']).toMatch(/^\d+ cases more, only in report\.csv: the file would be too long$/);
});

test('JUnit of very many cases names those that fail, and counts the rest', () => {
  const view = hugeRun(1, 10_500, 'PASS');
  const results = [...view.results].map((one, i) => (i % 100 === 0 ? { ...one, verdict: 'NEEDS_WORK' as const } : one));
  const [suite] = suitesOf(textOf(junit.render({ ...view, results })));
  expect(suite?.testcase).toHaveLength(1 + 105);
  expect(suite?.['system-out']).toBe('10395 cases more, only in report.csv: they pass');
});

test('JUnit of 10,000 cases has fewer than 250,000 elements and attributes', () => {
  const { record, results } = manyCases(10_000);
  const [verdict] = record.verdicts;
  const own = results.map((one) => ({ ...one, suite: verdict!.suite, candidate: verdict!.candidate }));
  const xml = textOf(junit.render({ record: { ...record, verdicts: [verdict!] }, results: own }));
  expect(suitesOf(xml)[0]?.testcase).toHaveLength(10_001);
  expect((xml.match(/<[a-z]| [a-z]+="/g) ?? []).length).toBeLessThan(250_000);
});

test('parts are whole or not there', () => {
  expect(joinFitting(['a', '', 'b'], 100)).toBe('a\n\nb\n');
  expect(joinFitting(['a', 'x'.repeat(100), 'b'], 100)).toBe('a\n\nb\n\n1 more section in report.html.\n');
  expect(Buffer.byteLength(joinFitting(Array<string>(50).fill('é'.repeat(30)), 500))).toBeLessThanOrEqual(500);
});
