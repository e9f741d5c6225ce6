/** What every served model has: where it is, its key, its limits; and the openai client that asks it. */
import * as z from 'zod';
import { InputError } from '../errors.ts';
import type { Model } from '../record.ts';
import { priceOptions } from './prices.ts';
import type { ProviderTools } from './provider.ts';
import { openTransport, type Transport } from './transport.ts';

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });
const limit = must(z.number().gt(0), 'a number above 0').optional();

/** Keys of an entry of models.yaml that every served model may have. */
export const endpointOptions = {
  base_url: must(z.url({ protocol: /^https?$/ }), 'an address such as http://localhost:1234/v1').optional(),
  api_key: must(z.string().min(1), 'the name of an environment variable: ${NAME}').optional(),
  api: z.enum(['chat', 'responses']).optional(),
  concurrency: must(z.int().min(1), 'a whole number above 0').optional(),
  /** requests and tokens a minute */
  rpm: limit,
  tpm: limit,
  /** seconds that one try may take */
  timeout_s: limit,
  ...priceOptions,
};

/** What a provider says of its endpoints where an entry says nothing. */
export interface EndpointDefaults {
  /** null: the entry must name one */
  baseUrl: string | null;
  /** environment variable with the key. It is sent to `baseUrl` only: an entry with an address of its own names its key. */
  keyVariable: string | null;
  /** whether the server may do without a key */
  isKeyOptional?: boolean;
}

export interface Endpoint {
  baseUrl: string;
  /** such as `http://localhost:1234` */
  origin: string;
  timeoutMs: number;
  client: import('openai').OpenAI;
  /** whether requests carry a key, or a name and a password */
  sendsKey: boolean;
  transport: Transport;
  /** keys and passwords of this endpoint: they must not appear anywhere */
  secrets: string[];
}

const DEFAULT_TIMEOUT_S = 600;
/** Shorter ones are no secrets ("none", "local"), and taking them out would spoil answers. */
const SHORTEST_SECRET = 8;

export async function openEndpoint(model: Model, tools: ProviderTools, defaults: EndpointDefaults): Promise<Endpoint> {
  const text = (key: string) => (typeof model.options[key] === 'string' ? model.options[key] : null);
  const given = text('base_url') ?? defaults.baseUrl;
  if (given === null)
    throw new InputError({
      code: 'model/no-address',
      at: model.at,
      what: `model "${model.name}" has no base_url`,
      fix: 'write the address of the server, such as base_url: "http://localhost:8080/v1"',
    });
  const { url, userinfo } = withoutUserinfo(given);
  const key = keyOf(model, text('api_key') ?? (text('base_url') === null ? keyFromEnv(model, tools.env, defaults) : null));
  const basic = userinfo === null ? null : Buffer.from(userinfo).toString('base64');
  const authorization = key !== null ? `Bearer ${key}` : basic !== null ? `Basic ${basic}` : null;
  const transport = openTransport({ env: tools.env, contacted: tools.contacted, authorization, purpose: `asking ${model.name}` });
  const { OpenAI } = await import('openai');
  const client = new OpenAI({
    baseURL: url.href.replace(/\/$/, ''),
    // the transport sends the key
    apiKey: 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // every try has a deadline of its own
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch: transport,
  });
  const timeoutMs = (typeof model.options['timeout_s'] === 'number' ? model.options['timeout_s'] : DEFAULT_TIMEOUT_S) * 1000;
  const secrets = [key, userinfo, userinfo?.slice(userinfo.indexOf(':') + 1), basic];
  return {
    baseUrl: url.href.replace(/\/$/, ''),
    origin: url.origin,
    timeoutMs,
    client,
    sendsKey: authorization !== null,
    transport,
    // the longest first: one may be part of another
    secrets: (secrets.filter((s) => typeof s === 'string' && s.length >= SHORTEST_SECRET) as string[]).sort((a, b) => b.length - a.length),
  };
}

/** Without the line break that a file or a shell left on it. What cannot stand in a header is no key, and must not end up in a message. */
function keyOf(model: Model, given: string | null): string | null {
  const key = given?.trim() || null;
  if (key === null || /^[\x21-\x7e]+$/.test(key)) return key;
  throw new InputError({
    code: 'model/bad-key',
    at: model.at,
    what: `the key of model "${model.name}" has a blank, a line break or a letter in it that no key has`,
    fix: 'copy the key anew into its environment variable',
  });
}

function keyFromEnv(model: Model, env: NodeJS.ProcessEnv, { keyVariable, isKeyOptional }: EndpointDefaults): string | null {
  if (keyVariable === null) return null;
  const key = env[keyVariable];
  if (key) return key;
  if (isKeyOptional) return null;
  throw new InputError({
    code: 'model/no-key',
    at: model.at,
    what: `model "${model.name}" must be asked, and ${keyVariable} is not set`,
    fix: `set ${keyVariable} in the environment or in .env, or replay recordings only: answers: recorded, or --offline`,
  });
}

/** A name and a password in an address are sent as a header and shown nowhere. */
function withoutUserinfo(address: string): { url: URL; userinfo: string | null } {
  const url = new URL(address);
  const userinfo = url.username || url.password ? `${decoded(url.username)}:${decoded(url.password)}` : null;
  url.username = '';
  url.password = '';
  return { url, userinfo };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The value with every secret replaced by `[redacted]`, wherever it stands in it. */
export function redact<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value;
  const text = JSON.stringify(value);
  // as it is, inside JSON text, inside an address
  const forms = secrets.flatMap((secret) => [secret, escaped(secret), encodeURIComponent(secret)]);
  const written = [...new Set(forms.map(escaped))];
  if (!written.some((secret) => text.includes(secret))) return value;
  return JSON.parse(written.reduce((all, secret) => all.replaceAll(secret, '[redacted]'), text)) as T;
}
