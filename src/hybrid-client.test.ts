import { APIError, APIUserAbortError, OpenAI } from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HybridClient, HybridOptions, Onpar } from './hybrid-client.ts';
import { openHybrid } from './hybrid-client.ts';
import { brokenStream, hang, page, reset, say, status, twoServers, type TwoServers } from './hybrid-servers.ts';

let servers: TwoServers;
const open: HybridClient[] = [];
beforeEach(async () => {
  servers = await twoServers();
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await servers.close();
});

/** Limits that are short where a fault is waited out, and long everywhere else. */
async function hybrid(options: Partial<HybridOptions> = {}): Promise<HybridClient> {
  const { candidate, baseline } = servers;
  const client = await openHybrid({
    candidate: { provider: 'openai-compatible', baseURL: `${candidate.origin}/v1`, model: 'small' },
    baseline: { provider: 'openai', baseURL: `${baseline.origin}/v1`, model: 'o4-mini', apiKey: 'sk-of-the-baseline' },
    probeIntervalMs: 600_000,
    ...options,
  });
  open.push(client);
  return client;
}

const messages = [{ role: 'user' as const, content: 'What is the capital of Norway?' }];
const ask = (client: HybridClient, rest: object = {}) => client.chat.completions.create({ model: 'any', messages, ...rest });
const textOf = (answer: OpenAI.ChatCompletion) => answer.choices[0]?.message.content;

async function read(client: HybridClient): Promise<{ text: string; last: Onpar | undefined; end: Onpar; error: unknown }> {
  const stream = await client.chat.completions.create({ model: 'any', messages, stream: true });
  let [text, last, error]: [string, Onpar | undefined, unknown] = ['', undefined, null];
  try {
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      last = chunk.onpar ?? last;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text, last, end: await stream.onpar, error };
}

test('the types are those of the package openai', async () => {
  const client = await hybrid();
  // checked by tsc: each of these is assignable, or the build fails
  const create: Pick<OpenAI['chat']['completions'], 'create'> = client.chat.completions;
  const responses: Pick<OpenAI['responses'], 'create'> = client.responses;
  const whole: Promise<OpenAI.ChatCompletion> = create.create({ model: 'any', messages });
  const full: OpenAI = client.openai;
  // @ts-expect-error a message without content is refused, as openai refuses it
  const bad = () => client.chat.completions.create({ model: 'any', messages: [{ role: 'user' }] });
  expect(textOf(await whole)).toBe('local');
  expect((await responses.create({ model: 'any', input: 'Hi' })).output_text).toBe('local');
  expect(full).toBeInstanceOf(OpenAI);
  expect(bad).toBeTypeOf('function');
});

test('the candidate answers, and its answer says so', async () => {
  const client = await hybrid();
  const { data, response } = await ask(client).withResponse();
  expect(data.onpar).toMatchObject({ answered_by: 'candidate', model: 'small', reason: 'healthy', why: null, health: 1 });
  expect(data.onpar.attempts).toEqual({ candidate: 1, baseline: 0 });
  expect(response.headers.get('x-onpar-answered-by')).toBe('candidate');
  expect(servers.baseline.seen).toEqual([]);
});

test('each side gets its own model, its own names of parameters, its own key, and the tools as they are', async () => {
  servers.behave(status(500));
  const client = await hybrid({ retries: 0 });
  const tools = [{ type: 'function' as const, function: { name: 'look_up', parameters: { type: 'object' } } }];
  await ask(client, { max_tokens: 50, temperature: 0.2, tools });
  const [local, remote] = [servers.candidate.seen[0], servers.baseline.seen[0]];
  expect(local?.body).toMatchObject({ model: 'small', max_tokens: 50, temperature: 0.2, tools });
  expect(remote?.body).toMatchObject({ model: 'o4-mini', max_completion_tokens: 50, tools });
  expect(remote?.body).not.toHaveProperty('temperature');
  expect(remote?.body).not.toHaveProperty('max_tokens');
  expect([local?.headers.authorization, remote?.headers.authorization]).toEqual([undefined, 'Bearer sk-of-the-baseline']);
});

describe('falls back', () => {
  const faults = [
    ['a server error, after one more try', status(503), 'server_error', 2],
    ['a reset', reset, 'unreachable', 2],
    ['a page', page, 'malformed', 2],
    ['another model', say('mine', 'other-model'), 'wrong_model', 1],
    ['an empty answer', say(''), 'empty', 1],
    ['a request it will not take', status(400), 'rejected', 1],
    ['an hour of pause', status(429, { 'retry-after': '3600' }), 'rate_limited', 1],
  ] as const;
  for (const [what, fault, reason, tries] of faults)
    for (const stream of [false, true])
      test(`for ${what}${stream ? ', streamed' : ''}`, async () => {
        servers.behave(fault);
        const client = await hybrid();
        const onpar = stream ? (await read(client)).end : (await ask(client)).onpar;
        expect(onpar).toMatchObject({ answered_by: 'baseline', reason, attempts: { candidate: tries, baseline: 1 } });
      });

  test('for a candidate that says nothing for too long', async () => {
    servers.behave(hang);
    const client = await hybrid({ firstTokenMs: 100, candidateMs: 100 });
    expect((await ask(client)).onpar).toMatchObject({ answered_by: 'baseline', reason: 'timed_out' });
    expect((await read(client)).end).toMatchObject({ answered_by: 'baseline', reason: 'timed_out' });
  });

  test('for a candidate where nobody listens', async () => {
    await servers.candidate.close();
    expect((await ask(await hybrid())).onpar).toMatchObject({ answered_by: 'baseline', reason: 'unreachable' });
  });

  test('not, where one more try helps', async () => {
    servers.behave(status(503), say('local'));
    const { onpar } = await ask(await hybrid());
    expect(onpar).toMatchObject({ answered_by: 'candidate', attempts: { candidate: 2, baseline: 0 } });
  });

  test('in the protocol of responses, whole and streamed', async () => {
    servers.behave(status(500));
    const client = await hybrid({ retries: 0 });
    const whole = await client.responses.create({ model: 'any', input: 'Hi' });
    expect([whole.output_text, whole.onpar.answered_by]).toEqual(['remote', 'baseline']);
    const stream = await client.responses.create({ model: 'any', input: 'Hi', stream: true });
    const types: string[] = [];
    for await (const event of stream) types.push(event.onpar ? `${event.type} by ${event.onpar.answered_by}` : event.type);
    expect(types).toEqual(['response.created', 'response.output_text.delta', 'response.completed by baseline']);
  });
});

describe('a stream', () => {
  test('tells who answered on its last chunk, and on itself', async () => {
    const { text, last, end } = await read(await hybrid());
    expect(text).toBe('local');
    expect(last).toMatchObject({ answered_by: 'candidate' });
    expect(end).toMatchObject({ answered_by: 'candidate', reason: 'healthy' });
  });

  test('that breaks before its first token falls back, and nothing of it is seen', async () => {
    servers.behave(brokenStream(''));
    const { text, end, error } = await read(await hybrid());
    expect([text, error]).toEqual(['remote', null]);
    expect(end).toMatchObject({ answered_by: 'baseline', reason: 'unreachable' });
  });

  test('that breaks after its first token is an error that says so, and is not started again', async () => {
    servers.behave(brokenStream('Os', 'lo'));
    const client = await hybrid();
    const { text, end, error } = await read(client);
    expect(text).toBe('Oslo');
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ code: 'stream_broken' });
    expect((error as Error).message).toContain('not started again');
    expect(end).toMatchObject({ answered_by: 'candidate', reason: 'stream_broken' });
    expect(servers.baseline.seen).toEqual([]);
    expect(client.state().health).toBeLessThan(1);
  });

  test('works under the helpers of the client', async () => {
    const client = await hybrid();
    const final = await client.openai.chat.completions.stream({ model: 'any', messages }).finalContent();
    expect(final).toBe('local');
  });
});

describe('the caller gives up', () => {
  test('before an answer: nobody else is asked', async () => {
    servers.behave(hang);
    const client = await hybrid();
    const controller = new AbortController();
    const answer = client.chat.completions.create({ model: 'any', messages }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
    expect(servers.baseline.seen).toEqual([]);
    expect(client.state()).toEqual({ health: 1, circuit: 'closed' });
  });

  test('in the middle of a stream: the candidate is let go, and not blamed', async () => {
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((done) => (isClosed = done));
    servers.behave((response, { body }) => {
      response.on('close', isClosed);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = { model: body?.['model'], choices: [{ index: 0, delta: { content: 'Os' }, finish_reason: null }] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    });
    const client = await hybrid();
    const stream = await client.chat.completions.create({ model: 'any', messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'Os') break;
    await closed;
    expect(client.state()).toEqual({ health: 1, circuit: 'closed' });
  });
});

describe('a candidate that is down', () => {
  test('is not asked any more, is probed, and comes back', async () => {
    const changes: string[] = [];
    let isBack: () => void = () => undefined;
    const back = new Promise<void>((done) => (isBack = done));
    const onCircuit = (state: string) => {
      changes.push(state);
      if (state === 'closed') isBack();
    };
    servers.behave(status(500));
    const client = await hybrid({ retries: 0, probeIntervalMs: 30, onCircuit });
    for (let i = 0; i < 3; i++) await ask(client);
    expect(client.state()).toMatchObject({ circuit: 'open' });
    expect((await ask(client)).onpar).toMatchObject({ reason: 'circuit_open', attempts: { candidate: 0, baseline: 1 } });
    servers.behave(say('local'));
    await back;
    expect(changes).toEqual(['open', 'closed']);
    expect(servers.candidate.seen.at(-1)?.body).toMatchObject({ max_tokens: 1 });
    expect((await ask(client)).onpar).toMatchObject({ answered_by: 'candidate', health: 1 });
  });

  test('stays unasked while its probes fail', async () => {
    servers.behave(status(500));
    const client = await hybrid({ retries: 0, probeIntervalMs: 20, probe: 'models' });
    for (let i = 0; i < 3; i++) await ask(client);
    const probes = () => servers.candidate.seen.filter(({ path }) => path === '/v1/models').length;
    while (probes() < 3) await new Promise((done) => setTimeout(done, 10));
    expect((await ask(client)).onpar).toMatchObject({ answered_by: 'baseline', reason: 'circuit_open' });
  });

  test('is not so for requests that do not suit it', async () => {
    servers.behave(status(400));
    const client = await hybrid();
    for (let i = 0; i < 5; i++) await ask(client);
    expect(client.state()).toEqual({ health: 1, circuit: 'closed' });
  });
});

describe('nobody answers', () => {
  test("the error is openai's, and says what each side said", async () => {
    servers.behave(status(500));
    await servers.baseline.close();
    const error: unknown = await ask(await hybrid({ retries: 0 })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 503, code: 'unreachable' });
    expect((error as Error).message).toMatch(/candidate: server_error .*baseline: unreachable/);
    expect((error as Error).message).not.toContain('sk-of-the-baseline');
  });

  test('within the time of the call', async () => {
    servers.behave(hang);
    const client = await hybrid({ localOnly: true, totalMs: 150 });
    await expect(ask(client)).rejects.toMatchObject({ status: 504, code: 'timed_out' });
  });
});

describe('localOnly', () => {
  test('never falls back, whatever fails', async () => {
    const client = await hybrid({ localOnly: true, retries: 0, firstTokenMs: 100, candidateMs: 100 });
    for (const fault of [status(500), reset, page, hang, status(429), say('mine', 'other')]) {
      servers.behave(fault);
      await expect(ask(client)).rejects.toBeInstanceOf(APIError);
    }
    expect(servers.baseline.seen).toEqual([]);
    servers.behave(say('local'));
    expect((await ask(client)).onpar).toMatchObject({ answered_by: 'candidate' });
  });

  const candidate = (baseURL: string) => ({ candidate: { provider: 'openai-compatible', baseURL, model: 'm' }, localOnly: true });

  test('refuses a candidate elsewhere, unless its name is allowed', async () => {
    for (const url of ['https://api.openai.com/v1', 'http://8.8.8.8/v1', 'http://gpu-box:1234/v1', 'http://[2001:db8::1]/v1'])
      await expect(openHybrid(candidate(url))).rejects.toMatchObject({ problems: [{ code: 'hybrid/not-local' }] });
    for (const url of ['http://192.168.1.5:1234/v1', 'http://localhost:1234/v1', 'http://[::1]:1234/v1', 'http://10.1.2.3/v1'])
      (await openHybrid(candidate(url))).close();
    (await openHybrid({ ...candidate('http://gpu-box:1234/v1'), allowHosts: ['gpu-box'] })).close();
  });
});

test('what only one server knows is refused, and so is what is neither protocol', async () => {
  const client = await hybrid();
  await expect(client.responses.create({ model: 'any', input: 'Hi', previous_response_id: 'resp_0' })).rejects.toMatchObject({
    status: 400,
    code: 'state_elsewhere',
  });
  await expect(client.openai.embeddings.create({ model: 'any', input: 'Hi' })).rejects.toMatchObject({ status: 404, code: 'not_hybrid' });
});

test('wrong options are told before anything is asked', async () => {
  const codeOf = (options: Partial<HybridOptions>) =>
    hybrid(options).then(
      () => null,
      (error: { problems?: { code: string }[] }) => error.problems?.[0]?.code,
    );
  const side = { provider: 'openai-compatible', model: 'm', baseURL: 'http://127.0.0.1:1/v1' };
  expect(await codeOf({ candidate: { ...side, provider: 'open-ai' } })).toBe('hybrid/bad-provider');
  expect(await codeOf({ candidate: { ...side, baseURL: 'no address' } })).toBe('hybrid/bad-option');
  expect(await codeOf({ totalMs: 1000, firstTokenMs: 1000 })).toBe('hybrid/bad-option');
  expect(await codeOf({ retries: 0.5 })).toBe('hybrid/bad-option');
  await expect(openHybrid({ candidate: side })).rejects.toMatchObject({ problems: [{ code: 'hybrid/no-baseline' }] });
});

test('the built package hands it out as onpar/hybrid, and a program that has it open ends by itself', async () => {
  const { execFile } = await import('node:child_process');
  const root = new URL('..', import.meta.url).pathname;
  const program = `
    import { openHybrid } from 'onpar/hybrid';
    const side = { provider: 'openai-compatible', model: 'm', baseURL: 'http://127.0.0.1:1/v1' };
    const client = await openHybrid({ candidate: side, baseline: side, retries: 0 });
    for (let i = 0; i < 3; i++) await client.chat.completions.create({ model: 'any', messages: [] }).catch((e) => e);
    console.log(client.state().circuit);`;
  const out = await new Promise<string>((done, fail) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], { cwd: root }, (error, stdout) =>
      error ? fail(new Error(error.message)) : done(stdout),
    );
  });
  expect(out).toBe('open\n');
});
