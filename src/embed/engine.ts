/** The encoder itself: texts → L2-normalised vectors. Runs in a worker only, because the native session blocks its thread. */
import { AutoModel, AutoTokenizer, env, Tensor } from '@xenova/transformers';
import type { EncoderFolder } from './encoder-folder.ts';
import { batchWindows, cutWindows, type Window } from './windows.ts';

/** Larger padded batches are slower on a CPU: activations fall out of its cache. */
const BATCH_TOKENS = 512;

export interface EngineSpec {
  folder: EncoderFolder;
  /** threads inside one run of the session */
  threads: number;
}

/** Vectors of all texts one after the other, `texts.length × dimensions`. */
export type Engine = (texts: readonly string[]) => Promise<Float32Array>;

export async function openEngine({ folder, threads }: EngineSpec): Promise<Engine> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  // the whole path, since a name with "@revision" is no model id to the library
  const options = { local_files_only: true } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(folder.dir, options);
  const session_options = { intraOpNumThreads: threads, interOpNumThreads: 1, extra: { session: { intra_op: { allow_spinning: '0' } } } };
  const model = await AutoModel.from_pretrained(folder.dir, { ...options, dtype: folder.dtype, device: 'cpu', session_options });
  const specials = specialsOf(tokenizer.encode(''));
  const padding = tokenizer.pad_token_id ?? 0;

  return async (texts) => {
    const windows = texts.flatMap((text, i) =>
      cutWindows(i, tokenizer.encode(text, { add_special_tokens: false }), specials, folder.maxTokens),
    );
    const vectors = new Float32Array(texts.length * folder.dimensions);
    for (const batch of batchWindows(windows, BATCH_TOKENS)) {
      const hidden = hiddenStates((await model(padded(batch, padding))) as Record<string, unknown>);
      addBatch(vectors, batch, hidden, folder);
    }
    for (let i = 0; i < texts.length; i++) normalise(vectors.subarray(i * folder.dimensions, (i + 1) * folder.dimensions));
    return vectors;
  };
}

/** An empty text encodes to the specials alone: the last one closes a text, the others open it. */
function specialsOf(ids: number[]): { first: number[]; last: number[] } {
  return { first: ids.slice(0, -1), last: ids.slice(-1) };
}

function padded(batch: readonly Window[], padding: number): Record<string, Tensor> {
  const width = Math.max(...batch.map((window) => window.ids.length));
  const ids = new BigInt64Array(batch.length * width).fill(BigInt(padding));
  const mask = new BigInt64Array(batch.length * width);
  batch.forEach((window, row) => {
    window.ids.forEach((id, column) => {
      ids[row * width + column] = BigInt(id);
      mask[row * width + column] = 1n;
    });
  });
  const shape = [batch.length, width];
  return { input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape) };
}

/** The token-level output, batch × width × dimensions; some exports call it otherwise. */
function hiddenStates(output: Record<string, unknown>): Float32Array {
  const tensor = output['last_hidden_state'] ?? output['token_embeddings'];
  if (!(tensor instanceof Tensor)) throw new Error(`the encoder gives no token vectors (outputs: ${Object.keys(output).join(', ')})`);
  if (!(tensor.data instanceof Float32Array)) throw new Error(`the encoder's output is ${tensor.type}, not float32`);
  return tensor.data;
}

/** Adds each window's unit vector, weighted by its tokens, to its text's row of `vectors`. */
function addBatch(vectors: Float32Array, batch: readonly Window[], hidden: Float32Array, { dimensions, pooling }: EncoderFolder): void {
  const width = hidden.length / dimensions / batch.length;
  batch.forEach((window, row) => {
    const pooled = new Float64Array(dimensions);
    const tokens = pooling === 'cls' ? 1 : window.ids.length;
    for (let token = 0; token < tokens; token++) {
      const at = (row * width + token) * dimensions;
      for (let d = 0; d < dimensions; d++) pooled[d]! += hidden[at + d]!;
    }
    normalise(pooled);
    const to = window.text * dimensions;
    for (let d = 0; d < dimensions; d++) vectors[to + d]! += window.weight * pooled[d]!;
  });
}

function normalise(vector: Float32Array | Float64Array): void {
  let square = 0;
  for (const x of vector) square += x * x;
  if (!(square > 0 && square < Infinity)) throw new Error('the encoder gave a vector without a direction');
  const scale = 1 / Math.sqrt(square);
  for (let d = 0; d < vector.length; d++) vector[d]! *= scale;
}
