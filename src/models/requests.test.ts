/** What leaves this machine: parameters in each server's words, keys to their own server only, nothing from the environment. */
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import type { Params } from '../record.ts';
import { askOnce, modelFor, open, sayOslo, serve, type TestServer, toolsFor } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await serve(({ path, body }, response) =>
    path.endsWith('/chat/completions') || path.endsWith('/responses')
      ? sayOslo(response, String(body?.['model']))
      : void response.writeHead(404).end(),
  );
});
afterEach(() => server.close());

const asked = () => server.seen.filter(({ method }) => method === 'POST');

async function bodyOf(provider: string, model: string, params: Params, options: Record<string, unknown> = {}) {
  await askOnce(modelFor(provider, model, { base_url: `${server.origin}/v1`, ...options }), params);
  return asked().at(-1)?.body ?? {};
}

const sampling = { temperature: 0, top_p: 0.5, seed: 7, presence_penalty: 1, frequency_penalty: 1, logprobs: true, logit_bias: { 1: 1 } };

describe('parameters', () => {
  test.each([
    ['openai', 'gpt-4.1', { max_tokens: 9, ...sampling }, { max_completion_tokens: 9, ...sampling }],
    ['openai', 'gpt-4o-mini', { max_completion_tokens: 9, temperature: 0 }, { max_completion_tokens: 9, temperature: 0 }],
    ['openai', 'o4-mini', { max_tokens: 9, ...sampling, reasoning_effort: 'low' }, { max_completion_tokens: 9, reasoning_effort: 'low' }],
    ['openai', 'o1', { max_tokens: 9, ...sampling }, { max_completion_tokens: 9 }],
    ['openai', 'gpt-5-mini', { max_tokens: 9, ...sampling }, { max_completion_tokens: 9 }],
    ['openai', 'gpt-5.6-sol', { ...sampling }, {}],
    ['openai', 'ft:o4-mini-2025-04-16:us::1', { ...sampling }, {}],
    ['lmstudio', 'qwen3-4b', { max_completion_tokens: 9, ...sampling }, { max_tokens: 9, ...sampling }],
    ['openai-compatible', 'qwen3-4b', { max_completion_tokens: 9, top_k: 4 }, { max_tokens: 9, top_k: 4 }],
    ['litellm', 'local', { max_tokens: 9, seed: 1 }, { max_tokens: 9, seed: 1, disable_fallbacks: true }],
  ])('%s: %s gets those that it takes', async (provider, model, params, sent) => {
    const { messages, model: id, stream, stream_options, ...rest } = await bodyOf(provider, model, params);
    expect(rest).toEqual(sent);
    expect({ id, stream, stream_options }).toEqual({ id: model, stream: true, stream_options: { include_usage: true } });
    expect(messages).toEqual([{ role: 'user', content: 'What is the capital of Norway?' }]);
  });

  test('reasoning: true makes a reasoning model of a name that does not tell, false the other way round', async () => {
    expect(await bodyOf('openai', 'house-model', sampling, { reasoning: true })).not.toHaveProperty('temperature');
    expect(await bodyOf('openai', 'gpt-5-chat-latest', sampling, { reasoning: false })).toMatchObject(sampling);
  });

  test('fallbacks: true leaves fallbacks to LiteLLM', async () => {
    expect(await bodyOf('litellm', 'local', {}, { fallbacks: true })).not.toHaveProperty('disable_fallbacks');
  });

  test('the Responses API gets its own names', async () => {
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    const params = {
      max_tokens: 9,
      reasoning_effort: 'low',
      temperature: 0,
      response_format: { type: 'json_schema', json_schema: { name: 'city', strict: true, schema } },
    };
    const { input, ...rest } = await bodyOf('openai', 'o4-mini', params, { api: 'responses' });
    expect(asked().at(-1)?.path).toBe('/v1/responses');
    expect(input).toEqual([{ role: 'user', content: 'What is the capital of Norway?' }]);
    expect(rest).toEqual({
      model: 'o4-mini',
      stream: true,
      max_output_tokens: 9,
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'city', strict: true, schema } },
    });
  });

  test('a job in the background is stored and not streamed', async () => {
    const body = await bodyOf('openai', 'o4-mini-deep-research', {}, { api: 'responses', background: true });
    expect(body).toMatchObject({ background: true, store: true });
    expect(body).not.toHaveProperty('stream');
  });
});

/** Taken over by the openai client wherever nobody says otherwise. */
const POISON = {
  OPENAI_API_KEY: 'sk-of-the-environment',
  OPENAI_ADMIN_KEY: 'sk-admin-of-the-environment',
  OPENAI_ORG_ID: 'org-of-the-environment',
  OPENAI_PROJECT_ID: 'proj-of-the-environment',
  OPENAI_WEBHOOK_SECRET: 'whsec-of-the-environment',
  OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer sk-custom-environment\nX-Team: environment\nUser-Agent: environment',
  OPENAI_LOG: 'debug',
};

/** Sets what the client itself would read, beside what onpar is handed. */
async function withEnvironment<T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

describe('environment variables of the openai client', () => {
  test.each(['openai', 'lmstudio', 'litellm', 'openai-compatible'])(
    'neither redirect nor reach %s at an address of its own',
    async (by) => {
      const other = await serve((_, response) => sayOslo(response, 'elsewhere'));
      const env = { ...POISON, OPENAI_BASE_URL: `${other.origin}/v1` };
      const model = modelFor(by, 'gpt-4.1', { base_url: `${server.origin}/v1` });
      const { answer } = await withEnvironment(env, () => askOnce(model, {}, toolsFor(env)));
      expect(answer.state).toBe('ok');
      expect(other.seen).toEqual([]);
      expect(JSON.stringify(server.seen)).not.toContain('environment');
      expect(server.seen.map(({ headers }) => headers.authorization)).not.toContain(expect.anything());
      await other.close();
    },
  );

  test('do not replace the key of an entry', async () => {
    const model = modelFor('openai-compatible', 'm', { base_url: `${server.origin}/v1`, api_key: 'the-key-of-the-entry' });
    await withEnvironment(POISON, () => askOnce(model, {}, toolsFor(POISON)));
    expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer the-key-of-the-entry']));
  });

  test('only OpenAI itself is asked where an entry has no address', async () => {
    const proxy = await proxyServer();
    const env = { ...POISON, OPENAI_BASE_URL: `${server.origin}/v1`, HTTPS_PROXY: proxy.origin, NO_PROXY: '' };
    const hosts = new Set<string>();
    const tools = toolsFor(env, (host) => void hosts.add(host));
    const { answer } = await withEnvironment(env, () => askOnce(modelFor('openai', 'gpt-4.1', {}), {}, tools));
    expect(proxy.tunnels).toEqual(['api.openai.com:443']);
    expect([...hosts]).toEqual(['api.openai.com']);
    expect({ state: answer.state, seen: server.seen }).toEqual({ state: 'unreachable', seen: [] });
    await proxy.close();
  });
});

/** A proxy that lets nothing through and tells where it was to go. */
async function proxyServer() {
  const tunnels: string[] = [];
  const proxy = await serve((_, response) => void response.writeHead(502).end());
  proxy.server.on('connect', ({ url }: { url: string }, socket: Socket) => {
    tunnels.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  return { ...proxy, tunnels };
}

describe('a proxy of the company', () => {
  test('is not asked for what is on this machine', async () => {
    const proxy = await proxyServer();
    const env = { HTTP_PROXY: proxy.origin, HTTPS_PROXY: proxy.origin };
    const port = new URL(server.origin).port;
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.2'])
      await askOnce(modelFor('lmstudio', 'm', { base_url: `http://${host}:${port}/v1` }), {}, toolsFor(env));
    expect({ proxied: proxy.seen, tunnels: proxy.tunnels }).toEqual({ proxied: [], tunnels: [] });
    expect(asked().length).toBeGreaterThanOrEqual(2);
    await proxy.close();
  });

  test('is asked for the rest', async () => {
    const proxy = await proxyServer();
    const env = { HTTP_PROXY: proxy.origin, HTTPS_PROXY: proxy.origin, NO_PROXY: '' };
    await askOnce(modelFor('openai-compatible', 'm', { base_url: 'http://models.example/v1' }), {}, toolsFor(env));
    expect(proxy.tunnels.length + proxy.seen.length).toBe(1);
    await proxy.close();
  });
});

describe('what is wrong before anything is asked', () => {
  test.each([
    ['no key', modelFor('openai', 'gpt-4.1', {}), 'model/no-key'],
    ['no address', modelFor('litellm', 'm', {}), 'model/no-address'],
    ['a key with a line break in it', modelFor('openai', 'gpt-4.1', { api_key: 'sk-first\nsk-second' }), 'model/bad-key'],
    ['a key with a letter that no header takes', modelFor('openai', 'gpt-4.1', { api_key: 'sk-“quoted”' }), 'model/bad-key'],
  ])('%s', async (_, model, code) => {
    const error = await open(model).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems.map((p) => p.code)).toEqual([code]);
    expect(JSON.stringify((error as InputError).problems)).not.toMatch(/sk-first|quoted/);
  });

  test('a key may end in the line break of its file', async () => {
    await askOnce(modelFor('openai', 'gpt-4.1', { base_url: `${server.origin}/v1`, api_key: 'sk-from-a-file\n' }));
    expect(asked()[0]?.headers.authorization).toBe('Bearer sk-from-a-file');
  });

  test.each([
    ['me:pa%40ss:word', 'me:pa@ss:word'],
    ['me:100%', 'me:100%'],
    ['ключ:%E2%82%AC', 'ключ:€'],
  ])('a name and a password in an address, %s, are sent as a header', async (written, sent) => {
    await askOnce(modelFor('openai-compatible', 'm', { base_url: `${server.origin.replace('//', `//${written}@`)}/v1` }));
    const [scheme, basic = ''] = (asked()[0]?.headers.authorization ?? '').split(' ');
    expect([scheme, Buffer.from(basic, 'base64').toString()]).toEqual(['Basic', sent]);
  });
});
