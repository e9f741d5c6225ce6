/** The environment variable that a deployment's key goes by. */
import type { Deployment } from './deployments.ts';

/** OPENAI_API_KEY is for OpenAI only: a server of one's own must not be given it by another road. */
export function providerName({ provider, base, name }: Deployment): string {
  const upper = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  const isOwn = base !== null && !(base.url?.hostname.endsWith('openai.com') ?? false);
  return `${upper((isOwn ? name : provider) ?? provider ?? name ?? 'MODEL')}_API_KEY`;
}
