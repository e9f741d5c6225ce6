/** When a server will stop serving a model: `shutdown_date` of `GET /models`, which OpenAI has. A server that says nothing is no problem. */
import * as z from 'zod';
import type { Model } from '../record.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { providers } from './index.ts';
import type { Provider, ProviderTools } from './provider.ts';
import type { ServedProvider } from './served.ts';

const PATIENCE_MS = 5_000;
const WARN_DAYS = 60;
const DAY_MS = 86_400_000;

const list = z.object({ data: z.array(z.unknown()) });
const entry = z.object({ id: z.string(), shutdown_date: z.string().regex(/^\d{4}-\d\d-\d\d/) });

/** By name of models.yaml: `2027-01-14`. Models without a date are left out. One request an endpoint and key; never rejects. */
export async function shutdownDates(models: readonly Model[], tools: ProviderTools): Promise<Map<string, string>> {
  const asked = new Map<string, Promise<Map<string, string>>>();
  const dates = await Promise.all(
    models.map(async (model): Promise<[string, string][]> => {
      const endpoint = await endpointOf(model, tools);
      if (endpoint === null) return [];
      const key = JSON.stringify([endpoint.baseUrl, endpoint.secrets]);
      const byId = asked.get(key) ?? ask(endpoint);
      asked.set(key, byId);
      const date = (await byId).get(model.model);
      return date === undefined ? [] : [[model.name, date]];
    }),
  );
  return new Map(dates.flat());
}

/** Null where nothing is served, or a key is missing: who asks the model is told of that. */
async function endpointOf(model: Model, tools: ProviderTools): Promise<Endpoint | null> {
  const provider = (providers as Record<string, Provider | ServedProvider>)[model.provider];
  if (!provider || !('served' in provider)) return null;
  try {
    return await openEndpoint(model, tools, provider.served);
  } catch {
    return null;
  }
}

async function ask({ client, baseUrl }: Endpoint): Promise<Map<string, string>> {
  try {
    const response = await client.get(`${baseUrl}/models`, { signal: AbortSignal.timeout(PATIENCE_MS) }).asResponse();
    const { data } = list.parse(JSON.parse(await response.text()));
    const found = data.flatMap((one) => entry.safeParse(one).data ?? []);
    return new Map(found.map(({ id, shutdown_date }) => [id, shutdown_date.slice(0, 10)]));
  } catch {
    return new Map();
  }
}

/** Days until the date, negative when it is past. */
export function daysUntil(date: string, now: Date): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`)) / DAY_MS);
}

/** A sentence when the date is past or near, else null. */
export function retirementWarning(model: string, date: string, now: Date): string | null {
  const days = daysUntil(date, now);
  if (Number.isNaN(days) || days > WARN_DAYS) return null;
  if (days < 0) return `"${model}" was to be shut down on ${date}: what is recorded of it may be all there will ever be`;
  const when = days === 0 ? 'today' : `in ${days} day${days === 1 ? '' : 's'}, on ${date}`;
  return `"${model}" is shut down ${when}: record what you need of it before`;
}
