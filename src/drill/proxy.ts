/** Stands between the client and the real server, passes everything on, and does what a fault says instead. On 127.0.0.1 only. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.ts';

/** What came by of one request of the drill; requests are told apart by their `user`. */
export interface Passed {
  asked: number;
  /** whole answers that were passed on */
  answered: number;
}

export interface Proxy {
  /** such as http://127.0.0.1:34567 */
  origin: string;
  set: (fault: Fault | null) => Promise<void>;
  passed: ReadonlyMap<string, Passed>;
  close: () => Promise<void>;
}

const PROBES = 2;
const SLOW_S = 5;
const CUT_BYTES = 300;

export async function openProxy(target: URL): Promise<Proxy> {
  const passed = new Map<string, Passed>();
  let fault: Fault | null = null;
  let failing = 0;
  // a client that gives up while it still sends ends its own request, not the drill
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.keepAliveTimeout = 60_000;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.on('error', () => undefined);
    const body = await bodyOf(request);
    const own = count(body, passed);
    const now = fault ?? (failing-- > 0 ? ({ kind: 'half_open' } as const) : null);
    const done = () => void (own !== null && own.answered++);
    if (now?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (now?.kind === 'hang') return;
    if (now?.kind === 'status' || now?.kind === 'half_open') return refuse(response, now);
    passOn(target, { request, response, body, fault: now }, done);
  };
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const unlisten = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    passed,
    async set(next) {
      failing = next === null && fault?.kind === 'half_open' ? (fault.probes ?? PROBES) : 0;
      fault = next;
      if (next?.kind === 'refused') return unlisten();
      if (!server.listening) await listen(port);
    },
    close: unlisten,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function count(body: Buffer, passed: Map<string, Passed>): Passed | null {
  const user = /"user":"(onpar-drill-[\w-]+)"/.exec(body.toString())?.[1];
  if (user === undefined) return null;
  const own = passed.get(user) ?? { asked: 0, answered: 0 };
  own.asked++;
  passed.set(user, own);
  return own;
}

function refuse(response: ServerResponse, { status = 503, retry_after_s }: Fault): void {
  const error = { message: `the drill says ${status}`, type: 'drill_error', code: null };
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retry_after_s !== undefined && { 'retry-after': String(retry_after_s) }),
  });
  response.end(JSON.stringify({ error }));
}

interface Passing {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  fault: Fault | null;
}

function passOn(target: URL, { request, response, body, fault }: Passing, done: () => void): void {
  const ask = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { ...request.headers, host: target.host, 'content-length': String(body.length) };
  const onward = ask(new URL(request.url ?? '/', target), { method: request.method, headers, agent: false }, (answer) => {
    answer.on('error', () => response.destroy());
    const delay = fault?.kind === 'slow_first_token' ? (fault.after_s ?? SLOW_S) * 1000 : 0;
    setTimeout(() => void passBack(answer, response, fault, done), delay);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body.length > 0 ? body : undefined);
}

/** Made anew for what is passed on. */
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

async function passBack(answer: IncomingMessage, response: ServerResponse, fault: Fault | null, done: () => void): Promise<void> {
  if (response.destroyed) return;
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !FRAMING.has(name)));
  try {
    response.writeHead(answer.statusCode ?? 502, headers);
    if (fault?.kind === 'wrong_model') {
      const text = (await bodyOf(answer)).toString();
      response.end(text.replace(/"model":\s*"[^"]*"/g, '"model":"another-model"'));
      return;
    }
    let left = fault?.kind === 'cut' ? (fault.after_bytes ?? CUT_BYTES) : Infinity;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      if (piece.length < left) response.write(piece);
      else {
        // what was written before the cut must arrive: then the connection ends without an end of the answer
        response.write(piece.subarray(0, left), () => response.destroy());
        return;
      }
      left -= piece.length;
    }
    response.end(done);
  } catch {
    response.destroy();
  }
}
