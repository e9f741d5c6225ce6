/**
 * The rules of the schema most CI systems go by, Jenkins' junit-10.xsd (jenkinsci/xunit-plugin), written down as a table: which attributes an element
 * may and must have, and which elements may stand in it. `file` and `line` of a test case are not in that schema; GitLab, CircleCI and
 * pytest's own files have them, and nobody refuses them.
 */
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import type { CaseResult, RunView } from '../record.ts';
import { exampleRun, textOf } from './example-run.ts';
import { junit } from './junit.ts';

interface Rule {
  must: string[];
  may: string[];
  children: string[];
}
const outcome: Rule = { must: [], may: ['type', 'message'], children: [] };
const text: Rule = { must: [], may: [], children: [] };
const OWN = ['file', 'line'];
const RULES: Record<string, Rule> = {
  testsuites: { must: [], may: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    must: ['name', 'tests', 'failures', 'errors'],
    may: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    must: ['name'],
    may: ['time', 'classname', 'group', ...OWN],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  properties: { must: [], may: [], children: ['property'] },
  property: { must: ['name', 'value'], may: [], children: [] },
  ...{ failure: outcome, error: outcome, skipped: outcome, 'system-out': text, 'system-err': text },
};

type Node = Record<string, unknown>;
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', preserveOrder: true, ignoreDeclaration: true });

/** Every breach of the table, as `testcase has no name`. */
function breaches(nodes: Node[], inside: string | null = null): string[] {
  return nodes.flatMap((node) => {
    const [name = ''] = Object.keys(node).filter((key) => key !== ':@');
    if (name === '#text') return [];
    const rule = RULES[name];
    if (rule === undefined || (inside !== null && !RULES[inside]?.children.includes(name)))
      return [`${name} stands in ${inside ?? 'the file'}`];
    const given = Object.keys((node[':@'] as object | undefined) ?? {});
    return [
      ...given.filter((one) => ![...rule.must, ...rule.may].includes(one)).map((one) => `${name} has ${one}`),
      ...rule.must.filter((one) => !given.includes(one)).map((one) => `${name} has no ${one}`),
      ...breaches(node[name] as Node[], name),
    ];
  });
}
const check = (xml: string) => breaches(parser.parse(xml) as Node[]);

/** With all that a case can have: a review, a quarantine, failures, errors. */
function fullRun(): RunView {
  const { record, results } = exampleRun();
  const review = { decision: 'accept' as const, by: 'Ann', reason: 'fine', note: '', at: '2026-11-25T12:00:00Z' };
  const change = (one: CaseResult, i: number): CaseResult => ({
    ...one,
    ...(i % 3 === 0 && { review }),
    ...(i % 5 === 0 && { quarantine: { until: '2026-12-31', why: 'flaky' } }),
  });
  const verdicts = record.verdicts.map((one) => ({ ...one, counts: { ...one.counts, quarantined: 2 } }));
  return { record: { ...record, verdicts }, results: results.map(change) };
}

describe('junit.xml keeps to the schema', () => {
  test.each([
    ['of the example run', exampleRun()],
    ['with reviews and quarantines', fullRun()],
    ['of nothing', { ...exampleRun(), record: { ...exampleRun().record, verdicts: [] } }],
  ])('%s', (_, view) => {
    expect(check(textOf(junit.render(view)))).toEqual([]);
  });
});

test('a breach is seen', () => {
  expect(
    check('<testsuites><testsuite name="x" tests="1" failures="0"><testcase naem="a"><property/></testcase></testsuite></testsuites>'),
  ).toEqual(['testsuite has no errors', 'testcase has naem', 'testcase has no name', 'property stands in testcase']);
});

test('counts are those of the cases that are there', () => {
  const { record, results } = exampleRun();
  const [verdict] = record.verdicts;
  const own = results.filter(({ suite, candidate }) => suite === verdict?.suite && candidate === verdict.candidate);
  const held = own.map((one, i) => (i === 0 ? { ...one, quarantine: { until: '2026-12-31', why: 'flaky tool' } } : one));
  const n = own.length - 1;
  const counts = { ...verdict!.counts, pass: verdict!.counts.pass - 1, quarantined: 1 };
  const xml = textOf(junit.render({ record: { ...record, verdicts: [{ ...verdict!, n, counts }] }, results: held }));
  expect(xml.match(/<testcase /g)).toHaveLength(own.length + 1);
  expect(xml).toMatch(new RegExp(`tests="${own.length + 1}" failures="\\d+" errors="\\d+" skipped="1"`));
  expect(xml.match(/<skipped message="in quarantine until 2026-12-31: flaky tool \(PASS: [^"]*\)"\/>/g)).toHaveLength(1);
});
