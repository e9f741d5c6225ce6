/** The table of providers. A new one is one file plus a line here. */
import { file } from './file.ts';
import { hybrid } from './hybrid.ts';
import { litellm } from './litellm.ts';
import { lmstudio } from './lmstudio.ts';
import { openai } from './openai.ts';
import { openaiCompatible } from './openai-compatible.ts';
import type { Provider } from './provider.ts';

export const providers = {
  openai,
  lmstudio,
  litellm,
  'openai-compatible': openaiCompatible,
  hybrid,
  file,
} as const satisfies Record<string, Provider>;
