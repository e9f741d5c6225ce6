/** What `onpar record` is to ask: whose answers, how many of them, and about what they take. */
import { existsSync, readFileSync } from 'node:fs';
import { estimateTokens } from '../asking.ts';
import { InputError, suggestName } from '../errors.ts';
import { noAnswer } from '../models/answer-from-text.ts';
import { providers } from '../models/index.ts';
import { priceOf } from '../models/prices.ts';
import type { Provider } from '../models/provider.ts';
import type { ServedProvider } from '../models/served.ts';
import { type Call, planCall, planCalls } from '../plan/plan-calls.ts';
import type { Model, Suite } from '../record.ts';
import { parseRecording, readShelf, type Recorded, type Recording, recordingFile } from '../run/recordings.ts';

/** Baseline answers a case, where the suite asks for one: what the baseline earns against itself needs several. */
const DEFAULT_SAMPLES = 3;

/** One model's answers to one suite. */
export interface RecordPart {
  suite: Suite;
  model: Model;
  samples: number;
  isBaseline: boolean;
}

export interface Choice {
  /** names given; empty for the baselines and their siblings */
  names: readonly string[];
  /** candidates too */
  isAll: boolean;
  /** answers a case; null leaves it to the suite and the role */
  samples: number | null;
}

/** Models that cannot be recorded are left out with a reason; one that was named is an error. */
export function chooseParts(suites: readonly Suite[], models: ReadonlyMap<string, Model>, choice: Choice) {
  const known = [...new Set(suites.flatMap((suite) => rolesOf(suite).map(({ name }) => name)))];
  for (const name of choice.names) {
    if (known.includes(name)) continue;
    throw new InputError({
      code: 'cli/unknown-model',
      what: `--model ${name}: the suites use no such model`,
      fix: suggestName(name, known),
    });
  }
  const parts: RecordPart[] = [];
  const leftOut = new Map<string, string>();
  for (const suite of suites) {
    const chosen = new Map<string, RecordPart>();
    for (const { name, isBaseline, isDefault, samples } of rolesOf(suite)) {
      const isNamed = choice.names.includes(name) || choice.isAll;
      if (!isNamed && (choice.names.length > 0 || !isDefault)) continue;
      const model = models.get(name);
      if (!model || chosen.has(name)) continue;
      const why = whyNot(model);
      const wanted = isNamed || isBaseline ? (choice.samples ?? samples) : samples;
      if (why === null) chosen.set(name, { suite, model, samples: wanted, isBaseline });
      else leftOut.set(name, why);
    }
    parts.push(...chosen.values());
  }
  const refused = [...leftOut].filter(([name]) => choice.names.includes(name) || parts.length === 0);
  if (refused.length > 0)
    throw new InputError(
      refused.map(([name, why]) => ({
        code: 'record/not-asked',
        ...(models.get(name) && { at: models.get(name)!.at }),
        what: `"${name}" cannot be recorded: ${why}`,
        fix: 'give it a provider that can be asked and answers: auto, or choose another with --model',
      })),
    );
  return { parts, leftOut };
}

/** The baseline first: a model that is a candidate of the same suite too is recorded as the baseline. */
function rolesOf({ baseline, baseline_samples, self_parity, candidates }: Suite) {
  const role = (name: string, samples: number, isDefault: boolean) => ({ name, samples, isDefault, isBaseline: name === baseline });
  return [
    role(baseline, baseline_samples > 1 ? baseline_samples : DEFAULT_SAMPLES, true),
    ...(self_parity === null ? [] : [role(self_parity, 1, true)]),
    ...candidates.map((name) => role(name, 1, false)),
  ];
}

function whyNot({ provider, answers }: Model): string | null {
  if (provider === 'file') return 'its answers come from a file';
  return answers === 'recorded' ? 'it has answers: recorded' : null;
}

export interface Estimate {
  /** answers there should be */
  wanted: number;
  /** of these, recorded already, or asked for another suite with the same words */
  recorded: number;
  toAsk: number;
  inputTokens: number;
  outputTokens: number;
  /** null when the price is unknown */
  usd: number | null;
  /** null when nothing tells how fast the model is */
  seconds: number | null;
  /** cases whose prompt or parameters changed since they were recorded */
  stale: string[];
}

/** One estimate a part. A request that stands in two suites is counted where it stands first. */
export function estimateParts(
  parts: readonly RecordPart[],
  isKnown: (call: Call) => boolean,
  { recordings, concurrency }: { recordings: string; concurrency: number | null },
): Estimate[] {
  const counted = new Set<string>();
  const speeds = new Map<string, number | null>();
  return parts.map((part) => {
    const { suite, model } = part;
    const speed = speeds.get(model.name) ?? speedOf(readShelf(recordings, model.name).byRequest);
    speeds.set(model.name, speed);
    const isCounted = (call: Call) => {
      const key = `${model.name} ${call.request}`;
      const isOld = counted.has(key) || isKnown(call);
      counted.add(key);
      return isOld;
    };
    const estimate = estimatePart(part, isCounted, speed, concurrency);
    const isWanted = isAskedFor([suite], model);
    const lines = recordingsIn(recordingFile(recordings, model.name, suite.name));
    return { ...estimate, stale: [...new Set(lines.flatMap((line) => (isWanted(line) ? [] : [line.case])))] };
  });
}

function estimatePart(
  { suite, model, samples }: RecordPart,
  isKnown: (call: Call) => boolean,
  speed: number | null,
  atATime: number | null,
) {
  const sum: Estimate = { wanted: 0, recorded: 0, toAsk: 0, inputTokens: 0, outputTokens: 0, usd: 0, seconds: null, stale: [] };
  for (const call of planCalls(suite, model, samples)) {
    sum.wanted++;
    if (isKnown(call)) {
      sum.recorded++;
      continue;
    }
    const input = estimateTokens({ messages: call.messages, params: { max_tokens: 0 } });
    const output = estimateTokens({ messages: [], params: call.params });
    const usd = costOf(call, input, output, speed);
    sum.toAsk++;
    sum.inputTokens += input;
    sum.outputTokens += output;
    sum.usd = sum.usd === null || usd === null ? null : sum.usd + usd;
  }
  return { ...sum, seconds: sum.toAsk === 0 ? 0 : secondsOf(model, sum, speed, atATime) };
}

function costOf({ model, case: name, sample }: Call, input: number, output: number, speed: number | null): number | null {
  const usage = { input_tokens: Math.ceil(input), output_tokens: output, reasoning_tokens: null };
  const timings = speed === null ? null : { total_ms: (output * 1000) / speed, first_token_ms: null, tokens_per_second: speed };
  return priceOf(model, { ...noAnswer({ model: model.name, case: name, sample, origin: 'live' }, 'ok', ''), usage, timings }).cost_usd;
}

function secondsOf(model: Model, sum: Estimate, speed: number | null, concurrency: number | null): number | null {
  if (speed === null) return null;
  const own = model.options['concurrency'];
  const atATime = concurrency ?? (typeof own === 'number' ? own : (servedBy(model)?.concurrency ?? 1));
  const limited = (key: string, amount: number) => {
    const limit = model.options[key];
    return typeof limit === 'number' ? (amount * 60) / limit : 0;
  };
  const tokens = sum.inputTokens + sum.outputTokens;
  return Math.max(sum.outputTokens / speed / Math.min(atATime, sum.toAsk), limited('rpm', sum.toAsk), limited('tpm', tokens));
}

function servedBy({ provider }: Model): ServedProvider['served'] | null {
  const found = (providers as Record<string, Provider | ServedProvider>)[provider];
  return found && 'served' in found ? found.served : null;
}

/** Output tokens a second over whole answers, the median of those recorded; null when none of them tells. */
function speedOf(recordings: Recorded): number | null {
  const speeds: number[] = [];
  for (const [, r] of recordings) {
    if (r === 'malformed') continue;
    const { usage, timings } = r;
    const speed = usage && timings && timings.total_ms > 0 ? (usage.output_tokens * 1000) / timings.total_ms : timings?.tokens_per_second;
    if (speed) speeds.push(speed);
  }
  return speeds.sort((a, b) => a - b)[speeds.length >> 1] ?? null;
}

/** Whether a case of these suites asks the model for a recording, however many samples the suites use. */
export function isAskedFor(suites: readonly Suite[], model: Model): (recording: Pick<Recording, 'request' | 'sample'>) => boolean {
  const bySample = new Map<number, Set<string>>();
  return ({ request, sample }) => {
    const requests = bySample.get(sample) ?? new Set<string>();
    if (!bySample.has(sample))
      for (const suite of suites) for (const one of suite.cases) requests.add(planCall(suite.name, one, model, sample).request);
    bySample.set(sample, requests);
    return requests.has(request);
  };
}

export function recordingsIn(file: string): Recording[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.flatMap((line) => parseRecording(line) ?? []);
}

export const caseNames = (suite: Suite): string[] => Array.from(suite.cases, ({ name }) => name);
