/** What code that was written for the package openai does with its client, done with the hybrid one. */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { APIConnectionTimeoutError, APIError, APIUserAbortError, BadRequestError, InternalServerError, RateLimitError } from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HybridClient, type HybridOptions, openHybrid } from './hybrid-client.ts';
import { type Behaviour, hang, reset, say, status, twoServers, type TwoServers } from './hybrid-servers.ts';

let servers: TwoServers;
const open: HybridClient[] = [];
beforeEach(async () => {
  servers = await twoServers();
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await servers.close();
});

async function hybrid(options: Partial<HybridOptions> = {}): Promise<HybridClient> {
  const side = (origin: string, model: string) => ({ provider: 'openai-compatible', baseURL: `${origin}/v1`, model });
  const sides = { candidate: side(servers.candidate.origin, 'small'), baseline: side(servers.baseline.origin, 'large') };
  const client = await openHybrid({ ...sides, probeIntervalMs: 600_000, retries: 0, ...options });
  open.push(client);
  return client;
}

const messages = [{ role: 'user' as const, content: 'What is the capital of Norway?' }];
const body = { model: 'any', messages };

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const parts: T[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** Events as they are, and then the end of the connection. */
const events =
  (...data: (object | string)[]): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join(''));
  };
const whole =
  (value: object, type = 'application/json'): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(JSON.stringify(value));
  };
const chunk = (index: number, delta: object, finish_reason: string | null = null) => ({
  model: 'small',
  choices: [{ index, delta, finish_reason }],
});
const completion = (...choices: object[]) => ({ object: 'chat.completion', model: 'small', choices });

describe('a stream of several choices', () => {
  const first = [chunk(0, { content: 'a' }), chunk(1, { content: 'b' }), chunk(0, {}, 'stop')];
  const read = async (...data: (object | string)[]) => {
    servers.behave(events(...data));
    const stream = await (await hybrid()).chat.completions.create({ ...body, n: 2, stream: true });
    const choices = (await all(stream)).flatMap((one) => one.choices);
    return choices.filter((one) => one.finish_reason !== null).map((one) => one.index);
  };

  test('is complete when all have ended, with or without [DONE], and whatever comes after', async () => {
    const usage = { model: 'small', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
    expect(await read(...first, usage, chunk(1, {}, 'stop'), usage, '[DONE]')).toEqual([0, 1]);
    expect(await read(...first, chunk(1, {}, 'stop'))).toEqual([0, 1]);
  });

  test('is broken when one of them has not', async () => {
    await expect(read(...first)).rejects.toMatchObject({ code: 'stream_broken' });
    await expect(read(...first, '[DONE]')).rejects.toMatchObject({ code: 'stream_broken' });
    // the second did not even begin
    await expect(read(chunk(0, { content: 'a' }), chunk(0, {}, 'stop'))).rejects.toMatchObject({ code: 'stream_broken' });
  });

  test('may have fewer than were asked for, where the server says that it is done', async () => {
    expect(await read(chunk(0, { content: 'a' }), chunk(0, {}, 'stop'), '[DONE]')).toEqual([0]);
  });
});

describe('what an answer may be', () => {
  const choice = (message: object, finish_reason: string) => ({
    index: 0,
    message: { role: 'assistant', content: null, ...message },
    finish_reason,
  });
  const called = { function_call: { name: 'look_up', arguments: '{}' } };
  test.each([
    ['one of several that is not empty', whole(completion(choice({ content: '' }, 'stop'), choice({ content: 'b' }, 'stop'))), 'healthy'],
    ['empty all of them', whole(completion(choice({ content: '' }, 'stop'), choice({}, 'stop'))), 'empty'],
    ['withheld by a filter', whole(completion(choice({}, 'content_filter'))), 'healthy'],
    ['cut before it began', whole(completion(choice({}, 'length'))), 'healthy'],
    ['a call of a function as it used to be', whole(completion(choice(called, 'function_call'))), 'healthy'],
    ['JSON that calls itself text', whole(completion(choice({ content: 'a' }, 'stop')), 'text/plain'), 'healthy'],
  ])('%s', async (_, behaviour, reason) => {
    servers.behave(behaviour);
    const answer = await (await hybrid()).chat.completions.create({ ...body, n: 2 });
    expect(answer).toMatchObject({ object: 'chat.completion', onpar: { reason } });
  });

  test.each([
    ['withheld by a filter', [chunk(0, {}, 'content_filter')], 'healthy'],
    ['cut before it began', [chunk(0, {}, 'length')], 'healthy'],
    ['a call of a function as it used to be', [chunk(0, called), chunk(0, {}, 'function_call')], 'healthy'],
    ['nothing', [chunk(0, { content: '' }), chunk(0, {}, 'stop')], 'empty'],
  ])('%s, streamed', async (_, data, reason) => {
    servers.behave(events(...data, '[DONE]'));
    const stream = await (await hybrid()).chat.completions.create({ ...body, stream: true });
    await all(stream);
    expect(await stream.onpar).toMatchObject({ reason });
  });

  const response = (status: string, ...output: object[]) => ({ object: 'response', model: 'small', status, output });
  const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] });
  const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] };
  test.each([
    ['a text', response('completed', reasoning, message('a')), 'healthy'],
    ['a call', response('completed', { type: 'function_call', name: 'f', arguments: '{}', call_id: '1' }), 'healthy'],
    ['a thought alone', response('completed', reasoning), 'empty'],
    ['an empty text', response('completed', message('')), 'empty'],
    ['cut', response('incomplete'), 'healthy'],
    ['failed', response('failed'), 'malformed'],
  ])('a response: %s', async (_, value, reason) => {
    const client = await hybrid();
    servers.behave(whole(value));
    expect((await client.responses.create({ model: 'any', input: 'Hi' })).onpar.reason).toBe(reason);
    servers.behave(events({ type: `response.${value.status}`, response: value }));
    const stream = await client.responses.create({ model: 'any', input: 'Hi', stream: true });
    await all(stream);
    expect((await stream.onpar).reason).toBe(reason);
  });
});

describe('the caller gives up', () => {
  const aborted = async (client: HybridClient, until: () => boolean) => {
    const controller = new AbortController();
    const answer = client.chat.completions.create(body, { signal: controller.signal }).catch((error: unknown) => error);
    while (!until()) await new Promise((done) => setTimeout(done, 5));
    controller.abort();
    return answer;
  };

  test('while the baseline is asked', async () => {
    servers.behave(status(500));
    let isGone: () => void = () => undefined;
    const gone = new Promise<void>((done) => (isGone = done));
    const slow = await twoServers();
    slow.behave((response) => void response.on('close', isGone));
    const baseline = { provider: 'openai-compatible', baseURL: `${slow.candidate.origin}/v1`, model: 'large' };
    const error = await aborted(await hybrid({ baseline }), () => slow.candidate.seen.length === 1);
    expect(error).toBeInstanceOf(APIUserAbortError);
    await gone;
    expect(slow.candidate.seen).toHaveLength(1);
    await slow.close();
  });

  test('in the pause before another try, of which nothing is left', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    const before = timers();
    servers.behave(status(429, { 'retry-after': '60' }));
    const client = await hybrid({ localOnly: true, retries: 1 });
    const error = await aborted(client, () => servers.candidate.seen.length === 1);
    expect(error).toBeInstanceOf(APIUserAbortError);
    // a pause that went on would keep the process alive
    await new Promise((done) => setImmediate(done));
    expect(timers()).toBeLessThanOrEqual(before);
    expect(servers.candidate.seen).toHaveLength(1);
  });
  test('by the time-out of the call, with the error that the package has for it', async () => {
    servers.behave(hang);
    const answer = (await hybrid()).chat.completions.create(body, { timeout: 50 });
    await expect(answer).rejects.toBeInstanceOf(APIConnectionTimeoutError);
    expect(servers.baseline.seen).toEqual([]);
  });

  test('and who answered is known of a stream that nobody reads on', async () => {
    const start: Behaviour = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(chunk(0, { content: 'Os' }))}\n\n`);
    };
    servers.behave(start);
    const client = await hybrid();
    const unread = await client.chat.completions.create({ ...body, stream: true });
    unread.controller.abort();
    expect(await unread.onpar).toMatchObject({ answered_by: 'candidate', reason: 'healthy' });
    const left = await client.chat.completions.create({ ...body, stream: true });
    for await (const { choices } of left) if (choices.length > 0) break;
    expect(await left.onpar).toMatchObject({ answered_by: 'candidate', reason: 'healthy' });
  });
});

describe('errors are of the classes of the package', () => {
  test.each([
    [400, BadRequestError],
    [429, RateLimitError],
    [503, InternalServerError],
  ])('%i', async (code, type) => {
    servers.behave(status(code));
    const client = await hybrid({ localOnly: true });
    for (const stream of [false, true]) await expect(client.chat.completions.create({ ...body, stream })).rejects.toBeInstanceOf(type);
  });

  test('in the middle of a stream of responses', async () => {
    servers.behave(
      events(
        { type: 'response.output_text.delta', delta: 'Os' },
        { type: 'response.failed', response: { error: { message: 'out of memory' } } },
      ),
    );
    const stream = await (await hybrid()).responses.create({ model: 'any', input: 'Hi', stream: true });
    const error = await all(stream).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ code: 'stream_broken', message: expect.stringContaining('out of memory') as string });
  });
});

test('a stream that tells only at its end that another model spoke is an error, and is held against the candidate', async () => {
  const response = (model: string) => ({ object: 'response', model, status: 'completed', output: [] });
  const said = (model: string) =>
    events({ type: 'response.output_text.delta', delta: 'Os' }, { type: 'response.completed', response: response(model) });
  const client = await hybrid();
  const streamed = () => client.responses.create({ model: 'any', input: 'Hi', stream: true });
  servers.behave(said('another'), said('small'));
  await expect(all(await streamed())).rejects.toMatchObject({ code: 'wrong_model' });
  expect(client.state().health).toBeLessThan(1);
  const right = await streamed();
  expect((await all(right)).at(-1)?.onpar).toMatchObject({ model: 'small' });
  expect(await right.onpar).toMatchObject({ model: 'small' });
});

describe('the helpers of the client', () => {
  const schema = { name: 'city', strict: true, schema: { type: 'object', properties: { city: { type: 'string' } } } };

  test('.parse reads JSON, and .asResponse and .withResponse give the response', async () => {
    servers.behave(say('{"city":"Oslo"}'));
    const { openai, chat } = await hybrid();
    const parsed = await openai.chat.completions.parse({ ...body, response_format: { type: 'json_schema', json_schema: schema } });
    expect(parsed.choices[0]?.message.parsed).toEqual({ city: 'Oslo' });
    expect(parsed).toHaveProperty('onpar.answered_by', 'candidate');
    const response = await chat.completions.create(body).asResponse();
    expect(response.headers.get('x-onpar-answered-by')).toBe('candidate');
    expect(await response.json()).toHaveProperty('onpar.reason', 'healthy');
    const { data } = await chat.completions.create({ ...body, stream: true }).withResponse();
    await all(data);
    expect(await data.onpar).toMatchObject({ reason: 'healthy' });
    const unwrapped = await openai.responses.create({ model: 'any', input: 'Hi' })._thenUnwrap(({ output_text }) => ({ output_text }));
    expect(unwrapped).toEqual({ output_text: '{"city":"Oslo"}' });
  });

  test('of responses stream and parse, too', async () => {
    servers.behave(status(500));
    const { openai } = await hybrid();
    const text = { format: { type: 'json_schema' as const, ...schema } };
    expect((await openai.responses.parse({ model: 'any', input: 'Hi' })).output_text).toBe('remote');
    servers.behave(say('{"city":"Oslo"}'));
    expect((await openai.responses.parse({ model: 'any', input: 'Hi', text })).output_parsed).toEqual({ city: 'Oslo' });
  });

  test('runTools runs each tool once, whoever answers', async () => {
    const call = { id: '1', type: 'function', function: { name: 'look_up', arguments: '{"name":"Norway"}' } };
    const choice = { index: 0, message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' };
    servers.behave(whole(completion(choice)), reset);
    const { openai } = await hybrid();
    const runs: unknown[] = [];
    const tool = {
      type: 'function' as const,
      function: {
        name: 'look_up',
        description: 'looks it up',
        parameters: { type: 'object' },
        parse: (text: string) => JSON.parse(text) as object,
        function: (asked: object) => (runs.push(asked), 'Oslo'),
      },
    };
    const final = await openai.chat.completions.runTools({ ...body, tools: [tool] }).finalContent();
    expect([final, runs]).toEqual(['remote', [{ name: 'Norway' }]]);
    expect(servers.baseline.seen[0]?.body?.['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool', content: 'Oslo' },
    ]);
  });

  test('stream_options are passed on, and the usage comes back', async () => {
    const usage = { model: 'small', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
    servers.behave(events(chunk(0, { content: 'a' }), chunk(0, {}, 'stop'), usage, '[DONE]'));
    const stream = await (await hybrid()).chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
    expect((await all(stream)).map((one) => one.usage?.total_tokens)).toEqual([undefined, undefined, 3]);
    expect(servers.candidate.seen[0]?.body).toMatchObject({ stream_options: { include_usage: true } });
  });
});

describe('refused, and asked of nobody', () => {
  test.each([
    ['a job in the background', { background: true }],
    ['a prompt that one server keeps', { prompt: { id: 'pmpt_1' } }],
    ['a tool that one server runs', { tools: [{ type: 'web_search' as const }] }],
  ])('%s', async (_, more) => {
    const answer = (await hybrid()).responses.create({ model: 'any', input: 'Hi', ...more });
    await expect(answer).rejects.toMatchObject({ status: 400, code: 'state_elsewhere' });
    expect([servers.candidate.seen, servers.baseline.seen]).toEqual([[], []]);
  });

  test('a query of its own', async () => {
    const answer = (await hybrid()).chat.completions.create(body, { query: { 'api-version': '1' } });
    await expect(answer).rejects.toMatchObject({ status: 404, code: 'not_hybrid' });
  });

  test('a time that a timer cannot hold', async () => {
    await expect(hybrid({ probeIntervalMs: 2 ** 31 })).rejects.toMatchObject({ problems: [{ code: 'hybrid/bad-option' }] });
  });
});

test('a request of the side wins over the call, in the names of either protocol', async () => {
  const candidate = { provider: 'openai-compatible', baseURL: `${servers.candidate.origin}/v1`, model: 'small', params: { max_tokens: 7 } };
  const client = await hybrid({ candidate });
  await client.chat.completions.create({ ...body, max_completion_tokens: 50 });
  await client.responses.create({ model: 'any', input: 'Hi', max_output_tokens: 50 });
  expect(servers.candidate.seen.map((one) => one.body)).toMatchObject([{ max_tokens: 7 }, { max_output_tokens: 7 }]);
  expect(servers.candidate.seen[0]?.body).not.toHaveProperty('max_completion_tokens');
  expect(servers.candidate.seen[1]?.body).not.toHaveProperty('max_tokens');
});

test('a probe is short whatever the side asks for, and speaks its protocol', async () => {
  for (const [api, path, key, tokens] of [
    ['chat', '/v1/chat/completions', 'max_tokens', 1],
    ['responses', '/v1/responses', 'max_output_tokens', 16],
  ] as const) {
    const closed = new Promise<void>((done) => {
      const candidate = {
        provider: 'openai-compatible',
        baseURL: `${servers.candidate.origin}/v1`,
        model: 'small',
        params: { max_tokens: 900 },
        options: { api },
      };
      servers.behave(reset, reset, reset, say('back'));
      void hybrid({ candidate, probeIntervalMs: 10, onCircuit: (state) => (state === 'closed' ? done() : undefined) }).then(
        async (client) => {
          for (let i = 0; i < 3; i++) await client.chat.completions.create(body);
        },
      );
    });
    await closed;
    expect(servers.candidate.seen.at(-1)).toMatchObject({ path, body: { [key]: tokens } });
  }
});

test('localOnly: a name of this machine that is looked up to another one is not asked', async () => {
  const { lookup } = dns;
  const { port } = new URL(servers.candidate.origin);
  const outside = ((_name: string, options: { all?: boolean }, done: (...of: unknown[]) => void) =>
    options.all ? done(null, [{ address: '203.0.113.9', family: 4 }]) : done(null, '203.0.113.9', 4)) as unknown as typeof lookup;
  dns.lookup = outside;
  syncBuiltinESMExports();
  try {
    const candidate = { provider: 'openai-compatible', baseURL: `http://models.localhost:${port}/v1`, model: 'small' };
    const error: unknown = await (await hybrid({ candidate, localOnly: true })).chat.completions.create(body).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'not_asked' });
    expect((error as Error).message).toContain('203.0.113.9');
  } finally {
    dns.lookup = lookup;
    syncBuiltinESMExports();
  }
  expect((await (await hybrid({ localOnly: true })).chat.completions.create(body)).onpar.reason).toBe('healthy');
});
