/** The ledger against an outside observer of the same sockets, and what `--local-only` lets through. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type LookupFunction, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { Agent, request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { main } from './cli.ts';
import { watchSockets } from './egress.ts';
import { openHub } from './embed/hub.ts';
import { askOnce, modelFor, sayOslo, toolsFor } from './models/test-server.ts';
import type { RunRecord } from './record.ts';
import { NotLocal, openConnect } from './sockets.ts';

const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((one) => one()));

/** A server that counts what its own ends of the connections saw; `bytes` is what came in and went out. */
async function observed(server: Server, host = '127.0.0.1') {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((done) => void server.listen(0, host, done));
  close.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const bytes = () => ({
    in: sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    out: sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
  });
  return { port: (server.address() as AddressInfo).port, sockets, bytes };
}

const chat: RequestListener = (incoming, response) => {
  incoming.resume().on('end', () => sayOslo(response, 'm', `The capital of Norway is Oslo. ${'It lies by the sea. '.repeat(200)}`));
};

/** A project whose two models live on servers of their own. */
function project(ports: [number, number], host = '127.0.0.1'): string {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-egress-'));
  mkdirSync(join(folder, 'suites'));
  const entry = (name: string, port: number) =>
    `  ${name}: { provider: openai-compatible, base_url: "http://${host}:${port}/v1", model: m, answers: live, concurrency: 4 }\n`;
  writeFileSync(join(folder, 'suites/models.yaml'), `models:\n${entry('base', ports[0])}${entry('cand', ports[1])}`);
  const cases = Array.from(
    { length: 12 },
    (_, i) => `  - { name: c${i}, prompt: "Capital ${i}? ${'x'.repeat(i * 100)}", expected_elements: [Oslo] }\n`,
  );
  writeFileSync(
    join(folder, 'suites/small.yaml'),
    `name: small\ncapability: general\nbaseline: base\ncandidates: [cand]\nparity_target: 0.85\ndefaults: { weights: { coverage: 1 } }\ncases:\n${cases.join('')}`,
  );
  return folder;
}

async function evaluated(folder: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const said = { out: '', err: '' };
  const code = await main(['eval', ...args], { cwd: folder, env, out: (t) => void (said.out += t), err: (t) => void (said.err += t) });
  const read = (file: string) => readFileSync(join(folder, 'reports/latest', file), 'utf8');
  return { code, ...said, record: JSON.parse(read('run.json')) as RunRecord, read };
}

test('the ledger of a run says byte for byte what the servers saw', async () => {
  const [base, cand] = [await observed(createHttp(chat)), await observed(createHttp(chat))];
  const { record, out, read } = await evaluated(project([base.port, cand.port]));
  const of = (port: number) => record.egress?.filter(({ host }) => host === `127.0.0.1:${port}`);
  for (const [name, server] of Object.entries({ base, cand })) {
    expect(server.bytes().in).toBeGreaterThan(10_000);
    expect(of(server.port)).toEqual([
      {
        host: `127.0.0.1:${server.port}`,
        address: '127.0.0.1',
        purpose: `asking ${name}`,
        bytes_out: server.bytes().in,
        bytes_in: server.bytes().out,
        loopback: true,
      },
    ]);
  }
  expect(record.egress).toHaveLength(2);
  for (const text of [out, read('summary.md'), read('report.html')]) expect(text).toContain('nothing left this machine');
});

test('connections that were closed again and again are all in it', async () => {
  const server = await observed(
    createHttp((incoming, response) => void (response.setHeader('connection', 'close'), chat(incoming, response))),
  );
  const { record } = await evaluated(project([server.port, server.port]));
  expect(server.sockets.length).toBeGreaterThan(20);
  const sum = (key: 'bytes_in' | 'bytes_out') => record.egress?.reduce((all, entry) => all + entry[key], 0);
  expect({ in: sum('bytes_out'), out: sum('bytes_in') }).toEqual(server.bytes());
});

test('TLS is counted as it goes over the wire', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onpar-tls-'));
  const [keyFile, certFile] = [join(folder, 'k.pem'), join(folder, 'c.pem')];
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    certFile,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', made, { stdio: 'ignore' });
  const http = createHttp(chat);
  const tls = createTls({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (socket) => void http.emit('connection', socket));
  const server = await observed(tls);
  const ledger = watchSockets();
  close.push(ledger.close);
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const { answer } = await askOnce(modelFor('openai-compatible', 'm', { base_url: `https://localhost:${server.port}/v1` }));
    expect(answer.state).toBe('ok');
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  }
  const seen = server.bytes();
  const [entry] = ledger.entries().filter(({ host }) => host === `localhost:${server.port}`);
  // the sum of the plain text is about 5,000: keys, certificates and frames come on top
  expect({ in: entry?.bytes_out, out: entry?.bytes_in }).toEqual(seen);
  expect(seen.out).toBeGreaterThan(5_000);
});

test('a socket that nobody announced is in it, too', async () => {
  const server = await observed(createHttp(chat));
  const ledger = watchSockets();
  close.push(ledger.close);
  const agent = new Agent();
  await (await request(`http://127.0.0.1:${server.port}/`, { dispatcher: agent })).body.text();
  expect(ledger.entries()).toMatchObject([{ address: '127.0.0.1', purpose: 'unknown', bytes_out: server.bytes().in, loopback: false }]);
  await agent.destroy();
});

test('what a proxy gets is not taken for local, though the proxy stands on this machine', async () => {
  const target = await observed(createHttp(chat));
  const proxy = createServer();
  const { port } = await observed(proxy);
  proxy.on(
    'connection',
    (socket) => void socket.once('data', () => void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')),
  );
  const ledger = watchSockets();
  close.push(ledger.close);
  const env = { HTTP_PROXY: `http://127.0.0.1:${port}` };
  await askOnce(modelFor('openai-compatible', 'm', { base_url: 'http://192.0.2.1:8080/v1' }), {}, toolsFor(env));
  expect(ledger.entries()).toMatchObject([{ host: `127.0.0.1:${port}`, purpose: 'asking under-test through a proxy', loopback: false }]);
  expect(target.sockets).toHaveLength(0);
});

const LOCAL = { ONPAR_LOCAL_ONLY: '1' };

test.each([
  ['by the flag', ['--local-only'], {}],
  ['by the variable', [], LOCAL],
])('--local-only, %s: an address elsewhere is refused, named, and never reached', async (_, args, env) => {
  const server = await observed(createHttp(chat));
  const { code, record, out } = await evaluated(project([server.port, server.port], '192.0.2.1'), args, env);
  expect(code).toBe(3);
  expect(record.egress).toEqual([]);
  expect(record.verdicts[0]?.counts.hard_failures).toMatchObject({ not_asked: 12 });
  expect(out).toContain('nothing left this machine');
});

test('--local-only lets this machine answer', async () => {
  const server = await observed(createHttp(chat));
  const { code } = await evaluated(project([server.port, server.port], 'localhost'), ['--local-only']);
  expect(code).toBe(0);
});

test('--local-only stops a proxy variable: the proxy is not even connected to', async () => {
  const proxy = await observed(createServer());
  const env = { ...LOCAL, HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
  for (const base_url of ['http://192.0.2.1/v1', 'https://192.0.2.1/v1']) {
    const { answer, isTransient } = await askOnce(modelFor('openai-compatible', 'm', { base_url }), {}, toolsFor(env));
    expect({ state: answer.state, isTransient }).toEqual({ state: 'not_asked', isTransient: false });
    expect(answer.why).toContain('--allow-host 192.0.2.1');
  }
  expect(proxy.sockets).toHaveLength(0);
});

test('--local-only with an allowed host behind a proxy elsewhere: the proxy is refused', async () => {
  const env = { ...LOCAL, ONPAR_ALLOW_HOST: 'api.example.test', HTTP_PROXY: 'http://192.0.2.9:3128' };
  const { answer } = await askOnce(modelFor('openai-compatible', 'm', { base_url: 'http://api.example.test/v1' }), {}, toolsFor(env));
  expect(answer.state).toBe('not_asked');
  expect(answer.why).toContain('192.0.2.9');
});

test('--local-only stops a redirect to elsewhere', async () => {
  const server = await observed(
    createHttp((_, response) => void response.writeHead(302, { location: 'http://192.0.2.1/model.onnx' }).end()),
  );
  const hub = openHub(`http://127.0.0.1:${server.port}`, LOCAL);
  const got = hub.get(`http://127.0.0.1:${server.port}/model.onnx`, 0, AbortSignal.timeout(5_000));
  await expect(got).rejects.toMatchObject({ problem: { code: 'embed/not-local' } });
  await hub.close();
  // where answers come from, no redirect is followed at all
  const { answer } = await askOnce(
    modelFor('openai-compatible', 'm', { base_url: `http://127.0.0.1:${server.port}/v1` }),
    {},
    toolsFor(LOCAL),
  );
  expect(answer.state).not.toBe('ok');
});

/** A name server that says what it likes. */
const says =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address) => ({ address, family: 4 }));
    if (options.all) callback(null, found);
    else callback(null, addresses[0]!, 4);
  };

async function getBy(lookup: LookupFunction, port: number, env: NodeJS.ProcessEnv): Promise<unknown> {
  const agent = new Agent({ connect: openConnect(env, { purpose: 'test', lookup }) });
  try {
    return (await request(`http://models.internal.test:${port}/`, { dispatcher: agent })).statusCode;
  } catch (error) {
    return error;
  } finally {
    await agent.destroy();
  }
}

test('--local-only judges a name by what it resolves to', async () => {
  const server = await observed(createHttp(chat));
  expect(await getBy(says('192.0.2.7'), server.port, LOCAL)).toBeInstanceOf(NotLocal);
  expect(await getBy(says('127.0.0.1', '192.0.2.7'), server.port, LOCAL)).toBeInstanceOf(NotLocal);
  expect(server.sockets).toHaveLength(0);
  expect(await getBy(says('127.0.0.1'), server.port, LOCAL)).toBe(200);
});

test.each(['models.internal.test', 'MODELS.internal.test', '192.0.2.7'])('--allow-host %s lets the look-up pass', async (allowed) => {
  const env = { ...LOCAL, ONPAR_ALLOW_HOST: `other.test, ${allowed}` };
  const connect = openConnect(env, { purpose: 'test', lookup: says('192.0.2.7'), timeout: 300 });
  const agent = new Agent({ connect });
  const error: unknown = await request('http://models.internal.test/', { dispatcher: agent }).catch((e: unknown) => e);
  // the address of documentation answers nobody: what matters is that it was tried
  expect(error).not.toBeInstanceOf(NotLocal);
  await agent.destroy();
});

test('--allow-host takes hosts, not addresses of pages', async () => {
  const err: string[] = [];
  const code = await main(['doctor', '--allow-host', 'http://x/v1'], { err: (text) => void err.push(text) });
  expect({ code, err: err.join('') }).toMatchObject({ code: 2, err: expect.stringContaining('--allow-host http://x/v1') as string });
});
