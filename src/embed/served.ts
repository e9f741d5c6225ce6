/** A server's vectors as a source: what it is, as far as it can be told, and its vectors of texts of any length. */
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotHave } from './cannot-have.ts';
import type { ServedAddress } from './served-address.ts';
import { openServedClient, type ServedClient, type ServedTools } from './served-client.ts';
import { WINDOW_BYTES, windowsOf } from './served-windows.ts';
import type { Source } from './source.ts';

export interface ServedOptions extends ServedTools {
  /** opens no socket: what it knows is what was written down when the server was last asked */
  isOffline: boolean;
  cacheDir: string;
}

/** What is known of a server's model, written down in the cache folder: an offline run finds its vectors by it. */
export interface ServedMemo {
  base: string;
  host: string;
  model: string;
  /** what `/models` says of the weights, where it does (llama.cpp) */
  reported: Record<string, unknown>;
  dimensions: number;
  /** its vector of one sentence */
  probe: number[];
  fingerprint: string;
  seen_at: string;
}

const MOST_TEXTS = 32;
/** The first is the one that is remembered. Texts of several kinds: a server may give some of them another vector in company. */
const PROBES = ['Oslo is the capital of Norway.', '日本語の文章です。', 'def area(r): return 3.14159 * r ** 2', '🎉 Party at 8!'];
/** Other weights of one model, or another quantisation, are farther apart; two runs of the same are nearer. */
const SAME_COSINE = 1 - 1e-5;
/** Of llama.cpp's `meta`: what belongs to the weights, and not to how the server was started. */
const OF_WEIGHTS = ['n_vocab', 'n_embd', 'n_params', 'size', 'ftype'];

/** Rejects with CannotHave where the server does not serve; offline, where it was never asked before. */
export async function openServed(address: ServedAddress, options: ServedOptions): Promise<Source> {
  const { isOffline, cacheDir } = options;
  const file = join(serversDir(cacheDir), `${hash('sha256', `${address.base}#${address.model}`)}.json`);
  const known = readMemo(file);
  if (isOffline && known === null) throw neverAsked(address);
  const client = isOffline ? null : openServedClient(address, options);
  if (client === null) return sourceOf(known!, null, 0);
  try {
    const { memo, batchTexts } = await meet(client, address, known);
    writeMemo(file, memo);
    return sourceOf(memo, client, batchTexts);
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Servers that were asked on this machine, by when last. */
export function listServed(cacheDir: string): ServedMemo[] {
  try {
    return readdirSync(serversDir(cacheDir))
      .map((name) => readMemo(join(serversDir(cacheDir), name)))
      .filter((memo) => memo !== null)
      .sort((a, b) => (a.seen_at < b.seen_at ? 1 : -1));
  } catch {
    return [];
  }
}

/** Asks for a few vectors: the server is there, and this is how it embeds. */
async function meet(
  client: ServedClient,
  { base, host, model }: ServedAddress,
  known: ServedMemo | null,
): Promise<{ memo: ServedMemo; batchTexts: number }> {
  const { meta } = ((await client.model()) ?? {}) as { meta?: Record<string, unknown> | null };
  const reported = Object.fromEntries(OF_WEIGHTS.flatMap((key) => (meta?.[key] === undefined ? [] : [[key, meta[key]]])));
  const alone: Float32Array[] = [];
  for (const text of PROBES) alone.push(...(await client.embed([text])));
  const probe = Array.from(alone[0]!);
  const batchTexts = (await isSameInCompany(client, alone)) ? MOST_TEXTS : 1;
  const memo = { base, host, model, reported, dimensions: probe.length, probe, seen_at: new Date().toISOString() };
  if (known !== null && isSame(known, memo)) return { memo: { ...memo, probe: known.probe, fingerprint: known.fingerprint }, batchTexts };
  // rounded far more coarsely than a server strays from itself
  const rounded = probe.slice(0, 16).map((x) => x.toFixed(2));
  const parts = ['served', base, model, JSON.stringify(reported), probe.length, WINDOW_BYTES, rounded.join(' ')];
  return { memo: { ...memo, fingerprint: hash('sha256', parts.join('\n')) }, batchTexts };
}

/**
 * llama.cpp computes a quantised model another way for one text than for many, and the vectors may be 0.02 apart (cosine). A score
 * must not depend on what else was asked, so such a server gets one text at a time.
 */
async function isSameInCompany(client: ServedClient, alone: readonly Float32Array[]): Promise<boolean> {
  const together = [await client.embed(PROBES), (await client.embed([...PROBES].reverse())).reverse()];
  return together.every((vectors) => vectors.every((vector, i) => cosine(vector, alone[i]!) >= SAME_COSINE));
}

function isSame(a: ServedMemo, b: Omit<ServedMemo, 'fingerprint'>): boolean {
  if (a.dimensions !== b.dimensions || JSON.stringify(a.reported) !== JSON.stringify(b.reported)) return false;
  return cosine(a.probe, b.probe) >= SAME_COSINE;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * (b[d] ?? NaN);
  return sum;
}

function sourceOf({ host, model, dimensions, fingerprint }: ServedMemo, client: ServedClient | null, batchTexts: number): Source {
  const identity = {
    id: model,
    revision: `served-${fingerprint.slice(0, 12)}`,
    dimensions,
    pooling: 'served',
    bundled: false,
    server: host,
  };
  const run: Source['run'] = async (texts, onChunk) => {
    if (client === null) throw notCached(texts.length, host);
    for (let start = 0; start < texts.length; start += MOST_TEXTS) {
      const part = texts.slice(start, start + MOST_TEXTS);
      const vectors = await embedTexts(part, dimensions, (windows) => inBatches(windows, batchTexts, client));
      onChunk(
        [...part.keys()].map((i) => start + i),
        vectors,
      );
    }
  };
  const how =
    client === null ? ': it was not asked (offline)' : batchTexts === 1 ? ': one text at a time, since neighbours change its vectors' : '';
  const choice = `encoder ${model} (served by ${host})${how}`;
  return { identity, fingerprint, choice, run, workers: () => 0, close: async () => client?.close() };
}

async function inBatches(texts: readonly string[], size: number, client: ServedClient): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += size) vectors.push(...(await client.embed(texts.slice(start, start + size))));
  return vectors;
}

/** A text's vector is the mean of its windows', weighted by their length, of length 1. */
async function embedTexts(
  texts: readonly string[],
  dimensions: number,
  embed: (windows: string[]) => Promise<Float32Array[]>,
): Promise<Float32Array> {
  const windows = texts.flatMap((text, i) => windowsOf(text).map((window) => ({ text: i, window })));
  const vectors = await embed(windows.map(({ window }) => window));
  const sums = Array.from(texts, () => new Float64Array(dimensions));
  windows.forEach(({ text, window }, i) => add(sums[text]!, vectors[i]!, Buffer.byteLength(window)));
  const all = new Float32Array(texts.length * dimensions);
  sums.forEach((sum, i) => {
    const length = Math.hypot(...sum);
    if (!(length > 0)) throw new CannotHave({ code: 'embed/bad-vectors', what: 'the windows of a text cancel out' });
    all.set(
      sum.map((x) => x / length),
      i * dimensions,
    );
  });
  return all;
}

function add(sum: Float64Array, vector: Float32Array, weight: number): void {
  if (vector.length !== sum.length) {
    const what = `the server's vectors had ${sum.length} dimensions, and now have ${vector.length}`;
    throw new CannotHave({ code: 'embed/bad-vectors', what, fix: 'let nobody load another model during a run' });
  }
  for (let d = 0; d < sum.length; d++) sum[d]! += weight * vector[d]!;
}

const serversDir = (cacheDir: string): string => join(cacheDir, 'servers');

function readMemo(file: string): ServedMemo | null {
  try {
    const memo = JSON.parse(readFileSync(file, 'utf8')) as ServedMemo | null;
    return typeof memo?.fingerprint === 'string' && Array.isArray(memo.probe) ? memo : null;
  } catch {
    return null;
  }
}

/** Where it cannot be written, an offline run will say that the server was never asked. */
function writeMemo(file: string, memo: ServedMemo): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(memo));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    /* read-only cache folder */
  }
}

function neverAsked({ host, model }: ServedAddress): CannotHave {
  const what = `--offline: no vector of "${model}" at ${host} is cached, and no socket is opened for one`;
  return new CannotHave({ code: 'embed/offline', what, fix: 'run once without --offline, or take an encoder of this machine' });
}

function notCached(count: number, host: string): CannotHave {
  const what = `--offline: ${count} texts have no cached vector, and no socket is opened to ${host} for them`;
  return new CannotHave({ code: 'embed/offline', what, fix: 'run once without --offline, or take an encoder of this machine' });
}
