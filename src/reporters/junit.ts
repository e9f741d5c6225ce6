/**
 * JUnit XML for CI: one `testsuite` a suite and candidate, one `testcase` a case, and the suite's verdict as a testcase of its own.
 * A `failure` is judged and too low; an `error` could not be judged. Answers stay out: CI systems limit the size of these files.
 */
import { createHash } from 'node:crypto';
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { casesOf } from './cases-by-verdict.ts';
import { fixed, oneLine } from './text.ts';

type Attributes = Record<string, string | number | null>;
interface TestCase {
  name: string;
  attributes: Attributes;
  outcome: { tag: 'failure' | 'error'; type: string; message: string } | null;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** XML 1.0 text on one line: `oneLine` has taken the control characters, which XML cannot hold even escaped. */
const xml = (text: string, limit = 500) =>
  oneLine(text, limit)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const attributes = (of: Attributes) =>
  Object.entries(of)
    .map(([name, value]) => (value === null ? '' : ` ${name}="${xml(String(value))}"`))
    .join('');

/**
 * Names that are the same get ` (2)`, ` (3)` …: GitLab keeps only the first of two equal names. Of a name that was given, only a hash
 * is kept: were two alike by chance, one would be numbered without need.
 */
function uniqueNames(): (name: string) => string {
  const seen = new Set<number>();
  return (wanted) => {
    let name = wanted;
    for (let n = 2; seen.has(hashOf(name)); n++) name = `${wanted} (${n})`;
    seen.add(hashOf(name));
    return name;
  };
}

/** 48 bits */
const hashOf = (name: string): number => createHash('sha1').update(name).digest().readUIntLE(0, 6);

function caseOutcome({ verdict, complete, reason, why }: CaseResult): TestCase['outcome'] {
  if (verdict === 'PASS') return null;
  return { tag: complete ? 'failure' : 'error', type: reason ?? 'needs_work', message: why };
}

function verdictOutcome({ verdict, reason, why }: Verdict): TestCase['outcome'] {
  if (verdict === 'PASS') return null;
  return { tag: reason === 'below_target' || reason === 'critical_case' ? 'failure' : 'error', type: reason ?? 'needs_work', message: why };
}

function testCase({ name, attributes: more, outcome }: TestCase, classname: string): string {
  const open = `    <testcase name="${xml(name)}"${attributes({ classname, ...more })}`;
  if (outcome === null) return `${open}/>`;
  const { tag, type, message } = outcome;
  return `${open}>\n      <${tag}${attributes({ type, message })}/>\n    </testcase>`;
}

const seconds = (result: CaseResult) => ((result.answers.candidate[0]?.timings?.total_ms ?? 0) / 1000).toFixed(3);

function properties(verdict: Verdict): string {
  const { parity, lower, upper, parity_target, coverage, similarity } = verdict;
  const { self_parity, n } = verdict;
  const sides = { coverage_baseline: coverage.baseline, coverage_candidate: coverage.candidate, similarity: similarity.candidate };
  const all = {
    verdict: verdict.verdict,
    parity,
    lower,
    upper,
    parity_target,
    ...sides,
    self_parity: self_parity?.parity ?? null,
    p_value: verdict.p_value ?? null,
    p_holm: verdict.p_holm ?? null,
    n,
  };
  const { previous } = verdict;
  const since = previous && { since: previous.run, broken: previous.broken, fixed: previous.fixed, new: previous.new };
  const lines = Object.entries({ ...all, ...since }).map(([name, value]) => `      <property${attributes({ name, value: value ?? '' })}/>`);
  return `    <properties>\n${lines.join('\n')}\n    </properties>`;
}

function* testSuite(view: RunView, verdict: Verdict, name: string): Generator<string> {
  const uniqueCase = uniqueNames();
  const ofSuite: TestCase = {
    name: uniqueCase(`verdict: parity ${fixed(verdict.parity)} against target ${fixed(verdict.parity_target, 2)}`),
    attributes: { time: '0.000' },
    outcome: verdictOutcome(verdict),
  };
  const totals = { failure: verdict.counts.needs_work, error: verdict.counts.incomplete };
  if (ofSuite.outcome) totals[ofSuite.outcome.tag]++;
  const { failure: failures, error: errors } = totals;
  const tests = verdict.n + 1;
  yield `  <testsuite${attributes({ name, tests, failures, errors, timestamp: view.record.started_at })}>\n${properties(verdict)}\n`;
  yield `${testCase(ofSuite, name)}\n`;
  for (const result of casesOf(view, verdict)) {
    const { file, line } = result.at;
    const one = {
      name: uniqueCase(oneLine(result.case, 200)),
      attributes: { file, line, time: seconds(result) },
      outcome: caseOutcome(result),
    };
    yield `${testCase(one, name)}\n`;
  }
  yield '  </testsuite>\n';
}

export const junit = {
  file: 'junit.xml',
  extensions: ['.xml'],
  *render(view: RunView): Generator<string> {
    const unique = uniqueNames();
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="onpar">\n';
    for (const verdict of view.record.verdicts)
      yield* testSuite(view, verdict, unique(`${oneLine(verdict.suite)} · ${oneLine(verdict.candidate)}`));
    if (view.record.verdicts.length === 0) yield '\n';
    yield '</testsuites>\n';
  },
};
