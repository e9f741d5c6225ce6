/** An encoder's folder on disk (the layout of the Hugging Face hub), found by name and read into what the engine needs. */
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, suggestName } from '../errors.ts';
import { catalogue } from './catalogue.ts';
import { fingerprint } from './fingerprint.ts';

export type Pooling = 'cls' | 'mean';

export interface EncoderFolder {
  /** without the `@revision` of the folder */
  name: string;
  dir: string;
  /** as transformers.js names it; which file of `onnx/` is loaded follows from it */
  dtype: 'fp32' | 'fp16' | 'q8';
  pooling: Pooling;
  dimensions: number;
  /** most tokens in one window, specials included */
  maxTokens: number;
  /** weights and external data */
  bytes: number;
  /** sha256 over weights, tokenizer, pooling and window, hex */
  fingerprint: string;
}

const WEIGHTS = { fp32: 'model.onnx', fp16: 'model_fp16.onnx', q8: 'model_quantized.onnx' } as const;
type Dtype = keyof typeof WEIGHTS;

/** The folder `name` or `name@revision` in the first models folder that has its weights, or a path; null when there is none. */
export function findEncoder(name: string, modelsDirs: readonly string[]): string | null {
  if (/[\\/]/.test(name)) return hasWeights(resolve(name)) ? resolve(name) : null;
  const match = (entry: string) => entry === name || entry.split('@')[0] === name;
  for (const dir of modelsDirs) {
    const found = list(dir)
      .filter(match)
      .sort()
      .reverse()
      .find((entry) => hasWeights(join(dir, entry)));
    if (found !== undefined) return join(dir, found);
  }
  return null;
}

/** Every folder with weights, in the order in which they are looked for. */
export function listEncoders(modelsDirs: readonly string[]): string[] {
  return modelsDirs.flatMap((dir) =>
    list(dir)
      .sort()
      .map((entry) => join(dir, entry))
      .filter(hasWeights),
  );
}

/** What to say when `findEncoder` found nothing. */
export function missingEncoder(name: string, modelsDirs: readonly string[]): InputError {
  const known = [...new Set(listEncoders(modelsDirs).map((dir) => basename(dir)))];
  const pull = Object.hasOwn(catalogue, name) ? `"onpar embedder pull ${name}" brings them; or ` : '';
  return new InputError({
    code: 'embed/missing-encoder',
    what: `encoder "${name}" has no weights on this machine (looked in ${modelsDirs.join(', ')})`,
    fix: `${pull}${suggestName(name, known)}, or put config.json, tokenizer.json, 1_Pooling/config.json and onnx/model.onnx of it in ${join(modelsDirs[0] ?? '', name)}`,
  });
}

/** Reads a folder that `findEncoder` gave; throws InputError where it cannot serve. */
export function readEncoder(dir: string, memoDir: string): EncoderFolder {
  const config = readJson(dir, 'config.json');
  const dimensions = numberOf(config, 'hidden_size');
  if (dimensions === null) throw broken(dir, 'config.json has no hidden_size');
  const dtype = dtypeOf(dir);
  const prints = [...weightFiles(dir, dtype), join(dir, 'tokenizer.json')].map((file) => fingerprint(file, memoDir));
  if (prints.some((print) => print.isBatchDependent)) {
    throw broken(
      dir,
      `onnx/${WEIGHTS[dtype]} quantises activations at run time, so a text's vector would depend on the texts beside it`,
      'use fp32 (onnx/model.onnx), fp16 (onnx/model_fp16.onnx) or weight-only int8 weights',
    );
  }
  const pooling = poolingOf(dir);
  const maxTokens = maxTokensOf(dir, config);
  const parts = [...prints.map((print) => print.sha256), pooling, maxTokens];
  const bytes = prints.reduce((sum, print) => sum + print.bytes, 0);
  const name = basename(dir).split('@')[0] ?? basename(dir);
  return { name, dir, dtype, pooling, dimensions, maxTokens, bytes, fingerprint: hash('sha256', parts.join('\n')) };
}

export function hasWeights(dir: string): boolean {
  return existsSync(join(dir, 'tokenizer.json')) && Object.values(WEIGHTS).some((file) => existsSync(join(dir, 'onnx', file)));
}

/** The most precise weights there are. */
function dtypeOf(dir: string): Dtype {
  const found = (Object.keys(WEIGHTS) as Dtype[]).find((dtype) => existsSync(join(dir, 'onnx', WEIGHTS[dtype])));
  if (found === undefined) throw broken(dir, 'there are no weights in onnx/');
  return found;
}

/**
 * The graph and its external data, which exporters name in several ways: whatever is no other graph or its data. A repository that
 * was copied whole has its tokenizer in `onnx/` once more, which nothing reads there.
 */
function weightFiles(dir: string, dtype: Dtype): string[] {
  const graph = WEIGHTS[dtype];
  const isOwn = (file: string) => file === graph || file.startsWith(`${graph}_data`) || (!file.startsWith('model') && !isNoWeight(file));
  return list(join(dir, 'onnx'))
    .filter(isOwn)
    .sort()
    .map((file) => join(dir, 'onnx', file))
    .filter((file) => statSync(file).isFile());
}

/** Configuration and notes: not part of the encoder where they lie in `onnx/`. */
export const isNoWeight = (file: string): boolean => /\.(?:json|model|txt|md)$/.test(file);

function poolingOf(dir: string): Pooling {
  const pooling = readJson(dir, '1_Pooling/config.json');
  if (pooling['pooling_mode_cls_token'] === true) return 'cls';
  if (pooling['pooling_mode_mean_tokens'] === true) return 'mean';
  throw broken(dir, '1_Pooling/config.json asks for neither cls nor mean pooling');
}

/** The length the encoder was trained with, where it says so; never more than its positions. */
function maxTokensOf(dir: string, config: Record<string, unknown>): number {
  const trained = existsSync(join(dir, 'sentence_bert_config.json'))
    ? numberOf(readJson(dir, 'sentence_bert_config.json'), 'max_seq_length')
    : null;
  const positions = numberOf(config, 'max_position_embeddings') ?? 512;
  // RoBERTa counts positions from behind the padding id
  const reserved = String(config['model_type']).includes('roberta') ? (numberOf(config, 'pad_token_id') ?? 1) + 1 : 0;
  return Math.min(trained ?? Infinity, positions - reserved);
}

function readJson(dir: string, file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(join(dir, file), 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw broken(dir, `${file} cannot be read (${(cause as Error).message})`);
  }
}

function numberOf(from: Record<string, unknown>, key: string): number | null {
  const value = from[key];
  return typeof value === 'number' ? value : null;
}

function broken(
  dir: string,
  what: string,
  fix = `complete the folder ${dirname(dir)}/${basename(dir)} from the encoder's own repository`,
): InputError {
  return new InputError({ code: 'embed/broken-encoder', what: `encoder "${basename(dir)}": ${what}`, fix });
}

function list(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}
