/** The table of providers. A new one is one file plus a line here. */
import { z } from 'zod';
import { file } from './file.ts';
import type { Provider } from './provider.ts';

const endpoint = z.strictObject({
  base_url: z.string().optional(),
  api_key: z.string().optional(),
  api: z.enum(['chat', 'responses']).optional(),
  concurrency: z.int().min(1).optional(),
  cost: z.strictObject({ per_hour: z.number().min(0) }).optional(),
});

export const providers = {
  openai: { options: endpoint },
  lmstudio: { options: endpoint },
  litellm: { options: endpoint },
  'openai-compatible': { options: endpoint },
  file,
} as const satisfies Record<string, Provider | Pick<Provider, 'options'>>;
