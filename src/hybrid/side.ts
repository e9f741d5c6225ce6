/** One of the two servers that may answer, as the rest of this room sees it; src/hybrid-client.ts makes it from the providers. */

export type Path = '/chat/completions' | '/responses';
export type Body = Record<string, unknown>;
export type SideName = 'candidate' | 'baseline';

/** What went wrong on the way to an answer. `state` is one of the states of answers (docs/models.md). */
export interface Failure {
  state: string;
  why: string;
  /** whether asking again may help */
  isTransient: boolean;
  /** what Retry-After said, in milliseconds; null when nothing was said */
  retryAfterMs: number | null;
}

export interface Reply {
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
  text: () => Promise<string>;
}

export interface Side {
  name: SideName;
  /** id on the wire */
  model: string;
  /** host and port, such as `localhost:1234` */
  host: string;
  /** a caller's body as this server takes it: its own model, its own parameters and names of parameters */
  bodyOf: (body: Body, path: Path) => Body;
  /** resolves when the headers of a 2xx are there; rejects with whatever `failureOf` reads. A null body is a GET. */
  send: (path: Path | '/models', body: Body | null, signal: AbortSignal) => Promise<Reply>;
  failureOf: (error: unknown) => Failure;
  /** an error that stands inside a 200 or a stream */
  failureInside: (error: unknown) => Failure;
  /** why this answer is another model's; null when the right one answered */
  objectTo: (reportedModel: string | null, headers: Headers) => string | null;
}

/** A try that brought no answer. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.why);
    this.failure = failure;
  }
}

export const malformed = (why: string): Failed => new Failed({ state: 'malformed', why, isTransient: true, retryAfterMs: null });

export const wrongModel = (why: string): Failed => new Failed({ state: 'wrong_model', why, isTransient: false, retryAfterMs: null });

/** Not the server's fault: the request itself does not suit it. Such a failure falls back, and is not held against its health. */
const NOT_ITS_FAULT: readonly string[] = ['rejected', 'context_overflow', 'empty'];

export const isAgainst = (error: unknown): boolean => error instanceof Failed && !NOT_ITS_FAULT.includes(error.failure.state);
