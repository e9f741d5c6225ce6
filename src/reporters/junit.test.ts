import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { exampleRun, hostileTexts, withResult, textOf } from './example-run.ts';
import { junit } from './junit.ts';

interface TestCase {
  name: string;
  classname: string;
  failure?: { message: string; type: string };
  error?: { message: string; type: string };
}
interface Suite {
  name: string;
  tests: string;
  failures: string;
  errors: string;
  properties: { property: { name: string; value: string }[] };
  testcase: TestCase[];
}

function read(xml: string): Suite[] {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  return (parser.parse(xml) as { testsuites: { testsuite: Suite[] } }).testsuites.testsuite;
}

test('a suite and candidate is a testsuite with its cases and its verdict', () => {
  const view = exampleRun();
  const suites = read(textOf(junit.render(view)));
  expect(suites.map(({ name, tests }) => [name, Number(tests)])).toEqual(
    view.record.verdicts.map(({ suite, candidate, n }) => [`${suite} · ${candidate}`, n + 1]),
  );
  for (const [index, { testcase, failures, errors }] of suites.entries()) {
    const verdict = view.record.verdicts[index];
    const results = view.results.filter(({ suite, candidate }) => suite === verdict?.suite && candidate === verdict.candidate);
    expect(testcase.slice(1).map(({ failure, error }) => failure?.message ?? error?.message ?? null)).toEqual(
      results.map(({ verdict: label, why }) => (label === 'PASS' ? null : why)),
    );
    expect(testcase.filter(({ failure }) => failure !== undefined)).toHaveLength(Number(failures));
    expect(testcase.filter(({ error }) => error !== undefined)).toHaveLength(Number(errors));
  }
});

test('what was judged too low is a failure, what could not be judged an error', () => {
  const verdicts = read(textOf(junit.render(exampleRun()))).map(({ testcase }) => testcase[0]);
  expect(verdicts.map((verdict) => [verdict?.failure?.type, verdict?.error?.type])).toEqual([
    [undefined, undefined],
    [undefined, 'inconclusive'],
    ['below_target', undefined],
    [undefined, 'incomplete'],
  ]);
});

test('names are unique, also where two cases have the same one', () => {
  const view = exampleRun();
  const results = view.results.map((result) => ({ ...result, case: 'same' }));
  for (const { testcase } of read(textOf(junit.render({ ...view, results }))))
    expect(new Set(testcase.map(({ name }) => name)).size).toBe(testcase.length);
});

test('parity and its bounds are properties', () => {
  const view = exampleRun();
  const [first] = read(textOf(junit.render(view)));
  const properties = Object.fromEntries((first?.properties.property ?? []).map(({ name, value }) => [name, value]));
  const [verdict] = view.record.verdicts;
  expect(properties).toMatchObject({
    parity: String(verdict?.parity),
    lower: String(verdict?.lower),
    upper: String(verdict?.upper),
    parity_target: String(verdict?.parity_target),
  });
});

test.each(Object.entries(hostileTexts))('a name and a reason with %s leave the file well-formed', (_, hostile) => {
  const xml = textOf(
    junit.render(withResult((result) => ({ ...result, case: hostile, verdict: 'NEEDS_WORK', reason: hostile, why: hostile }))),
  );
  expect(read(xml)[0]?.testcase[1]?.failure).toBeDefined();
  // eslint-disable-next-line no-control-regex -- what XML 1.0 forbids
  expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u);
});

test('answers stay out', () => {
  const view = withResult((result) => ({
    ...result,
    answers: { baseline: [], candidate: result.answers.candidate.map((answer) => ({ ...answer, answer: 'MARKER' })) },
  }));
  expect(textOf(junit.render(view))).not.toContain('MARKER');
});
