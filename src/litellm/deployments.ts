/** What a configuration offers: its deployments, the names one may ask for, and the servers behind them. */
import { PROVIDERS } from './names.ts';
import { type Config, isPlainMap, type Path, valueAt } from './read-config.ts';

export interface Deployment {
  path: Path;
  /** the group it belongs to; null where it has no name */
  name: string | null;
  /** `litellm_params.model`, such as `openai/qwen2.5-72b` */
  model: string | null;
  /** what LiteLLM takes for the provider; null where it cannot be told from the file */
  provider: string | null;
  params: Record<string, unknown>;
  info: Record<string, unknown>;
  /** `api_base` (or `base_url`) as it is written; null where there is none, or it comes from the environment */
  base: { key: 'api_base' | 'base_url'; text: string; url: URL | null } | null;
}

export function deploymentsOf({ value }: Config): Deployment[] {
  const list = value['model_list'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => (isPlainMap(item) ? [deployment(item, ['model_list', index])] : []));
}

function deployment(item: Record<string, unknown>, path: Path): Deployment {
  const params = isPlainMap(item['litellm_params']) ? item['litellm_params'] : {};
  const model = typeof params['model'] === 'string' ? params['model'] : null;
  return {
    path,
    name: typeof item['model_name'] === 'string' ? item['model_name'] : null,
    model,
    provider: typeof params['custom_llm_provider'] === 'string' ? params['custom_llm_provider'] : model === null ? null : providerOf(model),
    params,
    info: isPlainMap(item['model_info']) ? item['model_info'] : {},
    base: baseOf(params),
  };
}

function providerOf(model: string): string | null {
  const [first, ...rest] = model.split('/');
  return first !== undefined && rest.length > 0 && PROVIDERS.has(first) ? first : null;
}

function baseOf(params: Record<string, unknown>): Deployment['base'] {
  for (const key of ['api_base', 'base_url'] as const) {
    const text = params[key];
    if (typeof text === 'string' && !text.startsWith('os.environ/'))
      return { key, text, url: URL.canParse(text) && text.includes('://') ? new URL(text) : null };
  }
  return null;
}

/** Loopback, a private network, or a name that only a private network knows. */
export function isLocal(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return (
    /^(localhost|(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+|0\.0\.0\.0|::1|f[cd][\da-f]{2}:.*)$/.test(host) ||
    !/[.:]/.test(host) ||
    /\.(local|lan|internal|svc|home|localhost)$/.test(host)
  );
}

/** One name for one server, however it is written. */
export function serverOf(url: URL): string {
  const host = /^(localhost|0\.0\.0\.0|\[::1\])$/.test(url.hostname) ? '127.0.0.1' : url.hostname;
  return `${host}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** Names that may be asked for. Models may also come from elsewhere: other files, a database, a pattern. */
export interface Names {
  groups: Set<string>;
  aliases: Map<string, unknown>;
  others: Set<string>;
  isOpen: boolean;
  has: (name: string) => boolean;
}

export function namesOf(config: Config): Names {
  const { value } = config;
  const deployments = deploymentsOf(config);
  const groups = new Set(deployments.flatMap(({ name }) => (name === null ? [] : [name])));
  const written = valueAt(value, ['router_settings', 'model_group_alias']);
  const aliases = new Map(isPlainMap(written) ? Object.entries(written) : []);
  const routing = valueAt(value, ['router_settings', 'routing_groups']);
  const others = new Set([
    ...deployments.flatMap(({ info, model }) =>
      [info['id'], info['team_public_model_name'], model].filter((one) => one !== undefined && one !== null).map(String),
    ),
    ...(Array.isArray(routing) ? routing.flatMap((one: unknown) => (isPlainMap(one) ? [String(one['group_name'])] : [])) : []),
  ]);
  const patterns = [...groups].filter((name) => name.includes('*')).map(patternOf);
  return {
    groups,
    aliases,
    others,
    isOpen:
      value['include'] !== undefined ||
      !Array.isArray(value['model_list']) ||
      valueAt(value, ['general_settings', 'store_model_in_db']) === true,
    has: (name) => groups.has(name) || aliases.has(name) || others.has(name) || patterns.some((pattern) => pattern.test(name)),
  };
}

function patternOf(name: string): RegExp {
  return new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}
