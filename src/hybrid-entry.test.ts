/** `provider: hybrid` in a suite: the way to an answer is judged, and who answered is to be seen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { say, status, twoServers, type TwoServers } from './hybrid-servers.ts';
import type { CaseResult } from './record.ts';
import { makeProject, run } from './verbs/test-project.ts';

let servers: TwoServers;
beforeEach(async () => {
  servers = await twoServers();
});
afterEach(() => servers.close());

const CASES = '  - { name: norway, prompt: What is the capital of Norway?, expected_elements: [Oslo] }\n';

function project(more = 'fallback: remote', ofLocal = '', ofRemote = ''): string {
  const folder = makeProject(CASES, { base: { norway: ['Oslo'] }, both: {} }, 1, '{ coverage: 1 }');
  const [local, remote] = [servers.candidate.origin, servers.baseline.origin];
  const models = `models:
  base: { provider: file, path: ../answers/base.jsonl }
  local: { provider: openai-compatible, base_url: "${local}/v1", model: small, params: { max_tokens: 7 }${ofLocal} }
  remote: { provider: openai-compatible, base_url: "${remote}/v1", model: large${ofRemote} }
  both: { provider: hybrid, candidate: local, ${more} }
`;
  writeFileSync(join(folder, 'suites/models.yaml'), models);
  return folder;
}

async function answerOf(folder: string) {
  const { err } = await run(folder, ['eval']);
  const line = readFileSync(join(folder, 'reports/latest/results.jsonl'), 'utf8').trim();
  const { answers } = JSON.parse(line) as CaseResult;
  return { answer: answers.candidate, err };
}

test('the candidate answers', async () => {
  servers.behave(say('Oslo it is'));
  const { answer } = await answerOf(project());
  const provenance = { answered_by: 'candidate', reason: 'healthy', attempts_candidate_fallback: '1+0' };
  expect(answer).toMatchObject([{ state: 'ok', answer: 'Oslo it is', reported_model: 'small', call: { provenance } }]);
  expect(servers.candidate.seen[0]?.body).toMatchObject({ model: 'small', max_tokens: 7 });
});

test('an answer by the fallback is an answer, and tells who gave it', async () => {
  servers.behave(status(500));
  const { answer, err } = await answerOf(project());
  expect(err).toContain('1 of 1 answers of "both" were given by its fallback');
  const provenance = { answered_by: 'baseline', reason: 'server_error', attempts_candidate_fallback: '2+1' };
  expect(answer).toMatchObject([{ state: 'ok', answer: 'remote', reported_model: 'large', call: { provenance } }]);
});

test('where nobody may answer the state is that of the candidate, and it is asked no more than its own retries say', async () => {
  servers.behave(status(503));
  const { answer } = await answerOf(project('local_only: true, retries: 2'));
  expect(answer).toMatchObject([{ state: 'server_error' }]);
  expect(servers.candidate.seen).toHaveLength(3);
  expect(servers.baseline.seen).toEqual([]);
});

test('an entry without a fallback is refused before anything is asked', async () => {
  const { code, err } = await run(project('retries: 0'), ['eval']);
  expect([code, err]).toEqual([2, expect.stringContaining('has no fallback')]);
});

describe('api: responses on both sides', () => {
  const both = (more?: string) => project(more, ', api: responses', ', api: responses');

  test('is the protocol in which either is asked', async () => {
    servers.behave(say('Oslo it is'));
    const provenance = { answered_by: 'candidate', reason: 'healthy' };
    expect((await answerOf(both())).answer).toMatchObject([{ state: 'ok', answer: 'Oslo it is', call: { provenance } }]);
    expect(servers.candidate.seen).toMatchObject([{ path: '/v1/responses', body: { model: 'small', max_output_tokens: 7 } }]);
    expect(servers.candidate.seen[0]?.body).not.toHaveProperty('max_tokens');
    servers.behave(status(500));
    expect((await answerOf(both())).answer).toMatchObject([{ state: 'ok', answer: 'remote', reported_model: 'large' }]);
    expect(servers.baseline.seen).toMatchObject([{ path: '/v1/responses', body: { model: 'large' } }]);
  });

  test('tells of an answer that its side cut at its own limit, whatever the server says of it', async () => {
    const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Oslo' }] }];
    const usage = { input_tokens: 3, output_tokens: 7 };
    const response = { object: 'response', model: 'small', status: 'completed', output, usage };
    servers.behave((reply) => {
      reply.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.end(`data: ${JSON.stringify({ type: 'response.completed', response })}\n\n`);
    });
    expect((await answerOf(both())).answer).toMatchObject([{ state: 'truncated', answer: 'Oslo' }]);
  });

  test('is probed in it, and works without a fallback', async () => {
    servers.behave(say('Oslo'));
    expect((await answerOf(project('local_only: true', ', api: responses'))).answer).toMatchObject([{ state: 'ok' }]);
    expect(servers.candidate.seen).toMatchObject([{ path: '/v1/responses' }]);
  });
});

test.each([
  ['two protocols', ', api: responses', '', 'its candidate "local" has api: responses, and its fallback "remote" has api: chat'],
  ['two protocols, the other way round', '', ', api: responses', 'has api: chat, and its fallback "remote" has api: responses'],
])('%s are refused before anything is asked', async (_, ofLocal, ofRemote, what) => {
  const { code, err } = await run(project(undefined, ofLocal, ofRemote), ['eval']);
  expect([code, err]).toEqual([2, expect.stringMatching(/suites\/models\.yaml:5:3\b/)]);
  expect(err).toContain(what);
  expect([servers.candidate.seen, servers.baseline.seen]).toEqual([[], []]);
});

test('a job in the background is refused, as one server keeps it', async () => {
  const folder = project();
  const file = join(folder, 'suites/models.yaml');
  const job = '{ provider: openai, api: responses, background: true }';
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/both: .*/, `job: ${job}\n  both: { provider: hybrid, candidate: job, local_only: true }`),
  );
  const { code, err } = await run(folder, ['eval']);
  expect([code, err]).toEqual([2, expect.stringContaining('"job" has background: true')]);
});

test('a password of either side appears nowhere', async () => {
  servers.behave(say('Oslo, says hunter2-of-the-box'));
  const folder = project();
  const file = join(folder, 'suites/models.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('http://', 'http://me:hunter2-of-the-box@'));
  expect((await answerOf(folder)).answer).toMatchObject([{ answer: 'Oslo, says [redacted]' }]);
});

test('an answer costs what the side that gave it costs', async () => {
  const prices = (input: number) => `, prices: { input_per_million: ${input}, output_per_million: 10 }`;
  servers.behave(say('Oslo'));
  const priced = (input: number) => ({
    cost_usd: expect.closeTo((3 * input + 2 * 10) / 1e6, 12) as number,
    prices: { input_per_million: input },
  });
  expect((await answerOf(project(undefined, prices(1), prices(4)))).answer).toMatchObject([{ call: priced(1) }]);
  servers.behave(status(500));
  expect((await answerOf(project(undefined, prices(1), prices(4)))).answer).toMatchObject([{ call: priced(4) }]);
  expect((await answerOf(project(undefined, '', prices(4)))).answer).toMatchObject([{ call: { cost_usd: null } }]);
});
