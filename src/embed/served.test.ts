import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { CannotHave } from './cannot-have.ts';
import { openEmbedder, type OpenEmbedder } from './index.ts';
import { isNear, parseServed } from './served-address.ts';
import { readVectors } from './served-client.ts';
import { WINDOW_BYTES, windowsOf } from './served-windows.ts';
import { listServed, type ServedOptions } from './served.ts';
import { bodyOf, embeddingServer, type EmbeddingServer, inCompany, MODEL, sendJson, vectorOf } from './test-embedding-server.ts';

let dir: string;
let server: EmbeddingServer;
let waited: number[];
const opened: OpenEmbedder[] = [];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'served-'));
  server = await embeddingServer();
  waited = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((embedder) => embedder.close()));
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(served: Partial<ServedOptions> = {}, name = server.name): Promise<OpenEmbedder> {
  const wait = (ms: number) => Promise.resolve(void waited.push(ms));
  const all = { env: {}, isOffline: false, contacted: () => {}, wait, ...served };
  const embedder = await openEmbedder({ name, modelsDirs: [], cacheDir: dir, served: all });
  opened.push(embedder);
  return embedder;
}

/** How many requests get to know a server: four texts alone, and together in two orders. */
const MEETING = 6;

/** Only the first meeting is answered as it should be. */
const misbehave = (answer: EmbeddingServer['answer']) =>
  (server.answer = (asked, response, request) =>
    server.asked.length <= MEETING ? sendJson(response, 200, bodyOf(asked)) : answer(asked, response, request));

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing went wrong',
    (error: unknown) => (error instanceof CannotHave ? `${error.problem.code}: ${error.message}; ${error.problem.fix ?? ''}` : error),
  );

const unit = (vector: number[]) => vector.map((x) => x / Math.hypot(...vector));
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('vectors', () => {
  test('have length 1, are those of the texts in their order, and come in batches of at most 32, as floats', async () => {
    const texts = Array.from({ length: 70 }, (_, i) => `text number ${i}`);
    const embedder = await open();
    const vectors = await embedder.embed(texts);
    vectors.forEach((vector, i) => expect(cosine(vector, unit(vectorOf(texts[i]!)))).toBeCloseTo(1, 6));
    expect(server.asked.slice(MEETING).map(({ input }) => input.length)).toEqual([32, 32, 6]);
    expect(server.asked.every(({ model, encoding_format }) => model === MODEL && encoding_format === 'float')).toBe(true);
    expect(embedder.stats()).toMatchObject({ texts: 70, cached: 0, computed: 70 });
  });

  test('that come in another order are put where "index" says', async () => {
    misbehave((asked, response) => sendJson(response, 200, { ...bodyOf(asked), data: bodyOf(asked).data.reverse() }));
    const [a] = await (await open()).embed(['aaaa', 'bcdefg']);
    expect(cosine(a!, unit(vectorOf('aaaa')))).toBeCloseTo(1, 6);
  });

  test('of a long text are the mean of its windows, each short enough for the server, and nothing is left out', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `word${i}`).join(' ');
    const [vector] = await (await open()).embed([text]);
    const windows = server.asked.slice(MEETING).flatMap(({ input }) => input);
    expect(windows.length).toBeGreaterThan(5);
    expect(windows.join(' ')).toBe(text);
    const sum = Array.from({ length: 8 }, () => 0);
    for (const window of windows) unit(vectorOf(window)).forEach((x, d) => (sum[d]! += x * Buffer.byteLength(window)));
    expect(cosine(vector!, unit(sum))).toBeCloseTo(1, 6);
  });

  test('of a server that gives a text another one in company are asked for one by one, and the note says so', async () => {
    server.answer = inCompany;
    const embedder = await open();
    await embedder.embed(['one', 'two', 'three']);
    expect(server.asked.slice(MEETING).map(({ input }) => input)).toEqual([['one'], ['two'], ['three']]);
    expect(embedder.note).toContain('one text at a time');
  });

  test.each(['', ' \n'])('exist for %j: no server takes an empty text', async (text) => {
    expect((await (await open()).embed([text]))[0]).toHaveLength(8);
    expect(server.asked.at(-1)?.input).toEqual([' ']);
  });
});

test.each([
  ['日本語の文章です。'.repeat(200)],
  ['x'.repeat(5000)],
  ['👩‍👩‍👧‍👦'.repeat(300)],
  [' '.repeat(3000) + 'a' + ' '.repeat(3000)],
  ['a b '.repeat(999)],
])('windows of %.8s… are short, and all of the text', (text) => {
  const windows = windowsOf(text);
  expect(Math.max(...windows.map((window) => Buffer.byteLength(window)))).toBeLessThanOrEqual(WINDOW_BYTES);
  expect(windows.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  expect(windows.join('')).not.toMatch(/\p{Surrogate}/u);
});

describe('what is trusted', () => {
  const good = bodyOf({ model: MODEL, input: ['a', 'b'], encoding_format: 'float' });
  const second = (change: object) => ({ ...good, data: [good.data[0], { ...good.data[1], ...change }] });
  test.each([
    [good, null],
    [{ ...good, data: undefined }, /no "data"/],
    [{ ...good, data: good.data.slice(1) }, /1 vectors came for 2 texts/],
    [{ ...good, data: [good.data[0], good.data[0]] }, /which text/],
    [second({ index: 2 }), /which text/],
    [second({ index: undefined }), /which text/],
    [second({ embedding: 'AAAA' }), /base64/],
    [second({ embedding: [] }), /no list/],
    [second({ embedding: [1, null, 0, 0, 0, 0, 0, 0] }), /finite/],
    [second({ embedding: [1, 2] }), /dimensions/],
    [second({ embedding: Array(8).fill(0) }), /no direction/],
    [{ ...good, model: 'another' }, /"another" answered/],
    [null, /no "data"/],
  ])('%#: a body is taken as it should be, or told what is wrong with it', (body, message) => {
    const read = readVectors(body, 2, MODEL);
    if (message === null) expect(read).toHaveLength(2);
    else expect(read).toMatch(message);
  });

  test('vectors of another length than the first are another model', async () => {
    misbehave(({ model, input }, response) =>
      sendJson(response, 200, { model, data: input.map((_, index) => ({ index, embedding: [1, 2, 3] })) }),
    );
    expect(await problemOf((await open()).embed(['a']))).toMatch(/bad-vectors: [^]*had 8 dimensions, and now have 3/);
  });
});

describe('what passes is tried again', () => {
  test.each([429, 500, 502, 503, 504])('%i', async (status) => {
    let times = 0;
    misbehave((asked, response) =>
      ++times < 3 ? sendJson(response, status, { error: { message: 'Loading model' } }) : sendJson(response, 200, bodyOf(asked)),
    );
    expect(await (await open()).embed(['a'])).toHaveLength(1);
    expect(waited).toEqual([500, 1000]);
  });

  test('a connection that is reset', async () => {
    let times = 0;
    misbehave((asked, response, request) => (++times === 1 ? request.socket.resetAndDestroy() : sendJson(response, 200, bodyOf(asked))));
    expect(await (await open()).embed(['a'])).toHaveLength(1);
  });

  test('Retry-After is heeded, within reason', async () => {
    const after = ['7', '9999'];
    misbehave((asked, response) => {
      const seconds = after.shift();
      if (seconds === undefined) return sendJson(response, 200, bodyOf(asked));
      response.writeHead(429, { 'retry-after': seconds }).end();
    });
    await (await open()).embed(['a']);
    expect(waited).toEqual([7_000, 30_000]);
  });

  test('but not for ever', async () => {
    misbehave((_, response) => sendJson(response, 503, { error: { message: 'Loading model' } }));
    expect(await problemOf((await open()).embed(['a']))).toMatch(/server-given-up: [^]*503, Loading model, 7 times/);
    expect(waited).toHaveLength(6);
  });
});

describe('what does not pass is told at once', () => {
  test.each([
    [400, { error: { message: 'No models loaded' } }, /refused: [^]*says 400[^]*No models loaded[^]*loaded/],
    [
      501,
      { error: { message: 'This server does not support embeddings' } },
      /refused: [^]*501[^]*does not support embeddings; [^]*--embedding/,
    ],
    [401, { error: 'no key' }, /refused: [^]*ONPAR_EMBEDDER_KEY/],
    [302, {}, /refused: [^]*302/],
    [200, { error: 'Unexpected endpoint or method' }, /refused: [^]*Unexpected endpoint/],
    [
      500,
      { error: { message: 'input (701 tokens) is too large to process. increase the physical batch size' } },
      /text-too-long: [^]*--ubatch-size/,
    ],
  ])('%i %j', async (status, body, message) => {
    misbehave((_, response) => sendJson(response, status, body));
    expect(await problemOf((await open()).embed(['a']))).toMatch(message);
    expect(waited).toEqual([]);
  });

  test('a web page', async () => {
    misbehave((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hi</title>'));
    expect(await problemOf((await open()).embed(['a']))).toMatch(/not-an-embedding-server: [^]*web page[^]*\/v1/);
  });

  test('half an answer', async () => {
    misbehave((_, response) => void response.writeHead(200).end('{"data":[{"ind'));
    expect(await problemOf((await open()).embed(['a']))).toMatch(/not-an-embedding-server: [^]*not JSON/);
  });

  test('nobody there: before anything else is asked', async () => {
    const free = createServer();
    const port = await new Promise<number>((done) => free.listen(0, '127.0.0.1', () => done((free.address() as { port: number }).port)));
    await new Promise((done) => free.close(done));
    expect(await problemOf(open({}, `http://127.0.0.1:${port}/v1#m`))).toMatch(/no-server: [^]*ECONNREFUSED/);
  });

  test('a model that the server does not have', async () => {
    expect(await problemOf(open({}, server.name.replace(MODEL, 'text-embedding-tinny')))).toMatch(
      /no-such-model: [^]*; did you mean "text-embedding-tiny"\?/,
    );
  });

  test('a server that lists no models is taken at its word', async () => {
    server.models = null;
    expect(await (await open()).embed(['a'])).toHaveLength(1);
  });
});

describe('the cache', () => {
  test('a second run computes nothing, and asks but for who is there', async () => {
    const first = await (await open()).embed(['one', 'two']);
    const again = await open();
    expect(await again.embed(['one', 'two'])).toEqual(first);
    expect(again.stats()).toMatchObject({ cached: 2, computed: 0 });
    expect(server.asked).toHaveLength(MEETING + 1 + MEETING);
  });

  test('offline it serves what it has and opens no socket; for the rest it says so', async () => {
    const online = await open();
    const first = await online.embed(['one']);
    const before = server.requests.length;
    const hosts: string[] = [];
    const offline = await open({ isOffline: true, contacted: (host) => hosts.push(host) });
    expect(offline.identity).toEqual(online.identity);
    expect(await offline.embed(['one'])).toEqual(first);
    expect(await problemOf(offline.embed(['one', 'two', 'three']))).toMatch(/offline: --offline: 2 texts have no cached vector/);
    expect({ hosts, asked: server.requests.length }).toEqual({ hosts: [], asked: before });
  });

  test('offline, a server that was never asked is told', async () => {
    expect(await problemOf(open({ isOffline: true }))).toMatch(/offline: [^]*no vector of "text-embedding-tiny"/);
    expect(server.requests).toEqual([]);
  });

  test('the identity is that of server, model and vectors: it stays for small noise, and not for other weights', async () => {
    const { identity } = await open();
    expect(identity).toMatchObject({ id: MODEL, dimensions: 8, pooling: 'served', bundled: false, server: server.host });
    expect(identity.revision).toMatch(/^served-[0-9a-f]{12}$/);
    const shifted =
      (by: number): EmbeddingServer['answer'] =>
      (asked, response) => {
        const data = bodyOf(asked).data.map((one) => ({ ...one, embedding: one.embedding.map((x, d) => (d === 0 ? x + by : x)) }));
        sendJson(response, 200, { ...bodyOf(asked), data });
      };
    server.answer = shifted(1e-5);
    expect((await open()).identity).toEqual(identity);
    server.answer = shifted(1);
    expect((await open()).identity.revision).not.toBe(identity.revision);
  });

  test('other weights behind the same name, by what the server says of them; a larger context is the same', async () => {
    const { identity } = await open();
    server.models = { data: [{ id: MODEL, meta: { n_params: 1000, n_ctx: 8192 } }] };
    expect((await open()).identity).toEqual(identity);
    server.models = { data: [{ id: MODEL, meta: { n_params: 2000, n_ctx: 512 } }] };
    expect((await open()).identity.revision).not.toBe(identity.revision);
  });

  test('two servers never share vectors', async () => {
    await (await open()).embed(['one']);
    const other = await embeddingServer();
    const embedder = await open({}, other.name);
    await embedder.embed(['one']);
    expect(embedder.stats()).toMatchObject({ cached: 0, computed: 1 });
    await embedder.close();
    await other.close();
    expect(readdirSync(dir).filter((name) => name.startsWith(MODEL))).toHaveLength(2);
    expect(
      listServed(dir)
        .map(({ host }) => host)
        .sort(),
    ).toEqual([server.host, other.host].sort());
  });
});

describe('who is asked, and with what', () => {
  test('the host is told; the key is sent where there is one', async () => {
    const hosts = new Set<string>();
    await open({ contacted: (host) => hosts.add(host), env: { ONPAR_EMBEDDER_KEY: 'sk-local' } });
    expect([...hosts]).toEqual([server.host]);
    expect([...new Set(server.requests)]).toEqual(['GET /v1/models Bearer sk-local', 'POST /v1/embeddings Bearer sk-local']);
  });

  test('no proxy comes between', async () => {
    const proxy = 'http://127.0.0.1:9';
    await open({ env: { HTTP_PROXY: proxy, http_proxy: proxy } });
    expect(server.asked).toHaveLength(MEETING);
  });

  const read = (text: string, env = {}) => parseServed(text, env);

  test.each([
    ['http://localhost:1234/v1#m', 'http://localhost:1234/v1', 'm'],
    ['http://localhost:1234#BAAI/bge-m3', 'http://localhost:1234/v1', 'BAAI/bge-m3'],
    ['http://10.1.2.3/api/v1/embeddings#a%20b', 'http://10.1.2.3/api/v1', 'a b'],
    ['https://[::1]:8080/v1/#m', 'https://[::1]:8080/v1', 'm'],
  ])('%s', (text, base, model) => expect(read(text)).toMatchObject({ base, model }));

  test.each([
    ['http://localhost:1234/v1', /which of its models\?[^]*\/v1#text-embedding/],
    ['http://localhost:1234/v1?key=1#m', /"\?"/],
    ['http://', /no address/],
    ['http://8.8.8.8/v1#m', /outside this machine and its network[^]*ONPAR_EMBEDDER_ALLOW=8\.8\.8\.8/],
    ['http://[2001:db8::1]/v1#m', /outside/],
    ['http://[::ffff:8.8.8.8]/v1#m', /outside/],
    ['http://me:secret@localhost/v1#m', /^(?![^]*secret)[^]*ONPAR_EMBEDDER_KEY/],
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  test('a public host may be asked when it is named', () => {
    expect(read('http://8.8.8.8/v1#m', { ONPAR_EMBEDDER_ALLOW: 'a.example, 8.8.8.8' }).host).toBe('8.8.8.8');
  });

  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])('%s is near', (address) => expect(isNear(address)).toBe(true));
  test.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '169.254.169.254', '2606:4700::1', '::ffff:1.1.1.1'])(
    '%s is not',
    (address) => expect(isNear(address)).toBe(false),
  );
});
