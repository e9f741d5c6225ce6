/** A GGUF file → its shape. Only the header is read: names, dimensions and places of the tensors, none of their values. */
import { existsSync, statSync } from 'node:fs';
import { GGMLFileQuantizationType, gguf, parseGgufShardFilename } from '@huggingface/gguf';
import { InputError } from '../errors.ts';
import { countOf, type Shape } from './shape.ts';

/** Every n-th layer sees everything, the others a window; llama.cpp knows these by architecture, the file need not say it. */
const FULL_EVERY: Record<string, number> = { gemma2: 2, gemma3: 6, cohere2: 4 };

/** Of a file in parts any part may be named: all of them must be there. */
export async function readGguf(path: string): Promise<Shape> {
  const headers = await Promise.all(partsOf(path).map(readHeader));
  // of a file in parts, the first tells of the model
  const metadata = headers[0]!.metadata;
  const tensors = headers.flatMap((header) => header.tensors);
  const architecture = String(metadata['general.architecture']);
  const number = (key: string): number | null => {
    const value = metadata[`${architecture}.${key}`];
    // where layers differ, the most that one has: rather too much than too little
    const most = Array.isArray(value) ? Math.max(...value.map(Number)) : Number(value ?? NaN);
    return Number.isFinite(most) ? most : null;
  };
  if (Object.keys(metadata).some((key) => /\.(?:ssm\.|attention\.kv_lora_rank$)/.test(key)))
    fail(path, `"${architecture}" keeps a compressed cache or a state, whose size is not known here`);
  const need = (key: string): number => number(key) ?? fail(path, `it does not say its ${key}: is it a language model?`);
  const [layers, embedding, heads] = [need('block_count'), need('embedding_length'), need('attention.head_count')];
  const head = embedding / heads;
  const window = number('attention.sliding_window');
  const every = number('attention.sliding_window_pattern') ?? FULL_EVERY[architecture] ?? null;
  const words = metadata['tokenizer.ggml.tokens'];
  const type = GGMLFileQuantizationType[Number(metadata['general.file_type'])];
  return {
    name: typeof metadata['general.name'] === 'string' ? metadata['general.name'] : path,
    parameters: tensors.reduce((sum, tensor) => sum + countOf(tensor), 0),
    layers,
    kvHeads: number('attention.head_count_kv') ?? heads,
    keyLength: number('attention.key_length') ?? head,
    valueLength: number('attention.value_length') ?? head,
    window: window === null || window === 0 || every === null ? null : { tokens: window, layers: layers - Math.floor(layers / every) },
    embedding,
    feedForward: number('feed_forward_length'),
    vocabulary: Array.isArray(words) ? words.length : number('vocab_size'),
    trainedContext: number('context_length'),
    tensors,
    stored: { quantization: type ?? 'as stored', bytes: headers.reduce((sum, header) => sum + header.bytes, 0) },
  };
}

async function readHeader(path: string) {
  if (!existsSync(path)) return fail(path, 'there is no such file');
  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true }).catch((error: Error) =>
    fail(path, `it cannot be read as GGUF (${error.message})`),
  );
  // what comes before is read and thrown away; the rest is mapped into memory
  const bytes = statSync(path).size - Number(tensorDataOffset);
  // the library reads beyond the end of a file as zeros
  if (tensorInfos.some(({ name, offset }) => name === '' || Number(offset) >= bytes))
    fail(path, 'it is cut short: tensors of its header are not in it. Is its download over?');
  const tensors = tensorInfos.map(({ name, shape }) => ({ name, dimensions: shape.map(Number) }));
  return { metadata: metadata as Record<string, unknown>, tensors, bytes };
}

function partsOf(path: string): string[] {
  const part = parseGgufShardFilename(path);
  if (part === null) return [path];
  return Array.from({ length: Number(part.total) }, (_, i) => `${part.prefix}-${String(i + 1).padStart(5, '0')}-of-${part.total}.gguf`);
}

function fail(path: string, what: string): never {
  throw new InputError({ code: 'fit/bad-file', what: `${path}: ${what}`, fix: 'name a .gguf file of a language model' });
}
