/** One corpus of texts that break reports, in every place where a text can stand, through every report that is text. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { CaseResult, RunView } from '../record.ts';
import { githubAnnotations, withoutCommands } from './annotations.ts';
import { comment } from './comment.ts';
import { exampleRun, hostileTexts, textOf } from './example-run.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { terminalTable } from './terminal.ts';

const corpus = Object.entries({ ...hostileTexts, 'a line of 5 MB': `${'x'.repeat(2_500_000)},"${'y'.repeat(2_500_000)}` });

/** The text as every name, reason, answer, review and quarantine of the run. */
function runOf(text: string): RunView {
  const { record, results } = exampleRun();
  const review = { decision: 'reject' as const, by: text, reason: text, note: text, at: '2026-11-25T12:00:00Z' };
  const change = (result: CaseResult, index: number): CaseResult => ({
    ...result,
    ...{ suite: text, candidate: text, case: text, why: text, tags: [text], at: { file: text, line: 1, column: 1 } },
    ...{ verdict: 'NEEDS_WORK', reason: 'below_target', transition: 'broken' },
    answers: { ...result.answers, candidate: result.answers.candidate.map((one) => ({ ...one, answer: text })) },
    ...(index === 1 && { review }),
    ...(index === 2 && { quarantine: { until: '2026-12-31', why: text } }),
  });
  const verdict = record.verdicts[1]!;
  const sign_offs = [{ suite: text, candidate: text, decision: 'reject' as const, by: text, reason: text, at: review.at }];
  const left_out = [{ suite: text, candidate: text, case: text, decision: 'accept' as const, by: text, why: text }];
  return {
    record: {
      ...record,
      verdicts: [{ ...verdict, suite: text, candidate: text, why: text, counts: { ...verdict.counts, quarantined: 1 } }],
      suites: [{ ...record.suites[0]!, name: text, file: text }],
      review: { by: [text], accepted: 0, rejected: 1, expired: 1, sign_offs, left_out },
    },
    results: results.slice(0, 4).map(change),
  };
}

/** Commands that GitHub's runner finds in a log: `::name …::` at the start of a line behind blanks, `##[name …]` anywhere. */
function commandsIn(log: string): string[] {
  const lines = log.split(/\r\n|\r|\n/);
  return lines.flatMap((line) => /^[\s\u0085]*::(.*?)::/.exec(line)?.[1] ?? /##\[(.*?)\]/.exec(line)?.[1] ?? []);
}

describe.each(corpus)('%s', (_, hostile) => {
  const view = runOf(hostile);

  test('JUnit stays well-formed, with the cases that it has', () => {
    const xml = textOf(junit.render(view));
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(xml) as { testsuites: { testsuite: { testcase: unknown[] } } };
    expect(testsuites.testsuite.testcase).toHaveLength(1 + view.results.length);
    // eslint-disable-next-line no-control-regex -- what XML 1.0 forbids
    expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u);
    expect(xml.length).toBeLessThan(100_000);
  });

  test.each([
    ['the summary', markdown],
    ['the comment', comment],
  ])('%s has the same lines as with a plain text, and no markup of its own', (name, reporter) => {
    const plain = reporter.render(runOf('plain'));
    const text = reporter.render(view);
    expect(text.split('\n')).toHaveLength(plain.split('\n').length);
    const body = name === 'the comment' ? text.split('\n').slice(1).join('\n') : text;
    expect(body.replaceAll(/<\/?(?:details|summary|sub)>/g, '')).not.toMatch(/<[a-z/!]/i);
    expect(body).not.toMatch(/\]\(|@[a-z]|:\/\/|www\./);
    expect(Buffer.byteLength(text)).toBeLessThan(65_000);
  });

  test('annotations are one line each, and say what they are about', () => {
    const lines = githubAnnotations(view);
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toMatch(/[\r\n\u0085\u2028]/);
      expect(commandsIn(line)).toEqual([expect.stringMatching(/^error (file=[^,]*,line=1,)?title=[^,:]*$/) as string]);
    }
  });

  test('a log of GitHub Actions has no command that a text brought in', () => {
    const table = terminalTable(view, { width: 80, colour: false });
    for (const text of [table, hostile, ` ${hostile}`, `\n\t${hostile}`]) expect(commandsIn(withoutCommands(text))).toEqual([]);
  });

  test('the terminal gets lines of 80 columns without an escape', () => {
    const table = terminalTable(view, { width: 80, colour: false });
    // eslint-disable-next-line no-control-regex -- what a terminal would obey
    expect(table).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    expect(table.length).toBeLessThan(60_000);
  });
});

test('the reading of the runner that these tests rely on does find commands', () => {
  expect(commandsIn('x\n \t::error file=a::b\nlog ##[add-path]/tmp')).toEqual(['error file=a', 'add-path']);
  expect(commandsIn(hostileTexts['workflow command'] ?? '')).toHaveLength(3);
});
