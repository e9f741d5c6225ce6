/** Settings of the router that have a shape: its strategy, and what is tried again how often. */
import { nearestName } from '../../errors.ts';
import { put, rename, sectionMap, take } from '../edit.ts';
import type { Finding, Rule } from '../finding.ts';
import { FAILS, RETRIES, STRATEGIES } from '../names.ts';
import { type Config, findNode, isPlainMap, type Path, valueAt } from '../read-config.ts';

const STRATEGY: Path = ['router_settings', 'routing_strategy'];

/** What people write into a retry_policy, and what the router calls it. */
const PLAIN_WORDS: Record<string, string> = {
  max_retries: 'num_retries',
  num_retries: 'num_retries',
  retries: 'num_retries',
  retry_delay: 'retry_after',
  retry_after: 'retry_after',
  delay: 'retry_after',
};

export const router: Rule = {
  check: (config) => [...strategy(config), ...policies(config).flatMap((policy) => policyFindings(config, policy))],
  repair: (config) => [...mendStrategy(config), ...policies(config).flatMap((policy) => mendPolicy(config, policy))],
};

function strategy(config: Config): Finding[] {
  const value = valueAt(config.value, STRATEGY);
  if (value === undefined || STRATEGIES.includes(value as string)) return [];
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  const near = nearestName(written, STRATEGIES);
  return [
    {
      severity: 'error',
      code: 'litellm/routing-strategy',
      at: config.at(STRATEGY),
      what: value === null ? 'routing_strategy is empty' : `there is no routing strategy "${written}"`,
      proxy: value === null ? 'starts; every call answers 429 "No deployments available"' : 'does not start: "Invalid routing_strategy"',
      fix: near === null ? `use one of: ${STRATEGIES.join(', ')}` : `did you mean "${near}"?`,
    },
  ];
}

function mendStrategy(config: Config): string[] {
  const value = valueAt(config.value, STRATEGY);
  if (value === null) {
    take(config, STRATEGY);
    return ['the empty routing_strategy is taken out: simple-shuffle is used'];
  }
  const near = typeof value === 'string' && !STRATEGIES.includes(value) ? nearestName(value, STRATEGIES) : null;
  if (near === null) return [];
  put(config, STRATEGY, near);
  return [`routing_strategy is "${near}" now`];
}

interface Policy {
  path: Path;
  keys: string[];
  known: readonly string[];
}

function policies({ value }: Config): Policy[] {
  const keysAt = (path: Path, known: readonly string[]): Policy[] => {
    const found = valueAt(value, path);
    return isPlainMap(found) ? [{ path, keys: Object.keys(found), known }] : [];
  };
  const byGroup: Path = ['router_settings', 'model_group_retry_policy'];
  const groups = valueAt(value, byGroup);
  return [
    ...keysAt(['router_settings', 'retry_policy'], RETRIES),
    ...keysAt(['router_settings', 'allowed_fails_policy'], FAILS),
    ...(isPlainMap(groups) ? Object.keys(groups).flatMap((group) => keysAt([...byGroup, group], RETRIES)) : []),
  ];
}

function policyFindings(config: Config, { path, keys, known }: Policy): Finding[] {
  const name = path.slice(1).join('.');
  return keys.flatMap((key): Finding[] => {
    const here = [...path, key];
    if (known.includes(key)) {
      const value = valueAt(config.value, here);
      if (value === null || (typeof value === 'number' && Number.isInteger(value))) return [];
      return [
        {
          severity: 'error',
          code: 'litellm/policy-value',
          at: config.at(here),
          what: `${key} must be a whole number`,
          proxy: 'does not start: "Input should be a valid integer"',
          fix: 'write a number of tries, such as 2',
        },
      ];
    }
    const plain = known === RETRIES ? PLAIN_WORDS[key] : undefined;
    const near = nearestName(key, known, 5);
    return [
      {
        severity: 'warning',
        code: 'litellm/policy-key',
        at: config.keyAt(here),
        what: `${name} has no key "${key}"`,
        proxy: 'starts, and does as if it were not there: without num_retries two more tries are made',
        fix:
          plain !== undefined
            ? `write ${plain} in router_settings`
            : near === null
              ? `use: ${known.join(', ')}`
              : `did you mean "${near}"?`,
      },
    ];
  });
}

function mendPolicy(config: Config, { path, keys, known }: Policy): string[] {
  const strays = keys.filter((key) => !known.includes(key));
  const told = strays.flatMap((key) => {
    const here = [...path, key];
    const plain = known === RETRIES && path.length === 2 ? PLAIN_WORDS[key] : undefined;
    const value = valueAt(config.value, here);
    const section = sectionMap(config, 'router_settings');
    if (plain !== undefined && section && typeof value === 'number') {
      take(config, here);
      if (findNode(config.doc, ['router_settings', plain])) return [`${key} is taken out of retry_policy: ${plain} is set already`];
      put(config, ['router_settings', plain], value);
      return [`${key} of retry_policy is ${plain} of router_settings now`];
    }
    const near = nearestName(key, known, 5);
    if (near === null || keys.includes(near)) return [];
    rename(config, here, near);
    return [`"${key}" is "${near}" now`];
  });
  if (told.length > 0 && strays.length === keys.length && isEmptied(config, path)) take(config, path);
  return told;
}

function isEmptied({ doc }: Config, path: Path): boolean {
  const node = findNode(doc, path)?.node as { items?: unknown[] } | null | undefined;
  return node?.items?.length === 0;
}
