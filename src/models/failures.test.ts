/** Connections that fail, and servers that keep one waiting. What servers say is in the corpus, answer-shapes.test.ts. */
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { APIConnectionError } from 'openai';
import { describe, expect, test } from 'vitest';
import { failureOf } from './failures.ts';
import { askOnce, modelFor, open, question, sayOslo, serve } from './test-server.ts';
import { NoConnection } from './transport.ts';

const MODEL = (base_url: string, options: Record<string, unknown> = {}) => modelFor('openai-compatible', 'm', { base_url, ...options });

describe('no connection', () => {
  test('nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const { port } = free.address() as AddressInfo;
    await new Promise((done) => free.close(done));
    const { answer, isTransient } = await askOnce(MODEL(`http://localhost:${port}/v1`));
    expect({ state: answer.state, isTransient }).toEqual({ state: 'unreachable', isTransient: true });
    expect(answer.why).toMatch(/nobody listens there \(ECONNREFUSED.*asked at http:\/\/localhost/);
  });

  test('there is no such host', async () => {
    const { answer } = await askOnce(MODEL('http://nowhere.invalid/v1'));
    expect(answer.state).toBe('unreachable');
  });

  test.each([
    ['ConnectTimeoutError', 'UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['AbortError', 'UND_ERR_ABORTED', 'unreachable'],
    ['SocketError', 'UND_ERR_SOCKET', 'unreachable'],
    ['HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'timed_out'],
  ])('%s is %s', (name, code, state) => {
    const reason = Object.assign(new Error('what happened'), { name, code });
    expect(failureOf(new APIConnectionError({ cause: new NoConnection(reason) }))).toMatchObject({ state, isTransient: true });
  });
});

type Send = (response: ServerResponse) => void;
const piece = 'data: {"choices":[{"index":0,"delta":{"content":"Oslo"}}]}\n\n';

describe.concurrent('a server that keeps one waiting', () => {
  test.each<[string, Send]>([
    ['for the headers', () => {}],
    ['for the body', (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()],
    ['for the rest of the body', (response) => void response.writeHead(200).write(piece)],
  ])('%s is given up after timeout_s', async (_, send) => {
    const server = await serve((_seen, response) => send(response));
    const { answer, isTransient } = await askOnce(MODEL(`${server.origin}/v1`, { timeout_s: 0.3 }));
    expect({ state: answer.state, isTransient, answer: answer.answer }).toEqual({ state: 'timed_out', isTransient: true, answer: '' });
    expect(answer.why).toContain('no answer within 0.3 s');
    await server.close();
  });

  test('for what its error was is given up, too', async () => {
    const server = await serve((_, response) => void response.writeHead(401).write('{"error":'));
    const { answer, isTransient } = await askOnce(MODEL(`${server.origin}/v1`, { timeout_s: 0.3 }));
    expect({ state: answer.state, isTransient }).toEqual({ state: 'unauthorized', isTransient: false });
    await server.close();
  });

  test('is left at once when the run is cut', async () => {
    const server = await serve(() => {});
    const opened = await open(MODEL(`${server.origin}/v1`));
    const cut = new AbortController();
    setTimeout(() => cut.abort(), 100);
    const { answer } = await opened.ask(question(), cut.signal);
    expect(answer.state).toBe('timed_out');
    expect(answer.why).not.toContain('within');
    await server.close();
  });
});

describe.concurrent('what a server tells of itself', () => {
  const V1 = {
    models: [
      {
        key: 'qwen/qwen3-4b',
        format: 'gguf',
        quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
        max_context_length: 32768,
        loaded_instances: [{ id: 'qwen/qwen3-4b:2', config: { context_length: 8192, parallel: 4 } }],
      },
    ],
  };
  const V0 = {
    data: [
      {
        id: 'qwen/qwen3-4b',
        state: 'loaded',
        quantization: 'Q8_0',
        compatibility_type: 'mlx',
        max_context_length: 32768,
        loaded_context_length: 4096,
      },
    ],
  };
  const PAGES: Record<string, unknown> = {
    '/v1/models': { data: [{ id: 'qwen/qwen3-4b', meta: { n_ctx: 4096, ftype: 3 } }] },
    '/props': { build_info: 'b10434', default_generation_settings: { n_ctx: 2048 }, total_slots: 2 },
  };
  const factsOf = async (provider: string, pages: Record<string, unknown>, failing = 0) => {
    let left = failing;
    const server = await serve(({ path, method }, response) => {
      if (method === 'POST' && left-- > 0) return void response.writeHead(500).end();
      if (method === 'POST') return sayOslo(response, 'qwen/qwen3-4b');
      const page = pages[path];
      response.writeHead(page === undefined ? 404 : 200).end(JSON.stringify(page));
    });
    const opened = await open(modelFor(provider, 'qwen/qwen3-4b', { base_url: `${server.origin}/v1` }));
    const signal = new AbortController().signal;
    for (let i = 0; i < failing; i++) await opened.ask(question(), signal);
    const { answer } = await opened.ask(question(), signal);
    await opened.ask(question(), signal);
    await server.close();
    return { facts: answer.call?.provenance, asked: server.seen.filter(({ method }) => method === 'GET').length };
  };

  test.each([
    ['lmstudio', 'LM Studio 0.4 and newer', { '/api/v1/models': V1 }, { quantization: 'Q4_K_M', format: 'gguf', context_length: 8192 }, 1],
    ['lmstudio', 'older LM Studio', { '/api/v0/models': V0 }, { quantization: 'Q8_0', format: 'mlx', context_length: 4096 }, 2],
    ['lmstudio', 'something else', { '/api/v1/models': 'Hello', '/api/v0/models': [1] }, {}, 2],
    ['openai-compatible', 'llama.cpp', PAGES, { quantization: '3', context_length: 2048, build: 'b10434' }, 2],
    ['openai-compatible', 'something else', {}, {}, 2],
  ])('%s: %s is asked once', async (provider, _, pages, facts, asked) => {
    expect(await factsOf(provider, pages)).toEqual({ facts, asked });
  });

  test('is asked for again when the first question failed', async () => {
    expect((await factsOf('lmstudio', { '/api/v1/models': V1 }, 2)).facts).toMatchObject({ quantization: 'Q4_K_M' });
  });

  test('holds up no answer for long', async () => {
    const server = await serve(({ method }, response) =>
      method === 'POST' ? sayOslo(response, 'm') : void response.writeHead(200).write('{'),
    );
    const { answer } = await askOnce(MODEL(`${server.origin}/v1`));
    expect({ state: answer.state, provenance: answer.call?.provenance }).toEqual({ state: 'ok', provenance: {} });
    await server.close();
  });
});

test('all answers of a LiteLLM group must come from the backend of the first', async () => {
  const backends = ['openai/smollm2', 'openai/smollm2', 'openai/gemma', 'openai/smollm2'];
  const server = await serve((_, response) => {
    response.setHeader('x-litellm-model-name', backends.shift() ?? '');
    sayOslo(response, 'local');
  });
  const opened = await open(modelFor('litellm', 'local', { base_url: `${server.origin}/v1` }));
  const states: string[] = [];
  for (let i = 0; i < 4; i++) states.push((await opened.ask(question(), new AbortController().signal)).answer.state);
  expect(states).toEqual(['ok', 'ok', 'wrong_model', 'ok']);
  await server.close();
});

test('a warm-up asks one small question, and a server that is down does not make it fail', async () => {
  const server = await serve((_, response) => void response.writeHead(500).end());
  const opened = await open(modelFor('lmstudio', 'm', { base_url: `${server.origin}/v1` }));
  await opened.warmUp?.(new AbortController().signal);
  expect(server.seen.map(({ body }) => body)).toEqual([
    expect.objectContaining({ max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] }),
  ]);
  await server.close();
});
