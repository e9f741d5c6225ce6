/**
 * Memory of a served model: weights + KV cache + overhead.
 *
 *   KV cache = Σ over layers: kv heads · (key length + value length) · tokens · bytes a value
 *            = 2 · layers · kv heads · head length · context · slots · bytes, where all layers see the whole context.
 *   A layer with a sliding window keeps min(context, window + 512) tokens a slot instead: its window, and the batch that is being read.
 *
 * Overhead was measured on llama.cpp (xllamacpp 2026.10) with SmolLM2-135M and Gemma-3-270M, at one slot of 1,024 tokens on a CPU:
 * resident memory of the serving process − that of bare Python with the library loaded − tensors of the file − KV cache. The engine logs its
 * compute buffer, which is 512 · 4 · (2 · feed-forward + 8 · embedding) bytes within 2 % for both, and the attention masks on top,
 * 512 · 2 · context. What is left is 283 bytes a word of the vocabulary and 20.4 MB. Two models give these two figures; the buffer is
 * also that of a 7B on CUDA within 2 %. Checked on other contexts and slots, and on logs of larger models and older engines: docs/fit.md.
 */
import type { Shape } from './shape.ts';

/** tokens that the engine reads at a time: llama.cpp's n_ubatch */
const BATCH = 512;
const RUNTIME_BYTES = 20_400_000;
const BYTES_A_WORD = 283;

/** Bytes a value of the cache. */
export const kvTypes: Record<string, number> = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 };

export interface Use {
  /** tokens of one slot */
  context: number;
  /** requests at a time */
  slots: number;
  kvType: string;
}

export function kvCacheBytes({ layers, kvHeads, keyLength, valueLength, window }: Shape, { context, slots, kvType }: Use): number {
  const perLayerToken = kvHeads * (keyLength + valueLength) * kvTypes[kvType]!;
  const narrow = window?.layers ?? 0;
  const kept = Math.min(context, (window?.tokens ?? 0) + BATCH);
  return perLayerToken * slots * ((layers - narrow) * context + narrow * kept);
}

/** `device`: wherever layers run; `host`: in RAM, once. Null where the dimensions are unknown. */
export function overheadBytes(
  { embedding, feedForward, vocabulary, window }: Shape,
  { context }: Use,
): { device: number; host: number } | null {
  if (embedding === null || feedForward === null || vocabulary === null) return null;
  const masks = BATCH * 2 * (context + (window === null ? 0 : Math.min(context, window.tokens + BATCH)));
  return { device: BATCH * 4 * (2 * feedForward + 8 * embedding) + masks, host: RUNTIME_BYTES + BYTES_A_WORD * vocabulary };
}
