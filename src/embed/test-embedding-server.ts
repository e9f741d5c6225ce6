/** For tests: a real HTTP server on a free port that gives vectors as an OpenAI-compatible one does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const MODEL = 'text-embedding-tiny';

export interface EmbeddingRequest {
  model: string;
  input: string[];
  encoding_format: string;
}

export interface EmbeddingServer {
  /** as `--embedder` takes it */
  name: string;
  host: string;
  /** what was asked for vectors, the probe included */
  asked: EmbeddingRequest[];
  /** every request: method, path, authorization */
  requests: string[];
  /** what is done with a request for vectors; put another in its place to misbehave */
  answer: (asked: EmbeddingRequest, response: ServerResponse, request: IncomingMessage) => void;
  models: unknown;
  close: () => Promise<void>;
}

/** Letters counted, and not of length 1: a text has a direction of its own, whatever stands beside it. */
export function vectorOf(text: string): number[] {
  const vector = Array.from({ length: 8 }, () => 0.5);
  for (const letter of text) vector[letter.codePointAt(0)! % 8]! += 1;
  return vector;
}

export const bodyOf = ({ model, input }: EmbeddingRequest) => ({
  object: 'list',
  model,
  data: input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })),
});

export const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** An answer in which a text's vector depends on how many stand beside it. */
export const inCompany: EmbeddingServer['answer'] = (asked, response) => {
  const { length } = asked.input;
  const data = bodyOf(asked).data.map((one) => ({ ...one, embedding: one.embedding.map((x, d) => (d === 0 ? x + length : x)) }));
  sendJson(response, 200, { ...bodyOf(asked), data });
};

export async function embeddingServer(): Promise<EmbeddingServer> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      state.requests.push([request.method, request.url, request.headers.authorization ?? '-'].join(' '));
      if (request.url === '/v1/models') return sendJson(response, state.models === null ? 404 : 200, state.models ?? {});
      if (request.url !== '/v1/embeddings') return sendJson(response, 404, { error: { message: 'not found' } });
      const asked = JSON.parse(Buffer.concat(pieces).toString()) as EmbeddingRequest;
      state.asked.push(asked);
      state.answer(asked, response, request);
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state: EmbeddingServer = {
    name: `http://${host}/v1#${MODEL}`,
    host,
    asked: [],
    requests: [],
    answer: (asked, response) => sendJson(response, 200, bodyOf(asked)),
    models: { object: 'list', data: [{ id: MODEL, meta: { n_params: 1000, n_ctx: 512 } }] },
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return state;
}
