/** The three lists of fallbacks, as entries, whatever shape they were written in. */
import { type Config, isPlainMap, type Path, valueAt } from './read-config.ts';

export const KINDS = ['fallbacks', 'content_policy_fallbacks', 'context_window_fallbacks'] as const;
export type Kind = (typeof KINDS)[number];

export interface Target {
  name: string;
  path: Path;
}

export interface Entry {
  from: string;
  path: Path;
  targets: Target[];
  /** targets are a list, as they must be */
  isList: boolean;
}

export interface FallbackList {
  kind: Kind;
  path: Path;
  value: unknown;
  entries: Entry[];
}

export function fallbackLists(config: Config): FallbackList[] {
  return KINDS.flatMap((kind) =>
    ['router_settings', 'litellm_settings'].flatMap((section) => {
      const path = [section, kind];
      const value = valueAt(config.value, path);
      return value === undefined || value === null ? [] : [{ kind, path, value, entries: entriesOf(value, path) }];
    }),
  );
}

/** `default_fallbacks`, which stand in for everything that has none of its own. */
export function defaultFallbacks(config: Config): { path: Path; value: unknown } | null {
  for (const section of ['router_settings', 'litellm_settings']) {
    const path = [section, 'default_fallbacks'];
    const value = valueAt(config.value, path);
    if (value !== undefined && value !== null) return { path, value };
  }
  return null;
}

function entriesOf(value: unknown, path: Path): Entry[] {
  if (isPlainMap(value)) return entriesOfMap(value, path);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) => (isPlainMap(item) ? entriesOfMap(item, [...path, index]) : []));
}

function entriesOfMap(map: Record<string, unknown>, path: Path): Entry[] {
  return Object.entries(map).map(([from, targets]) => ({
    from,
    path: [...path, from],
    targets: targetsOf(targets, [...path, from]),
    isList: Array.isArray(targets) || targets === null,
  }));
}

export function targetsOf(value: unknown, path: Path): Target[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ name: String(value), path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index): Target[] => {
    const name = isPlainMap(item) ? item['model'] : item;
    return typeof name === 'string' || typeof name === 'number' ? [{ name: String(name), path: [...path, index] }] : [];
  });
}
