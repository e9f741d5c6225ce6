/** For tests: a real HTTP server on a free port with the layout of the hub, and an encoder of the fixtures on it. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PinnedEncoder } from './catalogue.ts';
import { bundledModelsDir } from './folders.ts';

export const TINY = join(bundledModelsDir(), 'for-tests', 'tiny-xlmr');
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const bytesOf = (path: string) => readFileSync(join(TINY, path));

/** The weights are pinned by size and sha256, the rest by the revision, as for BGE-M3. */
export const tiny: PinnedEncoder = {
  name: 'tiny',
  repo: 'someone/tiny',
  revision: REVISION,
  licence: 'MIT',
  files: [
    ...['config.json', '1_Pooling/config.json', 'tokenizer_config.json', 'tokenizer.json'].map((path) => ({
      path,
      bytes: null,
      sha256: null,
    })),
    ...['onnx/model.onnx', 'onnx/model.onnx_data'].map((path) => {
      const content = bytesOf(path);
      return { path, bytes: content.length, sha256: hash('sha256', content) };
    }),
  ],
};
export const WEIGHTS = 'onnx/model.onnx_data';

export interface Asked {
  /** of the file, in the repository */
  path: string;
  range: string | null;
  authorization: string | null;
  host: string;
}

export interface FakeHub {
  origin: string;
  port: number;
  asked: Asked[];
  /** how often the file was asked for */
  times: (path: string) => number;
  close: () => Promise<void>;
}

export type Answer = (asked: Asked, response: ServerResponse, content: Buffer) => void;

/** `answer` is called with every request; `send` is what a hub does. */
export async function fakeHub(answer: Answer = send): Promise<FakeHub> {
  const asked: Asked[] = [];
  const root = `/${tiny.repo}/resolve/${REVISION}/`;
  const server = createServer((request, response) => {
    const { range = null, authorization = null, host = '' } = request.headers;
    const path = request.url?.startsWith(root) ? request.url.slice(root.length) : '';
    const one = { path, range, authorization, host };
    asked.push(one);
    const isThere = tiny.files.some((file) => file.path === path);
    if (isThere) answer(one, response, bytesOf(path));
    else response.writeHead(404).end('Entry not found');
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}`, port, asked, times: (path) => asked.filter((one) => one.path === path).length, close };
}

/** The whole file, or from the byte on that was asked for. */
export function send({ range }: Pick<Asked, 'range'>, response: ServerResponse, content: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from === 0) return void response.writeHead(200, { 'content-length': content.length }).end(content);
  const headers = { 'content-length': content.length - from, 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(206, headers).end(content.subarray(from));
}

/** Promises the whole file and sends its first bytes; then `after` is called. */
export function sendPart(response: ServerResponse, content: Buffer, bytes: number, after: () => void): void {
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, bytes), after);
}
