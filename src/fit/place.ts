/** Weights, cache and overhead → does it fit on these GPUs, and in this RAM? */
import { kvCacheBytes, overheadBytes, type Use } from './memory.ts';
import type { Shape } from './shape.ts';
import { isQuantization, type Quantization, weightBytes } from './weights.ts';

export interface Gpu {
  name: string;
  bytes: number;
}

export interface Machine {
  gpus: readonly Gpu[];
  /** null: not told, so that nothing can be put there */
  ramBytes: number | null;
  /** left free on every GPU: its driver, a screen, other programs. An allowance, not a measurement. */
  reserveBytes: number;
}

export interface Fit {
  quantization: string;
  /** bytes; null with the reason in `why` */
  weights: number | null;
  kv_cache: number;
  overhead: number | null;
  /** of what is known: without an overhead it is a lower limit */
  total: number | null;
  outcome: 'fits' | 'offload' | 'no' | 'unknown';
  /** layers on GPUs, where there are any */
  gpu_layers: number | null;
  layers: number;
  /** tokens a slot with which it still fits as a whole; null where not even the smallest does */
  largest_context: number | null;
  why: string;
}

const STEP = 256;

export function fitOf(shape: Shape, quantization: string, use: Use, machine: Machine): Fit {
  const one = placed(shape, quantization, use, machine);
  return { ...one, largest_context: largestContext(shape, quantization, use, machine) };
}

function placed(shape: Shape, quantization: string, use: Use, machine: Machine): Fit {
  const { layers } = shape;
  const weights = weightsOf(shape, quantization);
  const kv = kvCacheBytes(shape, use);
  const over = overheadBytes(shape, use);
  const base = { quantization, kv_cache: kv, layers, largest_context: null };
  if (weights === null)
    return {
      ...base,
      weights: null,
      overhead: null,
      total: null,
      outcome: 'unknown',
      gpu_layers: null,
      why: 'the size of its weights is not known',
    };
  const { device = 0, host = 0 } = over ?? {};
  const devices = Math.max(1, machine.gpus.length);
  const overhead = over === null ? null : device * devices + host;
  const numbers = { ...base, weights: weights.all, overhead, total: weights.all + kv + (overhead ?? 0) };
  const less = over === null ? ', overhead not counted' : '';
  const { gpus, ramBytes, reserveBytes } = machine;
  if (gpus.length === 0) {
    if (ramBytes === null) return { ...numbers, outcome: 'unknown', gpu_layers: null, why: 'no GPU and no RAM was named' };
    const isIn = numbers.total <= ramBytes;
    return {
      ...numbers,
      outcome: isIn ? 'fits' : 'no',
      gpu_layers: null,
      why: `${isIn ? 'in RAM, on the CPU' : 'more than the RAM'}${less}`,
    };
  }
  // layers are put down whole, and the output matrix counts as one more
  const piece = (weights.all - weights.embedding + kv) / (layers + 1);
  const room = gpus.map(({ bytes }) => Math.max(0, Math.floor((bytes - reserveBytes - device) / piece)));
  const pieces = Math.min(
    layers + 1,
    room.reduce((sum, one) => sum + one, 0),
  );
  const some = pieces < layers ? `${pieces} of ${layers} layers` : `all ${layers} layers but not the output matrix`;
  const where = gpus.length === 1 ? 'on the GPU' : `split over ${gpus.length} GPUs`;
  if (pieces === layers + 1) return { ...numbers, outcome: 'fits', gpu_layers: layers, why: `${where}${less}` };
  const inRam = weights.embedding + (layers + 1 - pieces) * piece + host + device;
  const rest = { ...numbers, gpu_layers: Math.min(layers, pieces) };
  if (ramBytes === null) return { ...rest, outcome: 'no', why: `${some} go ${where}; no RAM was named for the rest${less}` };
  if (inRam > ramBytes) return { ...rest, outcome: 'no', why: `${some} go ${where}, and the rest is more than the RAM${less}` };
  return { ...rest, outcome: 'offload', why: `${some} ${where}, the rest in RAM: several times slower${less}` };
}

function weightsOf(shape: Shape, quantization: string): { all: number; embedding: number } | null {
  const computed = isQuantization(quantization) ? weightBytes(shape, quantization satisfies Quantization) : null;
  if (shape.stored?.quantization !== quantization) return computed;
  return { all: shape.stored.bytes, embedding: computed?.embedding ?? 0 };
}

/** By halving; memory only grows with the context. Up to what the model was trained for, where that is known. */
function largestContext(shape: Shape, quantization: string, use: Use, machine: Machine): number | null {
  const fits = (steps: number) => placed(shape, quantization, { ...use, context: steps * STEP }, machine).outcome === 'fits';
  let [low, high] = [0, Math.floor((shape.trainedContext ?? 1_048_576) / STEP)];
  if (fits(high)) return high * STEP;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low === 0 ? null : low * STEP;
}
