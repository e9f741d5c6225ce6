import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../run/lock.ts';
import { catalogue, folderName, readRecord } from './catalogue.ts';
import { findEncoder } from './encoder-folder.ts';
import { openEmbedder } from './index.ts';
import { CannotHave, hubAddress, pull, type PullTools } from './pull.ts';
import { type Answer, type FakeHub, fakeHub, send, sendPart, TINY, tiny, WEIGHTS } from './test-hub.ts';

let dir: string;
const hubs: FakeHub[] = [];
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'pull-'))));
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  rmSync(dir, { recursive: true, force: true });
});

async function hubWith(answer?: Answer): Promise<FakeHub> {
  const hub = await fakeHub(answer);
  hubs.push(hub);
  return hub;
}

const folders = () => ({ modelsDirs: [join(dir, 'models')], cacheDir: join(dir, 'vectors') });
const part = () => join(dir, 'models', '.parts', folderName(tiny), `${WEIGHTS}.part`);

/** What goes wrong is tried again at once, on a short fuse: nothing is to be had by waiting. */
function pullFrom({ origin }: { origin: string }, tools: Partial<PullTools> = {}) {
  return pull(tiny, folders(), {
    address: origin,
    env: {},
    signal: new AbortController().signal,
    takeLock,
    now: () => new Date('2026-01-02T03:04:05Z'),
    onProgress: () => {},
    onWait: () => {},
    wait: () => new Promise((done) => setTimeout(done, 2)),
    ...tools,
  });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing went wrong',
    (error: unknown) => (error instanceof CannotHave ? error.problem.code : error),
  );

describe('a whole pull', () => {
  test('ends in a folder that is found by name and gives the vectors that Python gives', async () => {
    const hub = await hubWith();
    const { isNew, folder } = await pullFrom(hub);
    expect({ isNew, dir: folder.dir }).toEqual({ isNew: true, dir: join(dir, 'models', folderName(tiny)) });
    const embedder = await openEmbedder({ name: 'tiny', ...folders() });
    const { texts, vectors } = JSON.parse(readFileSync(join(TINY, 'expected.json'), 'utf8')) as { texts: string[]; vectors: number[][] };
    const found = await embedder.embed(texts);
    await embedder.close();
    const farthest = Math.max(...found.flatMap((vector, i) => Array.from(vector, (x, d) => Math.abs(x - vectors[i]![d]!))));
    expect(farthest).toBeLessThan(1e-6);
    expect(hub.asked.map(({ path }) => path)).toEqual(tiny.files.map(({ path }) => path));
    expect(readdirSync(join(dir, 'models', '.parts'))).toEqual([]);
  });

  test('writes down what came, also of files without a pin', async () => {
    const hub = await hubWith();
    const { folder } = await pullFrom(hub);
    const record = readRecord(folder.dir)!;
    expect(record).toMatchObject({
      name: 'tiny',
      revision: tiny.revision,
      licence: 'MIT',
      from: hub.origin,
      pulled_at: '2026-01-02T03:04:05.000Z',
    });
    const content = readFileSync(join(TINY, 'tokenizer.json'));
    expect(record.files).toContainEqual({ path: 'tokenizer.json', bytes: content.length, sha256: hash('sha256', content) });
    expect(record.files).toHaveLength(tiny.files.length);
  });

  test('what is there is not asked for again; what is missing is', async () => {
    const hub = await hubWith();
    const { folder } = await pullFrom(hub);
    const before = hub.asked.length;
    expect(await pullFrom(hub)).toMatchObject({ isNew: false });
    expect(hub.asked).toHaveLength(before);
    rmSync(join(folder.dir, 'onnx', 'model.onnx'));
    expect(await pullFrom(hub)).toMatchObject({ isNew: true });
    expect(hub.times(WEIGHTS)).toBe(1);
    expect(hub.times('onnx/model.onnx')).toBe(2);
  });

  test('two at once: one waits, and finds it there', async () => {
    const hub = await hubWith();
    const waited: string[] = [];
    const both = [0, 1].map(() => pullFrom(hub, { onWait: (file) => waited.push(file) }));
    expect((await Promise.all(both)).map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect(waited).toHaveLength(1);
    expect(hub.asked).toHaveLength(tiny.files.length);
  });
});

describe('what came is gone on with', () => {
  const HALF = 700_000;

  test('after a cut, in the same pull', async () => {
    const hub = await hubWith(({ path, range }, response, content) => {
      if (path !== WEIGHTS || range !== null) return send({ range }, response, content);
      sendPart(response, content, HALF, () => response.destroy());
    });
    await pullFrom(hub);
    const ranges = hub.asked.filter(({ path }) => path === WEIGHTS).map(({ range }) => range);
    expect(ranges).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test('after Ctrl-C, by the next pull; until then nothing is found', async () => {
    const stop = new AbortController();
    let isSlow = true;
    const hub = await hubWith((asked, response, content) => {
      if (isSlow && asked.path === WEIGHTS) sendPart(response, content, HALF, () => {});
      else send(asked, response, content);
    });
    const onProgress = (path: string, done: number) => path === WEIGHTS && done >= HALF && stop.abort();
    await expect(pullFrom(hub, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
    expect(findEncoder('tiny', folders().modelsDirs)).toBeNull();
    expect(readFileSync(part())).toHaveLength(HALF);
    isSlow = false;
    await pullFrom(hub);
    expect(hub.asked.at(-1)).toMatchObject({ path: WEIGHTS, range: `bytes=${HALF}-` });
    expect(hub.times('onnx/model.onnx')).toBe(1);
  });

  test('not where the server knows no ranges: then from the beginning', async () => {
    const hub = await hubWith(({ path }, response, content) => {
      if (path === WEIGHTS && hub.times(WEIGHTS) === 1) sendPart(response, content, HALF, () => response.destroy());
      else send({ range: null }, response, content);
    });
    await pullFrom(hub);
    expect(hub.times(WEIGHTS)).toBe(2);
  });

  test.each([
    ['another length', (from: number, length: number) => `bytes ${from}-${length - 1}/${length + 1}`],
    ['another place', (from: number, length: number) => `bytes ${from - 1}-${length - 1}/${length}`],
  ])('not where the server speaks of %s: then from the beginning', async (_, contentRange) => {
    mkdirSync(join(part(), '..'), { recursive: true });
    writeFileSync(part(), readFileSync(join(TINY, WEIGHTS)).subarray(0, HALF));
    const hub = await hubWith(({ path, range }, response, content) => {
      if (path !== WEIGHTS || range === null) return send({ range: null }, response, content);
      response.writeHead(206, { 'content-range': contentRange(HALF, content.length) }).end('other bytes');
    });
    await pullFrom(hub);
    expect(hub.asked.slice(-2).map(({ range }) => range)).toEqual([`bytes=${HALF}-`, null]);
  });

  test('a part that is whole is not asked for', async () => {
    mkdirSync(join(part(), '..'), { recursive: true });
    writeFileSync(part(), readFileSync(join(TINY, WEIGHTS)));
    const hub = await hubWith();
    await pullFrom(hub);
    expect(hub.times(WEIGHTS)).toBe(0);
  });
});

describe('what cannot be had', () => {
  test('other bytes than those that are pinned: the file is removed, and no encoder is found', async () => {
    const hub = await hubWith((asked, response, content) => {
      if (asked.path === WEIGHTS) content[1000]! ^= 1;
      send(asked, response, content);
    });
    expect(await codeOf(pullFrom(hub))).toBe('embed/wrong-sha256');
    expect(hub.times(WEIGHTS)).toBe(1);
    expect(existsSync(part())).toBe(false);
    expect(findEncoder('tiny', folders().modelsDirs)).toBeNull();
  });

  test.each<[string, string, Answer]>([
    ['a page for a login', 'embed/not-the-file', (_, response) => response.end('<html>who are you?</html>')],
    ['something compressed', 'embed/not-the-file', (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')],
    ['404', 'embed/not-there', (_, response) => response.writeHead(404).end()],
    ['401', 'embed/refused', (_, response) => response.writeHead(401).end()],
    ['a circle', 'embed/bad-redirect', (_, response) => response.writeHead(302, { location: './config.json' }).end()],
    ['an address that is none', 'embed/bad-redirect', (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()],
  ])('%s', async (_, code, answer) => {
    const hub = await hubWith(answer);
    expect(await codeOf(pullFrom(hub))).toBe(code);
    expect(new Set(hub.asked.map(({ path }) => path)).size).toBeLessThanOrEqual(2);
  });

  test('weights of another length are not taken', async () => {
    const hub = await hubWith((asked, response, content) => send(asked, response, asked.path === WEIGHTS ? content.subarray(1) : content));
    expect(await codeOf(pullFrom(hub))).toBe('embed/other-size');
  });

  test('503 and resets: five times, then no more', async () => {
    const busy = await hubWith((_, response) => response.writeHead(503).end());
    expect(await codeOf(pullFrom(busy))).toBe('embed/given-up');
    expect(busy.asked).toHaveLength(5);
    const cutting = await hubWith((_, response) => response.destroy());
    expect(await codeOf(pullFrom(cutting))).toBe('embed/given-up');
  });

  test('503 that passes is past', async () => {
    const hub = await hubWith((asked, response, content) => {
      if (hub.asked.length <= 2) response.writeHead(503).end();
      else send(asked, response, content);
    });
    await pullFrom(hub);
  });

  test('nobody there', async () => {
    expect(await codeOf(pullFrom({ origin: 'http://127.0.0.1:9' }))).toBe('embed/no-connection');
  });

  test('a disk that is too full: nobody is asked', async () => {
    const hub = await hubWith();
    expect(await codeOf(pullFrom(hub, { freeBytes: () => Promise.resolve(1000) }))).toBe('embed/no-space');
    expect(hub.asked).toEqual([]);
  });

  test('a folder that cannot be written', async () => {
    writeFileSync(join(dir, 'models'), 'a file');
    expect(await codeOf(pullFrom(await hubWith()))).toBe('embed/disk');
  });
});

describe('the token', () => {
  const env = { HF_TOKEN: 'hf_secret' };

  test('goes to the hub, also behind a redirect to itself, and never to another host', async () => {
    const cdn = await hubWith();
    const hub = await hubWith(({ path, ...asked }, response, content) => {
      const isBehind = asked.range === null && hub.times(path) === 2;
      const to = path === WEIGHTS ? cdn.origin : isBehind ? null : hub.origin;
      if (to === null) send(asked, response, content);
      else response.writeHead(302, { location: `${to}/${tiny.repo}/resolve/${tiny.revision}/${path}` }).end();
    });
    await pullFrom(hub, { env });
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']));
    expect(cdn.asked).toEqual([expect.objectContaining({ path: WEIGHTS, authorization: null })]);
  });

  test('is in no error', async () => {
    const hub = await hubWith((_, response) => response.writeHead(403).end());
    const error = await pullFrom(hub, { env }).catch((error: unknown) => error);
    expect(JSON.stringify([error, (error as CannotHave).problem, String(error)])).not.toContain('hf_secret');
  });
});

test('HTTP_PROXY is gone through', async () => {
  const hub = await hubWith();
  const through: string[] = [];
  const proxy = createServer().on('connect', (request, socket, head) => {
    through.push(request.url ?? '');
    const onward = connect(hub.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    const end = () => [socket, onward].forEach((one) => one.destroy());
    onward.on('error', end);
    socket.on('error', end);
  });
  await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await pullFrom({ origin: 'http://hub.invalid' }, { env: { HTTP_PROXY: address } });
  expect(new Set(hub.asked.map(({ host }) => host))).toEqual(new Set(['hub.invalid']));
  expect(through[0]).toBe('hub.invalid:80');
  proxy.closeAllConnections();
  proxy.close();
});

describe('the address', () => {
  test('is the flag, else HF_ENDPOINT, else the hub', () => {
    expect(hubAddress(null, {})).toBe('https://huggingface.co');
    expect(hubAddress(null, { HF_ENDPOINT: 'https://mirror.example/api/hf/' })).toBe('https://mirror.example/api/hf');
    expect(hubAddress('http://localhost:8080', { HF_ENDPOINT: 'https://mirror.example' })).toBe('http://localhost:8080');
  });

  test.each(['mirror.example', 'ftp://mirror.example', 'https://mirror.example/?x=1', 'https://me:secret@mirror.example'])(
    '%s is none',
    (text) => {
      expect(() => hubAddress(text, {})).toThrow(/^--mirror(?![^]*secret)/);
    },
  );
});

test('every file of the catalogue is pinned: by a commit, its size and its sha256', () => {
  for (const [name, encoder] of Object.entries(catalogue)) {
    expect(encoder).toMatchObject({ name, revision: expect.stringMatching(/^[0-9a-f]{40}$/) as string });
    const paths = encoder.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json', '1_Pooling/config.json', 'onnx/model.onnx']));
    expect(new Set(encoder.files.map(({ sha256 }) => sha256)).size).toBe(paths.length);
    for (const { bytes, sha256 } of encoder.files)
      expect([sha256, bytes]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.any(Number)]);
  }
});
