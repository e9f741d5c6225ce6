/** What `doctor` sees of one model, and what it makes of it. Checks are pure functions of the evidence. */
import type { Answer, Model, Params } from '../../record.ts';
import type { Heard } from '../chat-stream.ts';
import type { Failure } from '../failures.ts';
import type { LmStudioModel } from '../lmstudio.ts';

/** `info` is known and harms no suite; `unknown` could not be had. */
export type Status = 'ok' | 'warning' | 'blocks' | 'info' | 'unknown';

export interface Finding {
  check: string;
  status: Status;
  found: string;
  /** how to mend it; null where nothing must be mended */
  fix: string | null;
}

/** One row of the table; null where it does not apply to the model, or another row says it already. */
export type Check = (seen: Evidence) => Omit<Finding, 'check'> | null;

export interface Diagnosis {
  /** name in models.yaml */
  model: string;
  provider: string;
  /** null when the entry names none */
  address: string | null;
  /** id sent on the wire */
  id: string;
  findings: Finding[];
}

/** What the suites ask of a model. */
export interface Need {
  suites: string[];
  /** the call that takes most tokens; the prompt is estimated, `limit` is its max_tokens */
  longest: { suite: string; case: string; prompt: number; limit: number | null } | null;
  /** smallest max_tokens of a call; null when none has one */
  smallestLimit: number | null;
  /** parameters of the first call, without its limit, format and tools */
  params: Params;
  jsonSchema: boolean;
  jsonObject: boolean;
  tools: boolean;
}

/** One question and what came of it. */
export interface Said {
  answer: Answer;
  /** null when no answer came */
  heard: Heard | null;
  headers: Headers | null;
  /** why there is no good answer; '' when there is */
  why: string;
  /** tokens that the answer might take */
  limit: number;
}

/** A question that brought an answer, be it another model's. */
export interface Answered extends Said {
  heard: Heard;
}

export interface Got {
  /** null when the server answered 200 */
  failure: Failure | null;
  json: unknown;
  ms: number;
}

export interface ListedModel {
  id: string;
  /** YYYY-MM-DD; undefined where the server has no such field */
  shutdownDate: string | null | undefined;
  contextLength: number | null;
}

export interface Evidence {
  model: Model;
  need: Need;
  baseUrl: string;
  isKeySent: boolean;
  concurrency: number;
  takesTemperature: boolean;
  today: Date;
  /** GET /models; `models` is null when no list came */
  list: Got & { models: ListedModel[] | null };
  /** LM Studio's own word, before and after the first question, which may load the model */
  lmstudio: { before: LmStudioModel | null; after: LmStudioModel | null };
  /** llama.cpp's own word; null when this is another server */
  llama: { slots: number | null; contextPerSlot: number | null; isReady: boolean } | null;
  /** LiteLLM's own word; null when this is another server */
  proxy: { isAlive: boolean; backends: string[]; contextLength: number | null } | null;
  /** the server refused the suites' parameters, and answered without them */
  refusedParams: string | null;
  hello: Said | null;
  jsonSchema: Said | null;
  jsonObject: Said | null;
  tools: Said | null;
  /** the same question at temperature 0, again and again */
  repeats: Said[];
}

/** The entry of the list that is the model. */
export function listedAs({ list, model }: Evidence, sameModel: (a: string, b: string) => boolean): ListedModel | null {
  return list.models?.find(({ id }) => id === model.model) ?? list.models?.find(({ id }) => sameModel(id, model.model)) ?? null;
}
