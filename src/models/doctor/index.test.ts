import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { providers } from '../index.ts';
import { modelFor, type Seen, serve, toolsFor } from '../test-server.ts';
import { diagnose, type Diagnosis, type Need } from './index.ts';

type Body = Record<string, unknown>;
interface Reply {
  status?: number;
  /** of a failure, whatever its shape */
  error?: unknown;
  content?: string;
  reasoning_content?: string;
  reasoning?: string;
  tool?: { name: string; arguments: string };
  model?: string;
  finish?: string | null;
  usage?: object | null;
  isWhole?: boolean;
}

const nothing: Need = {
  ...{ suites: [], longest: null, smallestLimit: null, params: {} },
  ...{ jsonSchema: false, jsonObject: false, tools: false },
};
const kindOf = ({ response_format, tools }: Body) =>
  tools ? 'tools' : ((response_format as { type: string } | undefined)?.type ?? 'text');

/** A model that can do everything. */
const able = (body: Body): Reply =>
  ({
    tools: { tool: { name: 'get_weather', arguments: '{"city":"Oslo"}' }, finish: 'tool_calls' },
    json_schema: { content: '{"country":"Norway","capital":true}' },
    json_object: { content: '{"city":"Oslo"}' },
  })[kindOf(body)] ?? { content: 'Oslo is the capital of Norway.' };

function send(response: ServerResponse, asked: Body, reply: Reply): void {
  if (reply.status !== undefined) {
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    return void response.end(JSON.stringify({ error: reply.error }));
  }
  const { content = '', tool, finish = 'stop', usage = { prompt_tokens: 20, completion_tokens: 6 }, ...rest } = reply;
  const { model = asked['model'], isWhole, ...thoughts } = rest;
  const said = { ...thoughts, content, ...(tool && { tool_calls: [{ index: 0, function: tool }] }) };
  if (isWhole) return void response.end(JSON.stringify({ model, usage, choices: [{ index: 0, message: said, finish_reason: finish }] }));
  const events = [
    { choices: [{ index: 0, delta: said }] },
    { choices: [{ index: 0, delta: {}, finish_reason: finish }] },
    { choices: [], usage },
  ];
  response.end([...events.map((event) => `data: ${JSON.stringify({ model, ...event })}\n\n`), 'data: [DONE]\n\n'].join(''));
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server that answers GETs from `facts`, and chat by `reply`; null keeps a question hanging. */
async function start(facts: Record<string, unknown>, reply: (body: Body) => Reply | null = able) {
  const server = await serve(({ path, body }: Seen, response) => {
    if (body) {
      const said = reply(body);
      return said === null ? undefined : send(response, body, said);
    }
    const fact = facts[path];
    response.writeHead(fact === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(fact ?? { error: { message: 'no such page' } }));
  });
  closing.push(server.close);
  return server;
}

const list = (...data: object[]) => ({ object: 'list', data });
const deadlines = { fact: 5_000, first: 5_000, question: 5_000 };

interface Setting {
  provider?: 'openai' | 'lmstudio' | 'litellm' | 'openai-compatible';
  options?: Record<string, unknown>;
  need?: Partial<Need>;
  question?: number;
}

function examine(origin: string, { provider = 'openai-compatible', options = {}, need = {}, question = 5_000 }: Setting = {}) {
  const model = modelFor(provider, 'm-7b', { base_url: `${origin}/v1`, ...options });
  return diagnose(providers[provider], model, { ...nothing, ...need }, toolsFor(), { ...deadlines, question });
}

const statuses = ({ findings }: Diagnosis) => Object.fromEntries(findings.map(({ check, status }) => [check, status]));
const row = ({ findings }: Diagnosis, name: string) => findings.find(({ check }) => check === name);

describe('a server that can do everything', () => {
  test('LM Studio: loads on demand, then tells its context and its slots', async () => {
    const entry = { type: 'llm', key: 'm-7b', quantization: { name: 'Q4_K_M' }, max_context_length: 32_768 };
    const config = { context_length: 8192, parallel: 4 };
    const facts: Record<string, unknown> = {
      '/v1/models': list({ id: 'm-7b' }, { id: 'other' }),
      '/api/v1/models': { models: [{ ...entry, loaded_instances: [] }] },
    };
    const { origin } = await start(facts, (body) => {
      facts['/api/v1/models'] = { models: [{ ...entry, loaded_instances: [{ id: 'm-7b', config }] }] };
      return able(body);
    });
    const longest = { suite: 's', case: 'long', prompt: 3000, limit: 1000 };
    const found = await examine(origin, { provider: 'lmstudio', need: { longest, jsonSchema: true, jsonObject: true, tools: true } });
    expect(statuses(found)).toEqual({
      ...{ server: 'ok', key: 'ok', 'model known': 'ok', loaded: 'ok', answers: 'ok', context: 'ok', streaming: 'ok', usage: 'ok' },
      ...{ reasoning: 'ok', json_schema: 'ok', json_object: 'ok', tools: 'ok', parallel: 'ok', speed: expect.any(String) as string },
      determinism: 'ok',
    });
    expect(row(found, 'loaded')?.found).toContain('by the first question');
    expect(row(found, 'context')?.found).toContain('8192');
    expect(found.findings.filter(({ fix }) => fix !== null)).toEqual([]);
  });

  test('llama.cpp: the context of a slot, and fewer slots than onpar asks for', async () => {
    const props = { total_slots: 2, default_generation_settings: { n_ctx: 4096 } };
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b.gguf' }), '/props': props, '/health': { status: 'ok' } });
    const longest = { suite: 's', case: 'long', prompt: 3000, limit: 2000 };
    const found = await examine(origin, { options: { concurrency: 4 }, need: { longest } });
    expect(statuses(found)).toMatchObject({ 'model known': 'ok', loaded: 'ok', context: 'blocks', parallel: 'warning' });
    expect(row(found, 'context')?.fix).toMatch(/--ctx-size 14336 \(2 slots share it\)/);
  });

  test('is asked by the client of eval: the same parser, deadline and model id', async () => {
    const { origin, seen } = await start({ '/v1/models': list({ id: 'm-7b' }) });
    await examine(origin, { need: { params: { temperature: 0.3 }, smallestLimit: 40 } });
    const [first] = seen.filter(({ body }) => body !== null);
    const stream = { stream: true, stream_options: { include_usage: true } };
    expect(first?.body).toMatchObject({ model: 'm-7b', temperature: 0.3, max_tokens: 40, ...stream });
  });
});

describe('a server that is not there', () => {
  test('is one row that says where, and how to start it', async () => {
    const server = await start({});
    await server.close();
    const { findings } = await examine(server.origin, { provider: 'lmstudio' });
    expect(findings).toMatchObject([
      { check: 'server', status: 'blocks' },
      { check: 'all else', status: 'unknown' },
    ]);
    expect(findings[0]).toMatchObject({
      found: expect.stringContaining('ECONNREFUSED') as string,
      fix: expect.stringContaining('lms server start') as string,
    });
  });

  test('an entry without its key or its address is a finding, too', async () => {
    const keyless = await diagnose(providers.openai, modelFor('openai', 'gpt-4.1', {}), nothing, toolsFor());
    expect(keyless.findings).toMatchObject([{ check: 'key', status: 'blocks' }]);
    const homeless = await diagnose(providers.litellm, modelFor('litellm', 'm', {}), nothing, toolsFor());
    expect(homeless.findings).toMatchObject([{ check: 'models.yaml', status: 'blocks' }]);
  });
});

describe('a server that fails', () => {
  test('one question that hangs is given up, and the others are asked', async () => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, (body) => (kindOf(body) === 'json_schema' ? null : able(body)));
    const found = await examine(origin, { question: 2_000 });
    expect(statuses(found)).toMatchObject({ json_schema: 'unknown', json_object: 'ok', tools: 'ok', determinism: 'ok' });
  });

  test('a wrong key blocks once, and is shown nowhere', async () => {
    const refuse = () => ({ status: 401, error: { message: 'Incorrect API key provided: sk-secret-1234', code: 'invalid_api_key' } });
    const { origin, seen } = await start({ '/v1/models': list({ id: 'm-7b' }) }, refuse);
    const found = await examine(origin, { options: { api_key: 'sk-secret-1234' } });
    expect(found.findings.filter(({ status }) => status === 'blocks')).toMatchObject([{ check: 'key' }]);
    expect(JSON.stringify(found)).not.toContain('sk-secret');
    expect(seen.filter(({ body }) => body !== null)).toHaveLength(1);
  });

  test('a model that it does not know blocks once, and the nearest name is offered', async () => {
    const unknown = () => ({ status: 404, error: { message: 'The model `m-7b` does not exist', code: 'model_not_found' } });
    const { origin } = await start({ '/v1/models': list({ id: 'm-7bb' }, { id: 'other' }) }, unknown);
    const found = await examine(origin);
    expect(found.findings.filter(({ status }) => status === 'blocks')).toMatchObject([{ check: 'model known' }]);
    expect(row(found, 'model known')?.fix).toContain('m-7bb');
  });

  test('another model answers: it blocks, and the rest is still probed', async () => {
    const { origin } = await start({ '/v1/models': list({ id: 'other' }) }, (body) => ({ ...able(body), model: 'other' }));
    const found = await examine(origin);
    expect(statuses(found)).toMatchObject({ 'model known': 'warning', answers: 'blocks', json_schema: 'ok', determinism: 'ok' });
    expect(row(found, 'answers')?.fix).toContain('model: other');
  });

  test("the suites' parameters are refused: that blocks, and the rest is probed without them", async () => {
    const picky = (body: Body): Reply => ('top_k' in body ? { status: 400, error: { message: 'Unknown parameter: top_k' } } : able(body));
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, picky);
    const found = await examine(origin, { need: { params: { top_k: 40 } } });
    expect(statuses(found)).toMatchObject({ parameters: 'blocks', answers: 'ok', json_schema: 'ok' });
  });
});

describe('what suites may need', () => {
  const bareString = (body: Body): Reply =>
    kindOf(body) === 'json_object' ? { status: 400, error: "'response_format.type' must be 'json_schema' or 'text'" } : able(body);
  const inWords = (body: Body): Reply => (kindOf(body) === 'text' ? able(body) : { content: 'Well, Oslo.' });

  test.each([
    ['json_object', bareString, 'jsonObject'],
    ['json_object', inWords, 'jsonObject'],
    ['json_schema', inWords, 'jsonSchema'],
    ['tools', inWords, 'tools'],
  ] as const)('%s blocks where a suite needs it, and is information elsewhere', async (check, reply, need) => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, reply);
    expect(statuses(await examine(origin))).toMatchObject({ [check]: 'info' });
    const needed = row(await examine(origin, { need: { [need]: true } }), check);
    expect(needed).toMatchObject({ status: 'blocks', fix: expect.any(String) as string });
  });

  test.each<[string, Reply, Record<string, string>]>([
    ['no finish_reason', { content: 'Oslo', finish: null }, { streaming: 'blocks' }],
    ['one piece', { content: 'Oslo', isWhole: true }, { streaming: 'warning' }],
    ['no usage', { content: 'Oslo', usage: null }, { usage: 'warning' }],
    ['zeros', { content: 'Oslo', usage: { prompt_tokens: 0, completion_tokens: 0 } }, { usage: 'warning' }],
    ['cut in its thoughts', { reasoning_content: 'Let me think', finish: 'length' }, { reasoning: 'info', json_schema: 'unknown' }],
    ['nothing but its thoughts', { reasoning_content: 'Let me think' }, { reasoning: 'warning', json_schema: 'unknown' }],
    ['nothing at all', { content: '' }, { answers: 'warning' }],
  ])('%s', async (_, reply, expected) => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, () => reply);
    expect(statuses(await examine(origin))).toMatchObject(expected);
  });

  test.each<[string, Reply]>([
    ['reasoning_content', { reasoning_content: 'hm', content: 'Oslo' }],
    ['reasoning,', { reasoning: 'hm', content: 'Oslo' }],
    ['<think> inside', { content: '<think>hm</think>Oslo' }],
    ['a lone </think>', { content: 'hm</think>Oslo' }],
    ['none', { content: 'Oslo' }],
  ])('reasoning comes as %s', async (shape, reply) => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, () => reply);
    expect(row(await examine(origin), 'reasoning')).toMatchObject({ status: 'ok', found: expect.stringContaining(shape) as string });
    const thinks = shape === 'none' ? 'ok' : 'warning';
    expect(row(await examine(origin, { need: { smallestLimit: 160 } }), 'reasoning')?.status).toBe(thinks);
  });

  test('a small limit that the thoughts use up', async () => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, () => ({ reasoning: 'hm', finish: 'length' }));
    const found = row(await examine(origin, { need: { smallestLimit: 160 } }), 'reasoning');
    expect(found).toMatchObject({ status: 'warning', found: expect.stringContaining('all 160 tokens') as string });
  });

  test('three answers at temperature 0 that differ', async () => {
    let count = 0;
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }) }, () => ({ content: `Oslo ${count++}` }));
    expect(statuses(await examine(origin))).toMatchObject({ determinism: 'warning' });
  });
});

describe('who stands behind a name', () => {
  test.each([
    ['2026-02-01', 'warning', 'in 30 days'],
    ['2026-03-04', 'ok', 'in 61 days'],
    ['2025-12-31', 'blocks', 'was to be shut down'],
    [null, 'ok', 'no date'],
  ])('OpenAI: shutdown_date %s is %s', async (shutdown_date, status, text) => {
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b', shutdown_date }) });
    const found = row(await examine(origin, { provider: 'openai' }), 'retirement');
    expect(found).toMatchObject({ status, found: expect.stringContaining(text) as string });
  });

  test('LiteLLM: a group of two models, until the entry names one', async () => {
    const deployment = (model: string) => ({ model_name: 'm-7b', litellm_params: { model } });
    const data = [deployment('openai/good'), deployment('openai/good'), deployment('openai/bad')];
    const { origin } = await start({ '/v1/models': list({ id: 'm-7b' }), '/health/liveliness': 'alive', '/model/info': { data } });
    const found = row(await examine(origin, { provider: 'litellm' }), 'backends');
    expect(found).toMatchObject({ status: 'warning', fix: expect.stringContaining('backend: openai/good') as string });
  });
});
