/** Deployments in `model_list`: what each must have, and where it must stand. */
import { nearestName } from '../../errors.ts';
import { type Deployment, deploymentsOf, isLocal } from '../deployments.ts';
import { put, rename, take } from '../edit.ts';
import type { Finding, Rule } from '../finding.ts';
import { MEASURED, PARAMS } from '../names.ts';
import { type Config, findNode, isPlainMap, type Path, valueAt } from '../read-config.ts';
import { isMap, type Pair } from 'yaml';

/** Keys of `litellm_params` that lead a call elsewhere where they stand beside it. */
const PARAM_ONLY = [
  'api_base',
  'base_url',
  'api_key',
  'model',
  'api_version',
  'timeout',
  'stream_timeout',
  'max_retries',
  'custom_llm_provider',
];
const NUMBERS = ['timeout', 'stream_timeout', 'rpm', 'tpm', 'weight', 'max_retries'];

export const models: Rule = {
  check: (config) => [
    ...shape(config),
    ...deploymentsOf(config).flatMap((deployment) => [
      ...misplaced(config, deployment),
      ...numbers(config, deployment),
      ...provider(config, deployment),
    ]),
    ...ids(config),
  ],
  repair: (config) => deploymentsOf(config).flatMap((deployment) => mend(config, deployment)),
};

function error(config: Config, path: Path, [code, what, proxy, fix]: [string, string, string, string]): Finding {
  return {
    severity: 'error',
    code: `litellm/${code}`,
    at: path.at(-1) === 'litellm_params' ? config.keyAt(path) : config.at(path),
    what,
    proxy,
    fix,
  };
}

function shape(config: Config): Finding[] {
  const list = config.value['model_list'];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list))
    return [
      error(
        config,
        ['model_list'],
        ['model-list', 'model_list must be a list', 'does not start', 'begin each model with "- model_name: …"'],
      ),
    ];
  return list.flatMap((item: unknown, index): Finding[] => {
    const path = ['model_list', index];
    if (!isPlainMap(item))
      return [error(config, path, ['model-list', 'this item is no model', 'does not start', 'write model_name and litellm_params'])];
    const found: Finding[] = [];
    const lacks = (key: string, proxy: string) => {
      const near = nearestName(key, Object.keys(item), 2);
      found.push(
        error(config, path, [
          'missing-key',
          `this model has no ${key}`,
          proxy,
          near === null ? `add ${key}` : near === key ? `set what belongs to ${key} further in` : `"${near}" is meant to be "${key}"`,
        ]),
      );
    };
    const name = item['model_name'];
    if (name === undefined) lacks('model_name', `does not start: KeyError 'model_name'`);
    else if (typeof name !== 'string')
      found.push(
        error(
          config,
          [...path, 'model_name'],
          ['model-name', 'model_name is no text', 'does not start: "expected str instance"', 'put it in quotes'],
        ),
      );
    if (!isPlainMap(item['litellm_params'])) lacks('litellm_params', `does not start: KeyError 'litellm_params'`);
    else if (item['litellm_params']['model'] === undefined)
      found.push(
        error(
          config,
          [...path, 'litellm_params'],
          ['missing-key', 'litellm_params has no model', `does not start: KeyError 'model'`, 'add model: PROVIDER/NAME'],
        ),
      );
    return found;
  });
}

function misplaced(config: Config, { path, params }: Deployment): Finding[] {
  const beside = Object.keys(valueAt(config.value, path) ?? {}).filter((key) => PARAM_ONLY.includes(key));
  const mistyped = Object.keys(params).flatMap((key) => {
    const near = mistypedParam(key, params);
    return near === null ? [] : [{ key, near }];
  });
  return [
    ...beside.map((key): Finding => ({
      severity: /^(api_|base|model)/.test(key) ? 'error' : 'warning',
      code: 'litellm/misplaced-key',
      at: config.keyAt([...path, key]),
      what: `${key} must stand in litellm_params, not beside it`,
      proxy: `starts, and does as if it were not there${/base/.test(key) ? ': calls go to the address of the provider' : ''}`,
      fix: 'move it into litellm_params',
    })),
    ...mistyped.map(({ key, near }): Finding => ({
      severity: 'warning',
      code: 'litellm/unknown-key',
      at: config.keyAt([...path, 'litellm_params', key]),
      what: `litellm_params has "${key}"`,
      proxy: 'starts, and sends it to the model as a parameter of every request',
      fix: `did you mean "${near}"?`,
    })),
  ];
}

function mistypedParam(key: string, params: Record<string, unknown>): string | null {
  if (PARAMS.includes(key)) return null;
  const near = nearestName(key, PARAMS, 2);
  return near === null || near in params ? null : near;
}

function numbers(config: Config, { path, params }: Deployment): Finding[] {
  return NUMBERS.filter((key) => typeof params[key] === 'string' && !/^(os\.environ\/|[\d._]+$)/.test(params[key])).map((key) => ({
    severity: 'error',
    code: 'litellm/number',
    at: config.at([...path, 'litellm_params', key]),
    what: `${key} must be a number`,
    proxy: 'starts; every call to it fails with 500',
    fix: key.includes('timeout') ? 'write seconds, without a unit' : 'write a number',
  }));
}

/** Names that LiteLLM takes for OpenAI's own, whatever the server. */
const OPENAI_NAMES = /^(gpt-(?!oss)|o\d|chatgpt|text-embedding|dall-e|whisper|tts|davinci|babbage|ft:|omni)/;

function provider(config: Config, { path, model, provider: known, base, params }: Deployment): Finding[] {
  const [first] = (model ?? '').split('/');
  if (model === null || known !== null || !isNameless(model, base, params) || isOwnProvider(config, first)) return [];
  return [
    error(
      config,
      [...path, 'litellm_params', 'model'],
      [
        'no-provider',
        model.includes('/') ? `LiteLLM ${MEASURED} knows no provider "${first ?? ''}"` : 'the model does not say which provider it is of',
        'starts without it; every call answers 400 "There are no healthy deployments for this model"',
        `write model: openai/${model}, if this server speaks OpenAI's protocol`,
      ],
    ),
  ];
}

/** Only for servers of one's own: of public addresses LiteLLM knows some. */
function isNameless(model: string, base: Deployment['base'], params: Record<string, unknown>): boolean {
  if (!base?.url || !isLocal(base.url) || 'custom_llm_provider' in params) return false;
  return !model.startsWith('os.environ/') && !OPENAI_NAMES.test(model);
}

/** Providers that the proxy is given as code of one's own. */
function isOwnProvider({ value }: Config, name: string | undefined): boolean {
  const map = valueAt(value, ['litellm_settings', 'custom_provider_map']);
  return Array.isArray(map) && map.some((one: unknown) => isPlainMap(one) && one['provider'] === name);
}

function ids(config: Config): Finding[] {
  return twins(config).map(({ path, id, first }) => ({
    severity: 'warning',
    code: 'litellm/duplicate-id',
    at: config.at([...path, 'model_info', 'id']),
    what: `the id "${id}" is that of the model on line ${config.at(first).line}, too`,
    proxy: 'starts, and takes both for one: when the first fails, the healthy second is held back with it and answers 429',
    fix: 'give each deployment an id of its own, or none',
  }));
}

function twins(config: Config): { path: Path; id: string; first: Path }[] {
  const seen = new Map<string, Path>();
  return deploymentsOf(config).flatMap(({ path, info }) => {
    if (typeof info['id'] !== 'string' && typeof info['id'] !== 'number') return [];
    const id = String(info['id']);
    const first = seen.get(id);
    if (first) return [{ path, id, first }];
    seen.set(id, path);
    return [];
  });
}

function mend(config: Config, deployment: Deployment): string[] {
  const { path, name, params, model, base, provider: known } = deployment;
  const who = name ?? 'a model';
  const told: string[] = [];
  const into = findNode(config.doc, [...path, 'litellm_params'])?.node;
  for (const key of PARAM_ONLY) {
    if (!isMap(into) || key in params || !findNode(config.doc, [...path, key])) continue;
    const pair = take(config, [...path, key]);
    into.items.push(pair as Pair);
    told.push(`${key} of ${who} stands in litellm_params now`);
  }
  for (const key of Object.keys(params)) {
    const near = mistypedParam(key, params);
    if (near === null) continue;
    rename(config, [...path, 'litellm_params', key], near);
    told.push(`"${key}" of ${who} is "${near}" now`);
  }
  for (const key of NUMBERS) {
    const seconds = typeof params[key] === 'string' ? /^(\d+)\s*s(ec(onds)?)?$/.exec(params[key])?.[1] : undefined;
    if (seconds === undefined || !key.includes('timeout')) continue;
    put(config, [...path, 'litellm_params', key], Number(seconds));
    told.push(`${key} of ${who} is a number now`);
  }
  if (model !== null && known === null && isNameless(model, base, params) && !isOwnProvider(config, model.split('/')[0])) {
    put(config, [...path, 'litellm_params', 'model'], `openai/${model}`);
    told.push(`${who} has the provider openai now`);
  }
  const twin = twins(config).find((one) => one.path[1] === path[1]);
  if (twin) {
    put(config, [...path, 'model_info', 'id'], `${twin.id}-${Number(path[1]) + 1}`);
    told.push(`${who} has an id of its own now: ${twin.id}-${Number(path[1]) + 1}`);
  }
  return told;
}
