/** The contract of a provider: how one question is put to a model, once. Retries and limits are the run's business. */
import type { z } from 'zod';
import type { Answer, Message, Model, Params } from '../record.ts';

export interface Question {
  suite: string;
  case: string;
  sample: number;
  messages: Message[];
  params: Params;
}

/** One try. What a model or a server does is a state of the answer, never a rejection. */
export interface Attempt {
  answer: Answer;
  /** whether asking again may help: 408, 409, 429, 5xx, resets, time-outs, malformed bodies */
  isTransient: boolean;
  /** what Retry-After said, in milliseconds; null when nothing was said */
  retryAfterMs: number | null;
}

/** A server may work on a question by itself. Whoever asks keeps the id of the job, so that what was paid for can be taken up again. */
export interface Job {
  /** of the job that was started for the same question before; null: none is known */
  id: string | null;
  /** told the id of a new one as soon as the server gave it, before it is waited for */
  started: (id: string) => void;
  /** aborted: nothing more is waited for, the job is left to the server */
  leave: AbortSignal;
}

/**
 * Aborting the signal ends the try at once; the answer is then `timed_out` or `unreachable`. An answer without which a job
 * runs on at the server names it in its provenance, as `job`.
 */
export type Ask = (question: Question, signal: AbortSignal, job?: Job) => Promise<Attempt>;

/** A model that can be asked. */
export interface Opened {
  ask: Ask;
  /** questions in flight at a time; the run never goes above it */
  concurrency: number;
  /** where it lives, such as `http://localhost:1234`; models of one machine that loads on demand run one after another */
  machine: string;
  /** whether the machine loads models just in time, so that alternating between two would load each again and again */
  loadsOnDemand: boolean;
  /** one small question before the others, so that loading is not part of a latency; null where nothing is loaded. Never rejects. */
  warmUp: ((signal: AbortSignal) => Promise<void>) | null;
}

/** What a provider needs from outside. */
export interface ProviderTools {
  /** what the places of files are relative to */
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** told of every host that a request goes to, such as `api.openai.com` */
  contacted: (host: string) => void;
  now: () => Date;
  /** opens a hybrid model: it takes the client of another room, and other entries of models.yaml */
  openHybrid?: (model: Model, tools: ProviderTools) => Promise<OpenedHybrid>;
}

export interface OpenedHybrid {
  openai: import('openai').OpenAI;
  /** of the candidate */
  address: string;
  /** that one call may take */
  totalMs: number;
  /** whether the candidate's machine loads models just in time */
  loadsOnDemand: boolean;
  /** of both sides */
  secrets: string[];
  /** in which protocol both sides are asked */
  isResponses: boolean;
  /** tokens of an answer at which a side cuts it by its own parameters; null where only the question says */
  tokenLimits: Record<'candidate' | 'baseline', number | null>;
}

export interface Provider {
  /** keys of an entry of models.yaml beyond `provider`, `model`, `answers` and `params` */
  options: z.ZodObject;
  /** options that name other entries of models.yaml */
  refersTo?: readonly string[];
  /** where an entry does not say; `auto` if absent */
  answers?: Model['answers'];
  /** rejects with InputError for what is wrong before anything is asked, such as a missing key */
  open: (model: Model, tools: ProviderTools) => Promise<Opened>;
}
