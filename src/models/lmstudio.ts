/** `provider: lmstudio`: LM Studio on this machine. It loads models just in time and keeps one of them, so models take turns. */
import * as z from 'zod';
import type { Call, Model } from '../record.ts';
import type { Endpoint } from './endpoint.ts';
import { localDialect } from './openai-compatible.ts';
import { getJson, servedProvider } from './served.ts';

export const lmstudio = servedProvider({
  baseUrl: 'http://localhost:1234/v1',
  keyVariable: 'LM_API_TOKEN',
  isKeyOptional: true,
  dialectOf: localDialect,
  concurrency: 1,
  loadsOnDemand: () => true,
  factsOf: lmStudioFacts,
});

/** What LM Studio says of one model, in the words of its newer API. */
export interface LmStudioModel {
  key: string;
  isLoaded: boolean;
  quantization: string | null;
  format: string | null;
  /** of the loaded instance, else null */
  contextLength: number | null;
  maxContextLength: number | null;
  parallel: number | null;
}

const v1 = z.object({
  models: z.array(
    z.object({
      key: z.string(),
      format: z.string().nullish(),
      quantization: z.object({ name: z.string().nullish() }).nullish(),
      max_context_length: z.number().nullish(),
      loaded_instances: z
        .array(
          z.object({
            id: z.string(),
            config: z.object({ context_length: z.number().nullish(), parallel: z.number().nullish() }).nullish(),
          }),
        )
        .default([]),
    }),
  ),
});
const v0 = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      state: z.string().nullish(),
      quantization: z.string().nullish(),
      compatibility_type: z.string().nullish(),
      max_context_length: z.number().nullish(),
      loaded_context_length: z.number().nullish(),
    }),
  ),
});

/** From REST API v1 (0.4.0 and newer), else from v0; null when this is not LM Studio, or it does not have the model. */
export async function lmStudioModel(id: string, endpoint: Endpoint): Promise<LmStudioModel | null> {
  const newer = v1
    .safeParse(await getJson(endpoint, '/api/v1/models'))
    .data?.models.find(({ key, loaded_instances }) => key === id || loaded_instances.some((instance) => instance.id === id));
  if (newer) {
    const config = newer.loaded_instances[0]?.config;
    return {
      key: newer.key,
      isLoaded: newer.loaded_instances.length > 0,
      quantization: newer.quantization?.name ?? null,
      format: newer.format ?? null,
      contextLength: config?.context_length ?? null,
      maxContextLength: newer.max_context_length ?? null,
      parallel: config?.parallel ?? null,
    };
  }
  const older = v0.safeParse(await getJson(endpoint, '/api/v0/models')).data?.data.find((one) => one.id === id);
  if (!older) return null;
  return {
    key: older.id,
    isLoaded: older.state === 'loaded',
    quantization: older.quantization ?? null,
    format: older.compatibility_type ?? null,
    contextLength: older.loaded_context_length ?? null,
    maxContextLength: older.max_context_length ?? null,
    parallel: null,
  };
}

async function lmStudioFacts(model: Model, endpoint: Endpoint): Promise<Call['provenance']> {
  const found = await lmStudioModel(model.model, endpoint);
  if (found === null) return {};
  const { quantization, format, contextLength } = found;
  return {
    ...(quantization !== null && { quantization }),
    ...(format !== null && { format }),
    ...(contextLength !== null && { context_length: contextLength }),
  };
}
