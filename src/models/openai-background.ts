/**
 * The Responses API in the background, for models that think for many minutes: a job is started and polled. Once started it is
 * paid for, so it is taken up again as long as it can still bring an answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Failure, failureOf, malformed, NO_ANSWER_IN_TIME } from './failures.ts';
import { type Asked, attempt, type Result, withDeadline } from './openai-chat.ts';
import { bodyOf, heardOf, parse } from './openai-responses.ts';
import type { Attempt, Job } from './provider.ts';

const FIRST_POLL_MS = 2_000;
const SLOWEST_POLL_MS = 15_000;
/** in a row */
const FAILED_POLLS = 5;

const jobSchema = z.object({
  id: z.string().optional(),
  status: z.string(),
  error: z.object({ code: z.string().nullish() }).nullish().catch(null),
  /** by the server's clock, in seconds */
  created_at: z.number().nullish().catch(null),
  completed_at: z.number().nullish().catch(null),
});
type JobSeen = z.infer<typeof jobSchema>;

type Client = Asked['endpoint']['client'];

export function askInBackground(asked: Asked, job: Job): Promise<Attempt> {
  const { client } = asked.endpoint;
  return attempt(asked, async (signal) => {
    if (job.id !== null) return waitFor(job.id, { client, isNew: false, leave: job.leave, signal });
    // not cut by `leave`: what has just been started would be lost
    const response = await client.responses.create({ ...bodyOf(asked), background: true, store: true } as never, { signal }).asResponse();
    const value = parse(await response.text());
    const seen = jobSchema.safeParse(value).data;
    if (seen?.id === undefined || !isRunning(seen)) return { ...heardOf(value, null, null), headers: response.headers };
    job.started(seen.id);
    return waitFor(seen.id, { client, isNew: true, leave: job.leave, signal });
  });
}

const isRunning = ({ status }: JobSeen): boolean => status === 'queued' || status === 'in_progress';

interface Wait {
  client: Client;
  /** whether it was started just now */
  isNew: boolean;
  leave: AbortSignal;
  /** aborted when time is up */
  signal: AbortSignal;
}

/** Polls until the job has ended. A failure that names the job leaves it running. */
async function waitFor(id: string, { client, isNew, leave, signal }: Wait): Promise<Result> {
  const waiting = withDeadline([signal, leave], Infinity);
  try {
    let failed = 0;
    let isKnown = !isNew;
    for (let pause = isNew ? FIRST_POLL_MS : 0; ; pause = Math.min(Math.max(pause * 1.5, FIRST_POLL_MS), SLOWEST_POLL_MS)) {
      await sleep(pause, undefined, { signal: waiting.signal }).catch(() => undefined);
      const look = await lookAt(client, id, waiting.signal);
      if ('seen' in look) {
        if (!isRunning(look.seen)) return endOf(id, look, isNew);
        [failed, isKnown] = [0, true];
        continue;
      }
      const { failure, isUnknown } = look;
      if (waiting.signal.aborted) return { failure: { ...failure, ...notWaitedFor(signal) }, job: id };
      if (isUnknown && isKnown) return { failure: lost(id, `is not known to the server any more (${failure.why})`) };
      // a server that never shows its jobs would be paid for each try
      if (isUnknown) return { failure };
      // a job that is paid for is not given up for one look that failed
      if (!failure.isTransient || ++failed > FAILED_POLLS) return { failure, job: id };
    }
  } finally {
    waiting.release();
  }
}

type Look = { seen: JobSeen; value: unknown; headers: Headers } | { failure: Failure; isUnknown: boolean };

async function lookAt(client: Client, id: string, signal: AbortSignal): Promise<Look> {
  try {
    const response = await client.responses.retrieve(id, {}, { signal }).asResponse();
    const value = parse(await response.text());
    const seen = jobSchema.safeParse(value).data;
    if (seen !== undefined) return { seen, value, headers: response.headers };
    return { failure: malformed('not a response of the Responses API'), isUnknown: false };
  } catch (error) {
    return { failure: failureOf(error), isUnknown: (error as { status?: unknown }).status === 404 };
  }
}

function endOf(id: string, { seen, value, headers }: Extract<Look, { seen: JobSeen }>, isNew: boolean): Result {
  if (!['completed', 'incomplete', 'failed'].includes(seen.status)) return { failure: lost(id, `ended as ${seen.status}`) };
  const result = heardOf(value, null, null);
  if ('failure' in result)
    return {
      failure: { ...result.failure, ...kindOf(seen, result.failure), why: `the job ${id} ended as ${seen.status}: ${result.failure.why}` },
    };
  if (isNew) return { ...result, headers };
  // when one of an earlier run began is known to the server alone
  const { created_at, completed_at } = seen;
  return { ...result, headers, tookMs: created_at && completed_at ? (completed_at - created_at) * 1000 : null };
}

/** Codes of a failed job that are not the question's fault. */
const MAY_PASS = ['server_error', 'rate_limit_exceeded', 'vector_store_timeout'];

/** By its code, where the sentence alone tells nothing. */
function kindOf({ error }: JobSeen, { state }: Failure): Partial<Failure> {
  if (state !== 'malformed' || !error?.code) return {};
  const isTransient = MAY_PASS.includes(error.code);
  return { state: isTransient ? 'server_error' : 'rejected', isTransient };
}

/** Nothing comes of it any more; a new one may. */
function lost(id: string, what: string): Failure {
  return { state: 'server_error', why: `the job ${id} ${what}`, isTransient: true, retryAfterMs: null };
}

/** No reason to try again: it would wait for the same job. */
function notWaitedFor(deadline: AbortSignal): Pick<Failure, 'state' | 'why' | 'isTransient'> {
  return { state: 'timed_out', why: deadline.aborted ? NO_ANSWER_IN_TIME : 'not waited for', isTransient: false };
}
