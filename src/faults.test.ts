/** A run against a server with faults: what passes by itself is waited out, what does not is counted, and neither is taken for quality. */
import { mkdtempSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createMockServer, type LoadOptions } from '../fixtures/servers/load-server.mjs';
import { main } from './cli.ts';
import type { CaseResult, RunRecord } from './record.ts';

const CASES = 40;
const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((one) => one()));

/** Runs `onpar eval` in a project whose two models live on a server with these faults. */
async function run(faults: LoadOptions, args: string[] = [], candidate = 'candidate') {
  const load = createMockServer({ port: 0, ...faults });
  const { port } = await load.listen();
  close.push(() => {
    load.server.close();
    load.server.closeAllConnections();
  });
  const folder = mkdtempSync(join(tmpdir(), 'onpar-faults-'));
  mkdirSync(join(folder, 'suites'));
  symlinkSync(new URL('../fixtures', import.meta.url).pathname, join(folder, 'fixtures'));
  const entry = (model: string) =>
    `{ provider: openai-compatible, base_url: "http://127.0.0.1:${port}/v1", model: ${model}, answers: live, concurrency: 16, timeout_s: 1, prices: { input_per_million: 1000, output_per_million: 1000 } }`;
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n  base: ${entry('baseline')}\n  cand: ${entry(candidate)}\n`);
  const cases = Array.from(
    { length: CASES },
    (_, i) => `  - { name: c${i}, prompt: Say word${i}, expected_elements: [{ text: [word${i}] }] }\n`,
  );
  writeFileSync(
    join(folder, 'suites/words.yaml'),
    `name: words\ncapability: general\nbaseline: base\ncandidates: [cand]\nparity_target: 0.85\ndefaults: { weights: { coverage: 1 } }\ncases:\n${cases.join('')}`,
  );
  const said: string[] = [];
  const code = await main(['eval', ...args], { cwd: folder, out: () => undefined, err: (text) => void said.push(text) });
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  const results = read('results.jsonl').trim().split('\n');
  return {
    code,
    record: JSON.parse(read('run.json')) as RunRecord,
    results: results.map((line) => JSON.parse(line) as CaseResult),
    requests: load.stats().requests,
  };
}

const FAULTS = { fault429: 0.05, fault500: 0.05, faultReset: 0.04, faultMalformed: 0.04, faultHang: 0.02, retryAfter: 0 };

test('faults that pass leave no trace: a good candidate passes', async () => {
  const { code, record } = await run({ ...FAULTS, faultMode: 'transient' });
  expect(code).toBe(0);
  expect(record.verdicts[0]).toMatchObject({ verdict: 'PASS', n: CASES, counts: { pass: CASES, incomplete: 0 } });
});

test('and a bad one does not, by its answers alone', async () => {
  const { code, record } = await run({ ...FAULTS, faultMode: 'transient' }, [], 'candidate-drop-60');
  expect(code).toBe(1);
  expect(record.verdicts[0]).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target', counts: { incomplete: 0 } });
});

test('faults that stay end with code 3, each counted under its name', async () => {
  const { code, record, results } = await run({ ...FAULTS, faultMode: 'sticky' });
  expect(code).toBe(3);
  const verdict = record.verdicts[0];
  expect(verdict).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'incomplete', n: CASES });
  const broken = results.filter(({ complete }) => !complete);
  expect(broken.length).toBeGreaterThan(0);
  expect(verdict?.counts.incomplete).toBe(broken.length);
  const named = ['rate_limited', 'server_error', 'unreachable', 'malformed', 'timed_out', 'no_baseline_evidence'];
  for (const { verdict: label, reason } of broken)
    expect({ label, isNamed: named.includes(reason ?? '') }).toEqual({ label: 'NEEDS_WORK', isNamed: true });
});

test('a server that is gone ends with code 3 after a few tries', async () => {
  const { code, record, requests } = await run({ faultReset: 1, faultMode: 'sticky' });
  expect(code).toBe(3);
  expect(record.verdicts[0]?.counts.hard_failures).toMatchObject({ not_asked: expect.any(Number) as number });
  expect(requests).toBeLessThan(2 * CASES * 4);
});

test.each([
  ['--budget-tokens', '200'],
  ['--budget-usd', '0.2'],
])('%s %s stops asking, and the rest is named', async (flag, value) => {
  const { code, record, requests } = await run({}, [flag, value]);
  expect(code).toBe(3);
  expect(record.verdicts[0]).toMatchObject({ reason: 'incomplete' });
  expect(requests).toBeLessThan(2 * CASES);
  expect(JSON.stringify(record.verdicts[0])).toContain('budget');
});

test('--bail 1 stops asking after the first question that failed for good', async () => {
  const { code, record, results, requests } = await run({ fault500: 0.2, faultMode: 'sticky' }, ['--bail', '1', '-j', '1']);
  expect(code).toBe(3);
  expect(record.verdicts[0]).toMatchObject({ reason: 'incomplete' });
  const states = results.flatMap(({ answers }) => [...answers.baseline, ...answers.candidate]).map(({ state }) => state);
  // each of the two models may have one question in flight
  const failed = states.filter((state) => state === 'server_error').length;
  expect([1, 2]).toContain(failed);
  expect(states.filter((state) => state === 'not_asked').length).toBeGreaterThan(0);
  expect(requests).toBeLessThan(2 * CASES);
});
