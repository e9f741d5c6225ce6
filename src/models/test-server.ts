/** For tests: a real HTTP server on a free port that keeps what it was sent, and one question to put to it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Model, Params } from '../record.ts';
import { providers } from './index.ts';
import type { Attempt, Opened, Provider, ProviderTools, Question } from './provider.ts';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** null where the request has no JSON body */
  body: Record<string, unknown> | null;
}

export interface TestServer {
  /** such as `http://127.0.0.1:34567` */
  origin: string;
  seen: Seen[];
  server: Server;
  close: () => Promise<void>;
}

export async function serve(answer: (seen: Seen, response: ServerResponse) => void): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const body = text === '' ? null : (JSON.parse(text) as Seen['body']);
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { origin, seen, server, close };
}

export const toolsFor = (env: NodeJS.ProcessEnv = {}, contacted: (host: string) => void = () => {}): ProviderTools => ({
  cwd: process.cwd(),
  env,
  contacted,
  now: () => new Date('2026-01-02T03:04:05Z'),
});

export const modelFor = (provider: string, model: string, options: Record<string, unknown>): Model => ({
  name: 'under-test',
  provider,
  model,
  answers: 'live',
  params: {},
  options,
  at: { file: 'models.yaml', line: 1, column: 1 },
});

export const open = (model: Model, tools: ProviderTools = toolsFor()): Promise<Opened> =>
  (providers as Record<string, Provider>)[model.provider]!.open(model, tools);

export const question = (params: Params = {}, content = 'What is the capital of Norway?'): Question => ({
  suite: 's',
  case: 'norway',
  sample: 0,
  messages: [{ role: 'user', content }],
  params,
});

export async function askOnce(model: Model, params: Params = {}, tools: ProviderTools = toolsFor()): Promise<Attempt> {
  const opened = await open(model, tools);
  return opened.ask(question(params), new AbortController().signal);
}

/** A short answer as a stream of the chat protocol. */
export function sayOslo(response: ServerResponse, model: string, text = 'The capital of Norway is Oslo.'): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = { model, choices: [{ index: 0, delta: { content: text }, finish_reason: 'stop' }] };
  response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
}
