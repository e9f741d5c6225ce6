/**
 * JUnit XML for CI: one `testsuite` a suite and candidate, one `testcase` a case, and the suite's verdict as a testcase of its own.
 * A `failure` is judged and too low; an `error` could not be judged; `skipped` is in quarantine. Answers stay out, and so do passing cases
 * where there are very many: GitLab refuses a file of 30 MB, and one whose XML has 250,000 parts.
 */
import { createHash } from 'node:crypto';
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { casesOf } from './cases-by-verdict.ts';
import { quarantineText, reviewText } from './reviews.ts';
import { fixed, oneLine, plural } from './text.ts';

/** With up to ten parts a case, this stays below 250,000. */
const MOST_CASES = 10_000;
const MOST_BYTES = 10_000_000;

type Attributes = Record<string, string | number | null>;
interface TestCase {
  name: string;
  attributes: Attributes;
  outcome: { tag: 'failure' | 'error' | 'skipped'; type: string | null; message: string } | null;
  /** what a person said of it; '' for nothing */
  said: string;
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

function caseOutcome(result: CaseResult): TestCase['outcome'] {
  const { verdict, complete, reason, why, quarantine } = result;
  if (quarantine) return { tag: 'skipped', type: null, message: `${quarantineText(result)} (${verdict}: ${why})` };
  if (verdict === 'PASS') return null;
  return { tag: complete ? 'failure' : 'error', type: reason ?? 'needs_work', message: why };
}

function verdictOutcome({ verdict, reason, why }: Verdict): TestCase['outcome'] {
  if (verdict === 'PASS') return null;
  const isJudged = reason !== 'inconclusive' && reason !== 'incomplete';
  return { tag: isJudged ? 'failure' : 'error', type: reason ?? 'needs_work', message: why };
}

function testCase({ name, attributes: more, outcome, said }: TestCase, classname: string): string {
  const open = `    <testcase name="${xml(name)}"${attributes({ classname, ...more })}`;
  if (outcome === null && said === '') return `${open}/>`;
  const found = outcome === null ? [] : [`<${outcome.tag}${attributes({ type: outcome.type, message: outcome.message })}/>`];
  const output = said === '' ? [] : [`<system-out>${xml(said)}</system-out>`];
  return `${open}>\n${[...found, ...output].map((part) => `      ${part}\n`).join('')}    </testcase>`;
}

const seconds = (result: CaseResult) => ((result.answers.candidate[0]?.timings?.total_ms ?? 0) / 1000).toFixed(3);

/** Only where there are any. */
const setAside = ({ quarantined, accepted, rejected }: Verdict['counts']) => ({
  ...(quarantined !== undefined && { quarantined }),
  ...(accepted !== undefined && { accepted }),
  ...(rejected !== undefined && { rejected }),
});

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
    ...setAside(verdict.counts),
  };
  const { previous } = verdict;
  const since = previous && { since: previous.run, broken: previous.broken, fixed: previous.fixed, new: previous.new };
  const lines = Object.entries({ ...all, ...since }).map(([name, value]) => `      <property${attributes({ name, value: value ?? '' })}/>`);
  return `    <properties>\n${lines.join('\n')}\n    </properties>`;
}

/** What may still be written. */
interface Room {
  /** whether passing cases are named, too */
  passes: boolean;
  bytes: number;
}

function* testSuite(view: RunView, verdict: Verdict, name: string, room: Room): Generator<string> {
  const uniqueCase = uniqueNames();
  const ofSuite: TestCase = {
    name: uniqueCase(`verdict: parity ${fixed(verdict.parity)} against target ${fixed(verdict.parity_target, 2)}`),
    attributes: { time: '0.000' },
    outcome: verdictOutcome(verdict),
    said: '',
  };
  const { quarantined = 0 } = verdict.counts;
  const totals = { failure: verdict.counts.needs_work, error: verdict.counts.incomplete, skipped: quarantined };
  if (ofSuite.outcome) totals[ofSuite.outcome.tag]++;
  const { failure: failures, error: errors } = totals;
  const tests = verdict.n + quarantined + 1;
  const skipped = quarantined === 0 ? null : quarantined;
  yield `  <testsuite${attributes({ name, tests, failures, errors, skipped, timestamp: view.record.started_at })}>\n${properties(verdict)}\n`;
  yield `${testCase(ofSuite, name)}\n`;
  let left = 0;
  for (const result of casesOf(view, verdict)) {
    if (room.bytes <= 0 || (!room.passes && result.verdict === 'PASS' && !result.review && !result.quarantine)) {
      left++;
      continue;
    }
    const { file, line } = result.at;
    const one = {
      name: uniqueCase(oneLine(result.case, 200)),
      attributes: { file: oneLine(file, 300), line, time: seconds(result) },
      outcome: caseOutcome(result),
      said: reviewText(result),
    };
    const text = `${testCase(one, name)}\n`;
    room.bytes -= Buffer.byteLength(text);
    yield text;
  }
  if (left > 0)
    yield `    <system-out>${xml(`${plural(left, 'case')} more, only in report.csv: ${room.bytes > 0 ? 'they pass' : 'the file would be too long'}`)}</system-out>\n`;
  yield '  </testsuite>\n';
}

export const junit = {
  file: 'junit.xml',
  extensions: ['.xml'],
  *render(view: RunView): Generator<string> {
    const unique = uniqueNames();
    const room: Room = { passes: view.results.length <= MOST_CASES, bytes: MOST_BYTES };
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="onpar">\n';
    for (const verdict of view.record.verdicts)
      yield* testSuite(view, verdict, unique(`${oneLine(verdict.suite, 200)} · ${oneLine(verdict.candidate, 200)}`), room);
    if (view.record.verdicts.length === 0) yield '\n';
    yield '</testsuites>\n';
  },
};
