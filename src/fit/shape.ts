/** What of a model decides how much memory it takes. */

export interface Tensor {
  /** as llama.cpp calls it: `blk.0.ffn_down.weight` */
  name: string;
  /** the first is the length of a row, which is what is quantised */
  dimensions: number[];
}

export interface Shape {
  name: string;
  /** weights, by count; null when unknown */
  parameters: number | null;
  layers: number;
  /** key-value heads of every layer */
  kvHeads: number;
  /** values a head keeps of one token, as key and as value */
  keyLength: number;
  valueLength: number;
  /** layers that look back only so many tokens, and how many layers do; null where all see everything */
  window: { tokens: number; layers: number } | null;
  /** null when unknown: then the overhead is, too */
  embedding: number | null;
  feedForward: number | null;
  vocabulary: number | null;
  /** tokens that it was trained for; null when unknown */
  trainedContext: number | null;
  /** null where only the number of parameters is known */
  tensors: Tensor[] | null;
  /** of the file or the list it was read from: bytes of all tensors as they are stored; null when it is not stored yet */
  stored: { quantization: string; bytes: number } | null;
}

interface Dense {
  layers: number;
  heads: number;
  kvHeads: number;
  headLength: number;
  embedding: number;
  feedForward: number;
  vocabulary: number;
  trainedContext: number;
  /** Qwen2 adds one to queries, keys and values */
  hasBias: boolean;
}

const qwen = { headLength: 128, vocabulary: 152_064, trainedContext: 32_768, hasBias: true };
const QWEN_7B: Dense = { ...qwen, layers: 28, heads: 28, kvHeads: 4, embedding: 3584, feedForward: 18_944 };
const QWEN_32B: Dense = { ...qwen, layers: 64, heads: 40, kvHeads: 8, embedding: 5120, feedForward: 27_648 };
const QWEN_72B: Dense = { ...qwen, layers: 80, heads: 64, kvHeads: 8, embedding: 8192, feedForward: 29_568 };
const LLAMA_70B: Dense = {
  layers: 80,
  heads: 64,
  kvHeads: 8,
  headLength: 128,
  embedding: 8192,
  feedForward: 28_672,
  vocabulary: 128_256,
  trainedContext: 131_072,
  hasBias: false,
};

/** Models whose dimensions are known without a file, from the config.json that their makers publish. */
const KNOWN: Record<string, Dense> = {
  'qwen2.5-7b': QWEN_7B,
  'qwen2.5-32b': QWEN_32B,
  'qwen2.5-72b': QWEN_72B,
  'llama-3.3-70b': LLAMA_70B,
  'qwq-32b': QWEN_32B,
  'deepseek-r1-distill-qwen-32b': { ...QWEN_32B, trainedContext: 131_072 },
  'marco-o1': QWEN_7B,
};

export const knownNames: readonly string[] = Object.keys(KNOWN);

/** `qwen/Qwen2.5-72B-Instruct-GGUF` is `qwen2.5-72b`: the longest known name that stands in it; null without one. */
export function knownShape(name: string): Shape | null {
  const text = name.toLowerCase().replaceAll('_', '-');
  const found = knownNames.filter((known) => text.includes(known)).sort((a, b) => b.length - a.length)[0];
  const dense = found === undefined ? undefined : KNOWN[found];
  if (!dense) return null;
  const tensors = tensorsOf(dense);
  return {
    name,
    parameters: tensors.reduce((sum, tensor) => sum + countOf(tensor), 0),
    layers: dense.layers,
    kvHeads: dense.kvHeads,
    keyLength: dense.headLength,
    valueLength: dense.headLength,
    window: null,
    embedding: dense.embedding,
    feedForward: dense.feedForward,
    vocabulary: dense.vocabulary,
    trainedContext: dense.trainedContext,
    tensors,
    stored: null,
  };
}

export const countOf = ({ dimensions }: Tensor): number => dimensions.reduce((product, one) => product * one, 1);

/** The tensors of a dense model with gated feed-forward layers and an output matrix of its own. */
function tensorsOf({ layers, heads, kvHeads, headLength, embedding, feedForward, vocabulary, hasBias }: Dense): Tensor[] {
  const [queries, keys] = [heads * headLength, kvHeads * headLength];
  const layer = (i: number): [string, number[]][] => [
    [`blk.${i}.attn_norm.weight`, [embedding]],
    [`blk.${i}.attn_q.weight`, [embedding, queries]],
    [`blk.${i}.attn_k.weight`, [embedding, keys]],
    [`blk.${i}.attn_v.weight`, [embedding, keys]],
    [`blk.${i}.attn_output.weight`, [queries, embedding]],
    [`blk.${i}.ffn_norm.weight`, [embedding]],
    [`blk.${i}.ffn_gate.weight`, [embedding, feedForward]],
    [`blk.${i}.ffn_up.weight`, [embedding, feedForward]],
    [`blk.${i}.ffn_down.weight`, [feedForward, embedding]],
    ...(hasBias
      ? (['q', 'k', 'v'] as const).map((x): [string, number[]] => [`blk.${i}.attn_${x}.bias`, [x === 'q' ? queries : keys]])
      : []),
  ];
  const all: [string, number[]][] = [
    ['token_embd.weight', [embedding, vocabulary]],
    ['output.weight', [embedding, vocabulary]],
    ['output_norm.weight', [embedding]],
    ...Array.from({ length: layers }, (_, i) => layer(i)).flat(),
  ];
  return all.map(([name, dimensions]) => ({ name, dimensions }));
}
