/** The hybrid client: a real `openai` client whose `fetch` is the way to whichever side answers. */
import { type APIPromise, OpenAI } from 'openai';
import type { Stream } from 'openai/streaming';
import type * as chat from 'openai/resources/chat/completions';
import type * as responses from 'openai/resources/responses/responses';
import { openHybridFetch } from './hybrid-fetch.ts';
import type { Onpar, Sides } from './route.ts';

/** On an answer that came whole. */
export interface Told {
  onpar: Onpar;
}
/** On a stream; it is ready when the stream has ended, and never rejects. The last chunk has it, too. */
export interface StreamTold {
  onpar: Promise<Onpar>;
}
/** On the chunk or event that says why the answer ended. */
export interface LastTold {
  onpar?: Onpar;
}

type ChatStream = Stream<chat.ChatCompletionChunk & LastTold> & StreamTold;
type ResponseStream = Stream<responses.ResponseStreamEvent & LastTold> & StreamTold;

/** `chat.completions.create` of the package openai, its answers with `onpar` on them. */
export interface CreateChat {
  (body: chat.ChatCompletionCreateParamsNonStreaming, options?: OpenAI.RequestOptions): APIPromise<chat.ChatCompletion & Told>;
  (body: chat.ChatCompletionCreateParamsStreaming, options?: OpenAI.RequestOptions): APIPromise<ChatStream>;
  (body: chat.ChatCompletionCreateParams, options?: OpenAI.RequestOptions): APIPromise<ChatStream | (chat.ChatCompletion & Told)>;
}

/** `responses.create` of the package openai, its answers with `onpar` on them. */
export interface CreateResponse {
  (body: responses.ResponseCreateParamsNonStreaming, options?: OpenAI.RequestOptions): APIPromise<responses.Response & Told>;
  (body: responses.ResponseCreateParamsStreaming, options?: OpenAI.RequestOptions): APIPromise<ResponseStream>;
  (body: responses.ResponseCreateParams, options?: OpenAI.RequestOptions): APIPromise<ResponseStream | (responses.Response & Told)>;
}

export interface HybridState {
  /** 0..1, see docs/hybrid.md */
  health: number;
  /** `open`: the baseline is asked, the candidate is probed */
  circuit: 'closed' | 'open' | 'half_open';
}

export interface HybridClient {
  chat: { completions: { create: CreateChat } };
  responses: { create: CreateResponse };
  /** the same client as the openai package types it: for code that asks for an `OpenAI`, and for helpers such as `.stream()` */
  openai: OpenAI;
  /** of the candidate, now */
  state: () => HybridState;
  /** ends the probes. They do not keep a process alive, so a program that ends need not call it. */
  close: () => void;
}

export function openClient(sides: Sides, health: () => number): HybridClient {
  const hybrid = openHybridFetch(sides, health);
  const openai = new OpenAI({
    // never asked: every request goes through `fetch`
    baseURL: 'http://hybrid.invalid',
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    // retries and time-outs are the route's
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch: hybrid.fetch,
  });
  tellOn(openai.chat.completions, hybrid.told);
  tellOn(openai.responses, hybrid.told);
  return {
    chat: openai.chat as unknown as HybridClient['chat'],
    responses: openai.responses as unknown as HybridClient['responses'],
    openai,
    state: () => ({ health: health(), circuit: sides.circuit.state() }),
    close: () => sides.circuit.close(),
  };
}

type Create = (body: never, options?: never) => APIPromise<object>;

/** Puts `onpar` on what `create` resolves to; the helpers of the client go through it, too. */
function tellOn(resource: object, told: (response: Response) => Onpar | Promise<Onpar> | null): void {
  const owner = resource as { create: Create };
  const create = owner.create.bind(resource);
  owner.create = (body, options) =>
    create(body, options)._thenUnwrap((data, { response }) => {
      const onpar = told(response);
      return onpar === null ? data : Object.assign(data, { onpar });
    });
}
