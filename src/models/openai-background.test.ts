/** A job that was started is taken up again, and one of which nothing can come any more is named, against a stand-in for the server. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BackgroundStandIn, backgroundStandIn } from '../test-background-server.ts';
import type { Job } from './provider.ts';
import { modelFor, open, question } from './test-server.ts';

let server: BackgroundStandIn;
beforeEach(async () => {
  server = await backgroundStandIn(() => 'Oslo.');
});
afterEach(() => server.close());

const KEPT = { leave: new AbortController().signal };

async function ask(job: Partial<Job>, options: Record<string, unknown> = {}, signal = new AbortController().signal) {
  const model = modelFor('openai', 'o9-deep', { base_url: server.url, background: true, ...options });
  const opened = await open(model);
  return opened.ask(question(), signal, { id: null, started: () => undefined, ...KEPT, ...job });
}

/** Starts a job and leaves it. */
async function left(): Promise<string> {
  const leave = new AbortController();
  let id = '';
  const started = (given: string) => {
    id = given;
    leave.abort();
  };
  await ask({ started, leave: leave.signal });
  return id;
}

test('its id is told before the first look, and leaving it waits for nothing', async () => {
  expect(await left()).toBe('resp_1');
  expect(server.polls()).toBe(0);
});

test('taken up, it is asked for at once, and nothing is started; how long it took the server tells', async () => {
  const id = await left();
  server.end('completed');
  const { answer } = await ask({ id });
  expect(answer).toMatchObject({ state: 'ok', answer: 'Oslo.', timings: { total_ms: 300_000, first_token_ms: null } });
  expect(answer.call?.provenance).not.toHaveProperty('job');
  expect(server.jobs).toHaveLength(1);
});

test('where time is up it runs on, and the answer says under which id', async () => {
  const id = await left();
  const { answer, isTransient } = await ask({ id }, { timeout_s: 0.2 });
  expect(answer.why).toBe(
    `no answer within 0.2 s; asked at ${server.url}; the job resp_1 runs on at the server: --resume, --retry-errors or recording again takes it up`,
  );
  expect({ state: answer.state, isTransient, ...answer.call?.provenance }).toEqual({ state: 'timed_out', isTransient: false, job: id });
});

test.each([
  ['failed', /^the job resp_1 ended as failed: an error inside a 200: The worker went away/],
  ['cancelled', /^the job resp_1 ended as cancelled/],
  ['expired', /^the job resp_1 ended as expired/],
  [null, /^the job resp_1 is not known to the server any more \(404 invalid_request_error: Response with id not found/],
] as const)('one that is %s is named, and another may be started', async (status, why) => {
  const id = await left();
  if (status === null) server.forget();
  else server.end(status);
  const { answer, isTransient } = await ask({ id });
  expect(answer.why).toMatch(why);
  expect({ state: answer.state, isTransient, ...answer.call?.provenance }).toEqual({ state: 'server_error', isTransient: true });
});

test('one that failed by the fault of the question is not started again', async () => {
  const id = await left();
  server.end('failed', 'invalid_prompt');
  const { answer, isTransient } = await ask({ id });
  expect({ state: answer.state, isTransient }).toEqual({ state: 'rejected', isTransient: false });
});

test('an entry that also asks for chat completions is refused', async () => {
  await expect(ask({}, { api: 'chat' })).rejects.toThrow('both api: chat and background: true');
});
