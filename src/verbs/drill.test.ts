import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillSummary } from '../record.ts';
import { say, status, twoServers, type TwoServers } from '../hybrid-servers.ts';
import { makeProject, run } from './test-project.ts';

let servers: TwoServers;
beforeEach(async () => {
  servers = await twoServers();
  servers.behave(say('Oslo, says the candidate'));
});
afterEach(() => servers.close());

const LIMITS = 'first_token_s: 2, candidate_s: 2, probe_s: 0.1';
const CASES = '  - { name: norway, prompt: What is the capital of Norway?, expected_elements: [Oslo] }\n';

/** A project with a hybrid model over the two servers, and `phases` as its schedule. */
function project(phases: string, more = 'prompt: What is the capital of Norway?', candidate = servers.candidate.origin): string {
  const folder = makeProject(CASES, { base: { norway: ['Oslo'] }, other: {} }, 1, '{ coverage: 1 }');
  const models = `models:
  base: { provider: file, path: ../answers/base.jsonl }
  other: { provider: file, path: ../answers/other.jsonl }
  local: { provider: openai-compatible, base_url: "${candidate}/v1", model: small }
  remote: { provider: openai-compatible, base_url: "${servers.baseline.origin}/v1", model: large }
  both: { provider: hybrid, candidate: local, fallback: remote, ${LIMITS} }
`;
  writeFileSync(join(folder, 'suites/models.yaml'), models);
  writeFileSync(join(folder, 'drill.yaml'), `name: small\nmodel: both\n${more}\ndeadline_s: 60\nphases:\n${phases}`);
  return folder;
}

async function drilled(folder: string, args: string[] = []) {
  const file = join(folder, 'drill.json');
  const { code, out, err } = await run(folder, [
    'drill',
    'drill.yaml',
    '-o',
    file,
    '-o',
    join(folder, 'out/drill.md'),
    '-o',
    join(folder, 'out/drill.html'),
    ...args,
  ]);
  if (!existsSync(file)) throw new Error(`${code}: ${err}`);
  return {
    code,
    out,
    summary: JSON.parse(readFileSync(file, 'utf8')) as DrillSummary,
    md: readFileSync(join(folder, 'out/drill.md'), 'utf8'),
    html: readFileSync(join(folder, 'out/drill.html'), 'utf8'),
  };
}

const phase = (name: string, fault: string, expected = 'by_fallback: 1', requests = 4) =>
  `  - { name: ${name}, requests: ${requests}${fault && `, fault: { ${fault} }`}, expect: { ${expected} } }\n`;

const EVERY_FAULT = [
  phase('calm', '', 'by_candidate: 1', 20),
  phase('refused', 'kind: refused'),
  phase('reset', 'kind: reset'),
  phase('broken', 'kind: status, status: 500'),
  phase('busy', 'kind: status, status: 429, retry_after_s: 60'),
  phase('hang', 'kind: hang'),
  phase('slow', 'kind: slow_first_token, after_s: 8'),
  phase('cut', 'kind: cut, after_bytes: 30'),
  phase('other', 'kind: wrong_model'),
  phase('half open', 'kind: half_open, probes: 2'),
  phase('calm again', '', 'by_candidate: 1'),
].join('');

test('every fault, and every request is answered once; with local_only nothing leaves', { timeout: 120_000 }, async () => {
  const { code, out, md, html, summary } = await drilled(project(EVERY_FAULT));
  expect(summary.failed).toEqual([]);
  expect(code).toBe(0);
  expect(summary).toMatchObject({ requests: 60, completed: 60, by_candidate: 24, by_fallback: 36 });
  const reasons = Object.fromEntries(summary.phases.map(({ name, reasons: own }) => [name, Object.keys(own)[0] ?? null]));
  expect(reasons).toEqual({
    ...{ calm: null, refused: 'unreachable', reset: 'unreachable', broken: 'server_error', busy: 'rate_limited', hang: 'timed_out' },
    ...{ slow: 'timed_out', cut: 'unreachable', other: 'wrong_model', 'half open': 'server_error', 'calm again': null },
  });
  for (const { fault, detected_ms, recovered_ms } of summary.phases) {
    expect(detected_ms === null).toBe(fault === null);
    expect(recovered_ms === null).toBe(fault === null);
  }
  // a slow or foreign answer was given by the candidate, too: two answers to one request, of which one was seen
  expect(summary.duplicates.asked_twice).toBeGreaterThan(0);
  expect(summary.local_only).toMatchObject({ held: true, bytes_to_fallback: 0, connections_to_fallback: 0, other_hosts: [] });
  for (const text of [out, md]) expect(text).toContain('60 of 60 requests were answered');
  expect(html).toContain('<h1>All 60 requests were answered</h1>');
});

test('the answers are judged by the elements of a suite, and what falls short says so', async () => {
  const { summary, code, out } = await drilled(
    project(
      phase('calm', '', 'by_candidate: 1') + phase('refused', 'kind: refused', 'by_candidate: 1'),
      'suite: small\ncheck_local_only: false',
    ),
  );
  // the fallback says "remote", which is not Oslo
  expect(summary.phases.map(({ coverage, parity }) => [coverage, parity])).toEqual([
    [1, 1],
    [0, 0],
  ]);
  expect(code).toBe(1);
  expect(summary.failed).toEqual([expect.stringMatching(/^refused: 0 of 4 answers came from the candidate/)]);
  expect(out).toContain('✗ refused');
  expect(summary.local_only).toBeNull();
});

test('a stream that is cut in its middle is not counted as an answer', async () => {
  servers.behave((response, { body }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (content: string, finish_reason: string | null) => ({
      model: body?.['model'],
      choices: [{ index: 0, delta: { content }, finish_reason }],
    });
    for (const text of ['Os', 'lo']) response.write(`data: ${JSON.stringify(chunk(text, null))}\n\n`);
    response.end(`data: ${JSON.stringify(chunk(' it is', 'stop'))}\n\ndata: [DONE]\n\n`);
  });
  const { summary, code } = await drilled(
    project(phase('cut', 'kind: cut, after_bytes: 150', 'by_candidate: 0', 1), 'prompt: Norway?\nstream: true\ncheck_local_only: false'),
  );
  expect(summary.phases[0]).toMatchObject({ completed: 0, reasons: { stream_broken: 1 } });
  expect(code).toBe(1);
});

test('a server that is killed and started by commands', { timeout: 120_000 }, async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const pid = join(mkdtempSync(join(tmpdir(), 'onpar-drill-')), 'pid');
  const server = new URL('../../fixtures/servers/load-server.mjs', import.meta.url).pathname;
  const stop = `kill -9 $(cat ${pid})`;
  const start = `${process.execPath} ${server} --quiet --port ${port} >/dev/null 2>&1 & echo $! > ${pid}`;
  const quoted = (command: string) => JSON.stringify(command);
  const kill = phase('killed', `kind: command, stop: ${quoted(stop)}, start: ${quoted(start)}`);
  const folder = project(kill + phase('calm', '', 'by_candidate: 1'), 'prompt: Oslo', `http://127.0.0.1:${port}`);
  const shell = async (command: string) => {
    const { exec } = await import('node:child_process');
    await new Promise<void>((done) => void exec(command, () => done()));
  };
  await shell(start);
  try {
    while (
      !(await fetch(`http://127.0.0.1:${port}/v1/models`).then(
        () => true,
        () => false,
      ))
    )
      await new Promise((done) => setTimeout(done, 20));
    const left = await drilled(folder);
    expect(left.summary.phases[0]).toMatchObject({ skipped: 'commands are run with --commands only', requests: 0 });
    expect(left.out).toContain('not run: killed');
    const { summary, code } = await drilled(folder, ['--commands']);
    expect([code, summary.failed]).toEqual([0, []]);
    expect(summary.phases[0]).toMatchObject({ completed: 4, by_fallback: 4 });
    expect(summary.phases[0]?.recovered_ms).not.toBeNull();
  } finally {
    await shell(stop);
  }
});

test('a model whose sides are asked by api: responses is refused', async () => {
  const folder = project(phase('calm', '', 'by_candidate: 1'));
  const file = join(folder, 'suites/models.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/model: (small|large)/g, 'model: $1, api: responses'));
  const { code, err } = await run(folder, ['drill', 'drill.yaml']);
  expect([code, err]).toEqual([2, expect.stringMatching(/suites\/models\.yaml:6:3 .*api: responses/)]);
  expect(servers.candidate.seen).toEqual([]);
});

test('a drill needs servers that answer before anything is done to them', async () => {
  servers.behave(status(500));
  const { code, err } = await run(project(phase('calm', '')), ['drill', 'drill.yaml']);
  expect([code, err]).toEqual([3, expect.stringContaining('the candidate does not answer')]);
});

test.each([
  ['an unknown fault', phase('a', 'kind: refusd'), 'prompt: x', 'drill.yaml'],
  ['an option of another fault', phase('a', 'kind: refused, after_s: 1'), 'prompt: x', 'takes no after_s'],
  ['neither suite nor prompt', phase('a', ''), 'stream: true', 'needs either suite or prompt'],
  ['a model that is not hybrid', phase('a', ''), 'prompt: x', 'has no fallback'],
])('%s is refused', async (what, phases, more, said) => {
  const folder = project(phases, more);
  if (what.startsWith('a model'))
    writeFileSync(join(folder, 'drill.yaml'), readFileSync(join(folder, 'drill.yaml'), 'utf8').replace('both', 'local'));
  const { code, err } = await run(folder, ['drill', 'drill.yaml']);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

test('the shipped schedule holds every kind of fault', async () => {
  const { faultKinds } = await import('../drill/faults.ts');
  const text = readFileSync(new URL('../../suites/drills/standard.yaml', import.meta.url), 'utf8');
  for (const kind of Object.keys(faultKinds)) expect(text).toMatch(new RegExp(`kind: ${kind}\\b`));
});
