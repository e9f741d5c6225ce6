/** `provider: hybrid` in a suite: the way to an answer is judged, and who answered is to be seen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { say, status, twoServers, type TwoServers } from './hybrid-servers.ts';
import type { CaseResult } from './record.ts';
import { makeProject, run } from './verbs/test-project.ts';

let servers: TwoServers;
beforeEach(async () => {
  servers = await twoServers();
});
afterEach(() => servers.close());

const CASES = '  - { name: norway, prompt: What is the capital of Norway?, expected_elements: [Oslo] }\n';

function project(more = 'fallback: remote'): string {
  const folder = makeProject(CASES, { base: { norway: ['Oslo'] }, both: {} }, 1, '{ coverage: 1 }');
  const [local, remote] = [servers.candidate.origin, servers.baseline.origin];
  const models = `models:
  base: { provider: file, path: ../answers/base.jsonl }
  local: { provider: openai-compatible, base_url: "${local}/v1", model: small, params: { max_tokens: 7 } }
  remote: { provider: openai-compatible, base_url: "${remote}/v1", model: large }
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
