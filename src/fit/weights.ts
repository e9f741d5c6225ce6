/**
 * Bytes of a model's weights under a quantisation. "Q4_K_M" is no one number of bits: llama.cpp gives each tensor a type of its own by its
 * name and its layer, and another one where the rows do not divide into blocks. The rules here are those of `llama_tensor_get_type` in its
 * quantizer, for the mixes that people download.
 */
import { countOf, type Shape, type Tensor } from './shape.ts';

/** Bits a weight of each block type, scales included: block bytes · 8 / block length. */
const BITS = { F32: 32, F16: 16, Q8_0: 8.5, Q6_K: 6.5625, Q5_1: 6, Q5_K: 5.5, Q5_0: 5.5, Q4_K: 4.5, IQ4_NL: 4.5, Q3_K: 3.4375 } as const;
type Type = keyof typeof BITS;

/** What a row that is no multiple of 256 gets instead. */
const FALLBACK: Partial<Record<Type, Type>> = { Q3_K: 'IQ4_NL', Q4_K: 'Q5_0', Q5_K: 'Q5_1', Q6_K: 'Q8_0' };
const BLOCK = 256;

/** Where a tensor stands: its part, such as `ffn_down`, and its layer of so many. */
interface Place {
  part: string;
  layer: number;
  layers: number;
}
type Mix = (place: Place) => Type;

/** The first and the last eighth of the layers, and every third of those between. */
const getsMore = ({ layer, layers }: Place): boolean => {
  const eighth = Math.floor(layers / 8);
  return layer < eighth || layer >= Math.floor((7 * layers) / 8) || (layer - eighth) % 3 === 2;
};

const isOutput = (part: string) => part === 'output';

const MIXES = {
  Q3_K_M: ({ part, layer, layers }) => {
    if (isOutput(part)) return 'Q6_K';
    if (part === 'attn_v') return layers === 80 || layer < 2 ? 'Q5_K' : 'Q4_K';
    if (part === 'attn_output') return 'Q4_K';
    if (part === 'ffn_down') return layer < Math.floor(layers / 16) ? 'Q5_K' : 'Q4_K';
    return 'Q3_K';
  },
  Q4_K_M: (place) => {
    if (isOutput(place.part)) return 'Q6_K';
    if ((place.part === 'attn_v' || place.part === 'ffn_down') && getsMore(place)) return 'Q6_K';
    // models of 70 billion share a value head among eight: one step more costs little
    return place.part === 'attn_v' && place.layers === 80 ? 'Q5_K' : 'Q4_K';
  },
  Q5_K_M: (place) => {
    if (isOutput(place.part)) return 'Q6_K';
    return (place.part === 'attn_v' || place.part === 'ffn_down') && getsMore(place) ? 'Q6_K' : 'Q5_K';
  },
  Q6_K: () => 'Q6_K',
  Q8_0: () => 'Q8_0',
  F16: () => 'F16',
} as const satisfies Record<string, Mix>;

export type Quantization = keyof typeof MIXES;
export const quantizations = Object.keys(MIXES) as Quantization[];

export const isQuantization = (name: string): name is Quantization => Object.hasOwn(MIXES, name);

/** Bytes of all tensors under the mix, and of the input embedding among them, which llama.cpp keeps in RAM. */
export function weightBytes(
  shape: Pick<Shape, 'tensors' | 'layers' | 'parameters'>,
  quantization: Quantization,
): { all: number; embedding: number } | null {
  const { tensors, layers, parameters } = shape;
  if (tensors === null) return parameters === null ? null : { all: parameters * nominalBytes(quantization), embedding: 0 };
  const isTied = !tensors.some(({ name }) => name === 'output.weight');
  const bytesOf = (tensor: Tensor): number => (countOf(tensor) * BITS[typeOf(tensor, layers, isTied, MIXES[quantization])]) / 8;
  const embedding = tensors.filter(({ name }) => name === 'token_embd.weight').reduce((sum, one) => sum + bytesOf(one), 0);
  // tied, it is the output matrix as well, and is needed where that is
  return { all: tensors.reduce((sum, one) => sum + bytesOf(one), 0), embedding: isTied ? 0 : embedding };
}

function typeOf({ name, dimensions }: Tensor, layers: number, isTied: boolean, mix: Mix): Type {
  if (dimensions.length === 1) return 'F32';
  const [, layer = '0', inLayer] = /^blk\.(\d+)\.([a-z_]+)\./.exec(name) ?? [];
  const part = inLayer ?? (isTied && name === 'token_embd.weight' ? 'output' : name.replace(/\.weight$/, ''));
  const type = mix({ part, layer: Number(layer), layers });
  return (dimensions[0] ?? 0) % BLOCK === 0 ? type : (FALLBACK[type] ?? type);
}

/** Bytes a weight where only their number is known: that of a Llama of 70 billion, whose rows all divide. */
function nominalBytes(quantization: Quantization): number {
  return { Q3_K_M: 0.486, Q4_K_M: 0.6025, Q5_K_M: 0.708, Q6_K: 0.8204, Q8_0: 1.0627, F16: 2 }[quantization];
}
