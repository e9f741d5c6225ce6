/** Keys that stand where the proxy does not look for them. */
import { isMap, visit } from 'yaml';
import { nearestName } from '../../errors.ts';
import { move, rename } from '../edit.ts';
import type { Finding, Rule, Severity } from '../finding.ts';
import { GENERAL, LITELLM, MEASURED, ROUTER, ROUTER_OR_LITELLM, SECTIONS } from '../names.ts';
import { type Config, findNode, isPlainMap, keyOf, type Path } from '../read-config.ts';

/** Settings that only one section is searched for, of those people put elsewhere. */
const ONLY_GENERAL = ['master_key', 'database_url', 'store_model_in_db', 'custom_auth'];
const ONLY_LITELLM = ['drop_params', 'request_timeout', 'success_callback', 'failure_callback', 'callbacks', 'cache', 'cache_params'];
const START_FAILS = ['health_check_interval', 'health_check_concurrency'];

interface Stray {
  path: Path;
  severity: Severity;
  /** the section it belongs to */
  home?: string;
  /** the name that was meant */
  meant?: string;
}

export const sections: Rule = {
  check: (config) => [...straysOf(config).map((stray) => finding(config, stray)), ...doubled(config)],
  repair: (config) =>
    straysOf(config).flatMap(({ path, home, meant }) => {
      const key = String(path.at(-1));
      if (meant !== undefined && !findNode(config.doc, [...path.slice(0, -1), meant])) {
        rename(config, path, meant);
        return [`"${key}" is now "${meant}"`];
      }
      return home !== undefined && move(config, path, home) ? [`"${key}" stands in ${home} now`] : [];
    }),
};

function straysOf(config: Config): Stray[] {
  const { value } = config;
  const within = (section: string): string[] => (isPlainMap(value[section]) ? Object.keys(value[section]) : []);
  const stray = (path: Path, home: string | null, known: readonly string[], severity: Severity = 'warning'): Stray[] => {
    if (home !== null) return [{ path, severity, home }];
    const near = nearestName(String(path.at(-1)), known, 2);
    return near === null ? [] : [{ path, severity, meant: near }];
  };
  return [
    ...Object.keys(value).flatMap((key) => (SECTIONS.includes(key) || isHolder(config, key) ? [] : atTop(key, stray))),
    ...within('router_settings').flatMap((key): Stray[] => {
      const path = ['router_settings', key];
      if (START_FAILS.includes(key)) return [{ path, severity: 'error', home: 'general_settings' }];
      if (ROUTER.includes(key)) return [];
      const home = ONLY_GENERAL.includes(key) ? 'general_settings' : LITELLM.includes(key) ? 'litellm_settings' : null;
      const [found] = stray(path, home, ROUTER);
      return [found ?? { path, severity: 'warning' }];
    }),
    ...within('litellm_settings').flatMap((key) => {
      if (LITELLM.includes(key)) return [];
      const home = ROUTER.includes(key) ? 'router_settings' : ONLY_GENERAL.includes(key) ? 'general_settings' : null;
      return stray(['litellm_settings', key], home, LITELLM);
    }),
    ...within('general_settings').flatMap((key) => {
      if (GENERAL.includes(key)) return [];
      const home =
        ONLY_LITELLM.includes(key) || ROUTER_OR_LITELLM.includes(key)
          ? 'litellm_settings'
          : ROUTER.includes(key)
            ? 'router_settings'
            : null;
      return stray(['general_settings', key], home, GENERAL);
    }),
  ];
}

function atTop(key: string, stray: (path: Path, home: string | null, known: readonly string[]) => Stray[]): Stray[] {
  const home = ONLY_LITELLM.includes(key)
    ? 'litellm_settings'
    : GENERAL.includes(key) && !ROUTER.includes(key)
      ? 'general_settings'
      : ROUTER.includes(key)
        ? 'router_settings'
        : null;
  const [found] = stray([key], home, SECTIONS);
  return [found ?? { path: [key], severity: 'note' }];
}

/** A place for anchors, which other parts of the file refer to. */
function isHolder({ doc }: Config, key: string): boolean {
  if (/^[x._]/.test(key)) return true;
  const node = findNode(doc, [key])?.node;
  let hasAnchor = false;
  if (node) visit(node, { Node: (_, one) => void (hasAnchor ||= 'anchor' in one && one.anchor !== undefined) });
  return hasAnchor;
}

function finding(config: Config, { path, severity, home, meant }: Stray): Finding {
  const key = String(path.at(-1));
  const section = path.length > 1 ? String(path[0]) : 'the top of the file';
  const startFails = START_FAILS.includes(key) && path[0] === 'router_settings';
  return {
    severity,
    code: home !== undefined ? 'litellm/misplaced-key' : path.length > 1 ? 'litellm/unknown-key' : 'litellm/unknown-section',
    at: config.keyAt(path),
    what: home !== undefined ? `"${key}" does not belong to ${section}` : `LiteLLM ${MEASURED} knows no "${key}" in ${section}`,
    proxy: startFails ? `does not start: "'${key}' is NOT a valid router_settings parameter"` : 'starts, and does as if it were not there',
    fix:
      home !== undefined
        ? `move it to ${home}`
        : meant !== undefined
          ? `did you mean "${meant}"?`
          : 'take it out, or see whether your version of LiteLLM knows it',
  };
}

/** The proxy's YAML reader says nothing, and keeps the last. */
function doubled(config: Config): Finding[] {
  const found: Finding[] = [];
  visit(config.doc, {
    Map: (_, map) => {
      const last = new Map(map.items.map((pair) => [keyOf(pair), pair]));
      for (const pair of map.items) {
        const key = keyOf(pair);
        const winner = last.get(key);
        if (key === null || key === '<<' || pair === winner) continue;
        found.push({
          severity: 'warning',
          code: 'litellm/duplicate-key',
          at: config.atNode(pair.key),
          what: `"${key}" is written again on line ${config.atNode(winner?.key).line}`,
          proxy: `starts, and does as if ${isMap(pair.value) ? 'all that stands under this one' : 'this one'} were not there`,
          fix: 'keep one of the two, with what both hold',
        });
      }
    },
  });
  return found;
}

/** Whether a key is written twice anywhere: a file that only its writer can mend. */
export function hasDoubles(config: Config): boolean {
  return doubled(config).length > 0;
}
