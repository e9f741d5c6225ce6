/** For tests: a stand-in for OpenAI's background mode. It starts jobs, tells how they stand, and ends them when it is told to. */
import { serve } from './models/test-server.ts';

const NOT_FOUND = { error: { message: 'Response with id not found.', type: 'invalid_request_error', param: null, code: null } };

interface Started {
  id: string;
  prompt: string;
  status: 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'expired';
}

export interface BackgroundStandIn {
  /** such as `http://127.0.0.1:34567/v1` */
  url: string;
  /** in the order in which they were started */
  jobs: Started[];
  polls: () => number;
  /** gives every job that runs this end, and every later one as soon as it was started */
  end: (status: Started['status'], code?: string) => void;
  /** as if they had never been started */
  forget: () => void;
  close: () => Promise<void>;
}

export async function backgroundStandIn(reply: (prompt: string) => string, seconds = 300): Promise<BackgroundStandIn> {
  const jobs: Started[] = [];
  const forgotten = new Set<string>();
  let polls = 0;
  let failure = 'server_error';
  let status: Started['status'] = 'in_progress';
  const shown = (job: Started) => ({
    id: job.id,
    object: 'response',
    model: 'o9-deep',
    background: true,
    status: job.status,
    created_at: 1_800_000_000,
    completed_at: job.status === 'completed' ? 1_800_000_000 + seconds : null,
    error: job.status === 'failed' ? { code: failure, message: 'The worker went away.' } : null,
    output: job.status === 'completed' ? [{ type: 'message', content: [{ type: 'output_text', text: reply(job.prompt) }] }] : [],
    usage: job.status === 'completed' ? { input_tokens: 10, output_tokens: 5 } : null,
  });
  const server = await serve(({ method, path, body }, response) => {
    const say = (code: number, value: object) =>
      void response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (method === 'POST') {
      const [message] = (body?.['input'] ?? []) as { content: string }[];
      const job: Started = { id: `resp_${jobs.length + 1}`, prompt: message?.content ?? '', status: 'in_progress' };
      jobs.push(job);
      say(200, { ...shown(job), status: 'queued' });
      job.status = status;
      return;
    }
    polls++;
    const job = jobs.find(({ id }) => path === `/v1/responses/${id}`);
    if (job === undefined || forgotten.has(job.id)) return say(404, NOT_FOUND);
    say(200, shown(job));
  });
  return {
    url: `${server.origin}/v1`,
    jobs,
    polls: () => polls,
    end: (to, code = 'server_error') => {
      [status, failure] = [to, code];
      for (const job of jobs) if (job.status === 'in_progress') job.status = to;
    },
    forget: () => jobs.forEach(({ id }) => forgotten.add(id)),
    close: server.close,
  };
}
