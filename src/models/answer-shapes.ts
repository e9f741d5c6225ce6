/** For tests: the corpus in fixtures/answer-shapes, and the server that sends each shape byte for byte. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Params } from '../record.ts';
import type { Attempt } from './provider.ts';
import { askOnce, modelFor, serve, toolsFor } from './test-server.ts';

/** One way in which a server answers, and what is to be made of it. */
export interface Shape {
  name: string;
  provider: string;
  /** id on the wire */
  asks?: string;
  /** keys of models.yaml */
  options?: Record<string, unknown>;
  params?: Params;
  /** what the right answer must contain; Oslo when absent */
  element?: string;
  /** 0: the connection is reset before a byte of an answer */
  status: number;
  headers: Record<string, string>;
  /** written one after another; `body` is one piece */
  pieces?: string[];
  body?: string;
  /** for the requests after the first; a 404 after the last */
  polls?: { status: number; body: string }[];
  /** every piece is cut into writes of so many bytes */
  bytes_a_piece?: number;
  /** the socket is destroyed after the last piece */
  break_off?: boolean;
  /** the response is never ended */
  stays_open?: boolean;
  expected: Pick<Answer, 'state' | 'answer' | 'reasoning' | 'finish_reason' | 'usage'> & { is_transient: boolean; retry_after_ms?: number };
}

const folder = new URL('../../fixtures/answer-shapes/', import.meta.url);

export const shapes: Shape[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => {
    const group = file.replace('.json', '');
    const list = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Shape[];
    return list.map((shape) => ({ ...shape, name: `${group}: ${shape.name}` }));
  });

export async function askShape(shape: Shape): Promise<Attempt> {
  let asked = 0;
  const { origin, close } = await serve(({ path }, response) => {
    // what a provider asks beside the protocol is not there
    if (!/\/(chat\/completions|responses(\/.*)?)$/.test(path)) return void response.writeHead(404).end();
    void send(shape, asked++, response);
  });
  const options = { base_url: `${origin}/v1`, api_key: 'a-key-of-the-corpus', timeout_s: 20, ...shape.options };
  try {
    return await askOnce(modelFor(shape.provider, shape.asks ?? 'smollm2-135m-instruct', options), shape.params ?? {}, toolsFor());
  } finally {
    await close();
  }
}

async function send(shape: Shape, index: number, response: ServerResponse): Promise<void> {
  if (shape.status === 0) return void response.socket?.resetAndDestroy();
  const poll = shape.polls?.[index - 1];
  if (index > 0) return void response.writeHead(poll?.status ?? 404).end(poll?.body);
  response.writeHead(shape.status, shape.headers);
  response.flushHeaders();
  for (const piece of shape.pieces ?? [shape.body ?? '']) {
    for (const bytes of cut(Buffer.from(piece), shape.bytes_a_piece)) {
      response.write(bytes);
      if (shape.bytes_a_piece !== undefined) await sleep(0);
    }
  }
  if (shape.break_off) {
    await sleep(20);
    response.destroy();
  } else if (!shape.stays_open) response.end();
}

function cut(bytes: Buffer, size = bytes.length): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / (size || 1)) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}
