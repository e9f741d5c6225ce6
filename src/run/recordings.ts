/**
 * Recordings: answers kept in files, replayed later. One JSONL line an answer, one file a model and suite, found by the
 * hash of its request; made to be read in a pull request. Never a key, never a header.
 */
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { linesOf } from './lines.ts';
import { withLock } from './lock.ts';
import { ANSWER_STATES, type Answer, type Message, type Params, SPOKEN_STATES } from '../record.ts';

const usage = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_tokens: z.number().nullable(),
  cached_input_tokens: z.number().nullable().optional(),
});
const timings = z.object({ total_ms: z.number(), first_token_ms: z.number().nullable(), tokens_per_second: z.number().nullable() });

const schema = z.object({
  /** name in models.yaml; in the journal of a run only, where several models have their answers */
  entry: z.string().optional(),
  /** hash of model, messages, params and sample: src/plan/plan-calls.ts */
  request: z.string(),
  case: z.string(),
  sample: z.int().min(0),
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: z.string() })),
  params: z.record(z.string(), z.unknown()),
  answer: z.string(),
  reasoning: z.string().nullable(),
  finish_reason: z.string().nullable(),
  usage: usage.nullable(),
  timings: timings.nullable(),
  reported_model: z.string().nullable(),
  recorded_at: z.string().nullable(),
  source: z.string().nullable(),
  licence: z.string().nullable(),
  /** what the answer is, where its text alone does not tell; absent in imported ones */
  state: z.enum(ANSWER_STATES).optional(),
  why: z.string().nullable().optional(),
  attempts: z.int().min(1).optional(),
  provenance: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
  cost_usd: z.number().nullable().optional(),
  /** unit prices at the time of asking, US dollars a million tokens */
  prices: z
    .object({ input_per_million: z.number(), output_per_million: z.number(), cached_input_per_million: z.number().optional() })
    .nullable()
    .optional(),
});

export type Recording = z.infer<typeof schema> & { messages: Message[]; params: Params };

/** Recordings by request. Those of a large shelf stay in their files, and are read each time. */
export interface Recorded extends Iterable<[request: string, recording: Recording | 'malformed']> {
  readonly size: number;
  has: (request: string) => boolean;
  get: (request: string) => Recording | 'malformed' | undefined;
}

/** What a folder of recordings holds for one model. */
export interface Shelf {
  byRequest: Recorded;
  /** requests recorded under a case's name, to tell a stale recording from none: suite file + case */
  cases: ReadonlySet<string>;
  /** `file:line` of lines that cannot even be matched to a request */
  unreadable: string[];
}

export function recordingFile(folder: string, model: string, suite: string): string {
  return join(folder, safeName(model), `${safeName(suite)}.jsonl`);
}

/** Names come from people: nothing in them may leave the folder. */
function safeName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_');
}

/** Up to this size, the recordings of a model are held. */
const MOST_HELD_BYTES = 4_000_000;

/** Reads every recording of a model. A line that is not a recording is kept as `malformed`, never skipped in silence. */
export function readShelf(folder: string, model: string, mostHeld = MOST_HELD_BYTES): Shelf {
  const home = join(folder, safeName(model));
  const names = existsSync(home) ? readdirSync(home).filter((name) => name.endsWith('.jsonl')) : [];
  const files = names.sort().map((name) => join(home, name));
  const isHeld = files.reduce((sum, file) => sum + statSync(file).size, 0) <= mostHeld;
  const byRequest = new Map<string, Recording | 'malformed' | Stored>();
  const cases = new Set<string>();
  const unreadable: string[] = [];
  for (const file of files) {
    // open as long as the process runs: a file that is written anew meanwhile is another one
    const handle = isHeld ? null : openSync(file, 'r');
    let index = 0;
    for (const { text, offset, length } of linesOf(handle ?? file)) {
      index++;
      if (text.trim() === '') continue;
      const recording = parseRecording(text);
      const request = recording?.request ?? /"request":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
      if (request === undefined) {
        unreadable.push(`${file}:${index}`);
        continue;
      }
      byRequest.set(request, recording === null ? 'malformed' : handle === null ? recording : { handle, offset, length });
      if (recording) cases.add(recording.case);
    }
  }
  return { byRequest: readingFrom(byRequest), cases, unreadable };
}

/** A recording that has been checked, and where it stands in an open file, in bytes. */
interface Stored {
  handle: number;
  offset: number;
  length: number;
}

function readingFrom(all: ReadonlyMap<string, Recording | 'malformed' | Stored>): Recorded {
  const read = (one: Recording | 'malformed' | Stored): Recording | 'malformed' => {
    if (one === 'malformed' || !('handle' in one)) return one;
    const bytes = Buffer.allocUnsafe(one.length);
    readSync(one.handle, bytes, 0, one.length, one.offset);
    return JSON.parse(bytes.toString('utf8')) as Recording;
  };
  return {
    size: all.size,
    has: (request) => all.has(request),
    get: (request) => {
      const one = all.get(request);
      return one === undefined ? undefined : read(one);
    },
    *[Symbol.iterator]() {
      for (const [request, one] of all) yield [request, read(one)];
    },
  };
}

export function parseRecording(line: string): Recording | null {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Merges recordings into a model's file of a suite, in the order of the suite's cases; an older answer to the same request goes. */
export function writeRecordings(file: string, recordings: readonly Recording[], caseOrder: readonly string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  withLock(file, () => {
    const kept = new Map<string, Recording>();
    for (const recording of [...readLines(file), ...recordings]) kept.set(recording.request, recording);
    rewrite(file, [...kept.values()], caseOrder);
  });
}

/** Takes out what `isWanted` does not want; the number of recordings taken out. */
export function pruneRecordings(file: string, isWanted: (recording: Recording) => boolean, caseOrder: readonly string[]): number {
  if (!existsSync(file)) return 0;
  return withLock(file, () => {
    const all = readLines(file);
    const kept = all.filter(isWanted);
    if (kept.length < all.length) rewrite(file, kept, caseOrder);
    return all.length - kept.length;
  });
}

function readLines(file: string): Recording[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.flatMap((line) => parseRecording(line) ?? []);
}

function rewrite(file: string, recordings: readonly Recording[], caseOrder: readonly string[]): void {
  const place = new Map(caseOrder.map((name, i) => [name, i]));
  const placeOf = (r: Recording) => place.get(r.case) ?? caseOrder.length;
  const sorted = [...recordings].sort((a, b) => placeOf(a) - placeOf(b) || a.sample - b.sample);
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, sorted.map((r) => `${JSON.stringify(r)}\n`).join(''));
  renameSync(draft, file);
}

/** An answer worth recording: what the model said, be it empty or cut. A failure of the way to it is not. */
export function isWorthRecording({ state }: Pick<Answer, 'state'>): boolean {
  return SPOKEN_STATES.some((one) => one === state) && state !== 'context_overflow';
}
