/** For tests of the hybrid client: a candidate whose behaviour is set from request to request, and a baseline that counts. */
import type { ServerResponse } from 'node:http';
import { type Seen, serve, type TestServer } from './models/test-server.ts';

export type Behaviour = (response: ServerResponse, seen: Seen) => void;

export interface TwoServers {
  candidate: TestServer;
  baseline: TestServer;
  /** what the candidate does from now on, the last of them for good */
  behave: (...behaviours: Behaviour[]) => void;
  close: () => Promise<void>;
}

export async function twoServers(): Promise<TwoServers> {
  let queue: Behaviour[] = [say('local')];
  const candidate = await serve((seen, response) => {
    const behaviour = queue.length > 1 ? queue.shift() : queue[0];
    behaviour?.(response, seen);
  });
  const baseline = await serve((seen, response) => say('remote')(response, seen));
  return {
    candidate,
    baseline,
    behave: (...behaviours) => void (queue = behaviours),
    close: async () => {
      await Promise.all([candidate.close(), baseline.close()]);
    },
  };
}

/** A right answer, whole or streamed, of either protocol. */
export const say =
  (text: string, model?: string): Behaviour =>
  (response, { path, body }) => {
    const id = model ?? String(body?.['model']);
    if (path.endsWith('/responses')) return sayResponse(response, id, text, body?.['stream'] === true);
    if (body?.['stream'] === true) return sayStreamed(response, id, text, 'stream_options' in body);
    json(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: id,
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      usage: USAGE,
    });
  };

export const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    json(response, code, { error: { message: `status ${code}`, type: 'test', code: null } }, headers);

export const hang: Behaviour = () => undefined;
export const reset: Behaviour = (response) => void response.socket?.resetAndDestroy();

/** Events of a chat stream, and then an end of the connection, with or without a reset. */
export const brokenStream =
  (...texts: string[]): Behaviour =>
  (response, { body }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (content: string) => ({
      model: body?.['model'],
      choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
    });
    for (const text of texts) response.write(`data: ${JSON.stringify(chunk(text))}\n\n`);
    setImmediate(() => response.socket?.resetAndDestroy());
  };

export const page: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html>gateway</html>');
};

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function sayStreamed(response: ServerResponse, model: string, content: string, withUsage: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = { model, choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: 'stop' }] };
  const usage = withUsage ? [JSON.stringify({ model, choices: [], usage: USAGE })] : [];
  response.end([JSON.stringify(chunk), ...usage, '[DONE]'].map((data) => `data: ${data}\n\n`).join(''));
}

function sayResponse(response: ServerResponse, model: string, text: string, isStream: boolean): void {
  const content = [{ type: 'output_text', text, annotations: [] }];
  const whole = { id: 'resp_1', object: 'response', status: 'completed', model, output: [{ type: 'message', role: 'assistant', content }] };
  if (!isStream) return json(response, 200, whole);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events = [
    { type: 'response.created', response: { ...whole, status: 'in_progress', output: [] } },
    { type: 'response.output_text.delta', delta: text },
    { type: 'response.completed', response: whole },
  ];
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

function json(response: ServerResponse, code: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
