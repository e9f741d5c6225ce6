/** LM Studio's list of models (REST API v1, or v0 of older versions) → shapes, as far as its models are known by name. */
import * as z from 'zod';
import { knownShape, type Shape } from './shape.ts';

const v1 = z.object({
  models: z.array(
    z.object({
      type: z.string(),
      key: z.string(),
      quantization: z.object({ name: z.string().nullish() }).nullish(),
      size_bytes: z.number().nullish(),
      max_context_length: z.number().nullish(),
    }),
  ),
});
const v0 = z.object({
  data: z.array(
    z.object({ id: z.string(), type: z.string(), quantization: z.string().nullish(), max_context_length: z.number().nullish() }),
  ),
});

export interface Listed {
  name: string;
  /** null when the list says nothing of its layers, and its name is not known */
  shape: Shape | null;
}

/** Null where the answer is no such list. Embedding models are left out. */
export function readLmStudioList(json: unknown): Listed[] | null {
  const newer = v1
    .safeParse(json)
    .data?.models.map((one) => ({ ...one, name: one.key, quantization: one.quantization?.name ?? null, bytes: one.size_bytes ?? null }));
  const older = v0.safeParse(json).data?.data.map((one) => ({ ...one, name: one.id, quantization: one.quantization ?? null, bytes: null }));
  const all = newer ?? older;
  if (!all) return null;
  return all
    .filter(({ type }) => !type.startsWith('embedding'))
    .map(({ name, quantization, bytes, max_context_length }) => {
      const known = knownShape(name);
      if (known === null) return { name, shape: null };
      const stored = quantization !== null && bytes !== null ? { quantization, bytes } : null;
      return { name, shape: { ...known, stored, trainedContext: max_context_length ?? known.trainedContext } };
    });
}
