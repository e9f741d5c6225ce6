/** Fallbacks: their shape, and that both of their ends exist. */
import { nearestName } from '../../errors.ts';
import { type Names, namesOf } from '../deployments.ts';
import { defaultFallbacks, type Entry, type FallbackList, fallbackLists, type Target, targetsOf } from '../fallback-lists.ts';
import type { Finding, Rule, Severity } from '../finding.ts';
import { type Config, isPlainMap } from '../read-config.ts';
import { mendFallbacks } from '../mend-fallbacks.ts';

const SHAPE = 'write a list of maps with one key each: - qwen2.5-72b: [llama-3.3-70b]';

export const fallbacks: Rule = {
  check: (config) => {
    const names = namesOf(config);
    return [
      ...fallbackLists(config).flatMap((list) => [...shape(config, list), ...ends(config, list, names)]),
      ...shadowed(config),
      ...defaults(config, names),
    ];
  },
  repair: mendFallbacks,
};

function shape(config: Config, { kind, path, value, entries }: FallbackList): Finding[] {
  // the proxy looks at the shape of two of the three when it starts
  const isChecked = kind !== 'context_window_fallbacks';
  const severity: Severity = isChecked ? 'error' : 'warning';
  const name = kind;
  const problem = (code: string, at: Finding['at'], what: string, proxy: string): Finding => ({
    severity,
    code,
    at,
    what,
    proxy,
    fix: SHAPE,
  });
  const silent = 'starts, and never uses it: a prompt that is too long gets 400';
  if (!Array.isArray(value)) {
    const first = isPlainMap(value) ? (Object.keys(value)[0] ?? '') : String(value).charAt(0);
    if (isPlainMap(value) && entries.length === 0) return [];
    const proxy = isChecked ? `does not start: "Item '${first}' is not a dictionary."` : silent;
    return [
      problem('litellm/fallbacks-map', config.keyAt(path), `${name} is ${isPlainMap(value) ? 'a map' : 'text'}, and must be a list`, proxy),
    ];
  }
  return [
    ...value.flatMap((item: unknown, index): Finding[] => {
      const at = config.at([...path, index]);
      if (!isPlainMap(item)) {
        const proxy = isChecked ? `does not start: "Item '${String(item)}' is not a dictionary."` : silent;
        return [problem('litellm/fallbacks-item', at, `an item of ${name} does not say which model it is for`, proxy)];
      }
      const keys = Object.keys(item);
      if (keys.length === 1) return [];
      const proxy = isChecked ? 'does not start: "must have exactly one key"' : 'starts, and uses the first only';
      return [problem('litellm/fallbacks-keys', at, `an item of ${name} is for ${keys.length} models (${keys.join(', ')})`, proxy)];
    }),
    ...entries
      .filter(({ isList }) => !isList)
      .map(({ path: at, targets }): Finding => ({
        severity: 'error',
        code: 'litellm/fallbacks-text',
        at: config.at(at),
        what: `the fallback is text, and must be a list`,
        proxy: `starts, and when it is needed looks for models called ${[...(targets[0]?.name ?? '')].slice(0, 3).join(', ')} …: letter by letter`,
        fix: `put it in brackets: [${targets[0]?.name ?? ''}]`,
      })),
  ];
}

function ends(config: Config, { entries, kind }: FallbackList, names: Names): Finding[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap((entry): Finding[] => {
    const { from, path, targets } = entry;
    const found = targets.flatMap((target) => targetProblem(config, target, names, `the fallback of "${from}"`));
    const first = seen.get(from);
    if (first)
      found.push({
        severity: 'warning',
        code: 'litellm/fallback-twice',
        at: config.keyAt(path),
        what: `"${from}" has ${kind} already on line ${config.keyAt(first.path).line}`,
        proxy: 'starts, and uses the first only',
        fix: 'put all targets into one list, in the order in which they are to be tried',
      });
    else seen.set(from, entry);
    if (from !== '*' && !names.isOpen && !hasPattern(names) && !names.has(from))
      found.push({
        severity: 'warning',
        code: 'litellm/fallback-source',
        at: config.keyAt(path),
        what: `no model is called "${from}"`,
        proxy: 'starts, and never uses this fallback',
        fix: meant(from, names) ?? 'use a model_name of model_list, or an alias',
      });
    if (targets.some(({ name }) => name === from))
      found.push({
        severity: 'warning',
        code: 'litellm/fallback-self',
        at: config.keyAt(path),
        what: `"${from}" falls back to itself`,
        proxy: 'does not ask it again: each target is tried once a request',
        fix: 'name another model, or take it out',
      });
    const cycle = cycleFrom(from, entries);
    if (cycle)
      found.push({
        severity: 'note',
        code: 'litellm/fallback-cycle',
        at: config.keyAt(path),
        what: `fallbacks go round: ${cycle.join(' → ')}`,
        proxy: 'tries each of them once a request, and no more',
        fix: 'nothing has to change',
      });
    return found;
  });
}

function targetProblem(config: Config, { name, path }: Target, names: Names, owner: string): Finding[] {
  if (names.has(name) || names.groups.size === 0) return [];
  return [
    {
      severity: names.isOpen ? 'note' : 'error',
      code: 'litellm/fallback-target',
      at: config.at(path),
      what: `${owner}, "${name}", is no model of this file`,
      proxy: `starts; when it is needed the call fails: "Fallback to ${name} also failed"`,
      fix: meant(name, names) ?? `add a deployment with model_name: ${name} to model_list, or take the fallback out`,
    },
  ];
}

function hasPattern({ groups }: Names): boolean {
  return [...groups].some((name) => name.includes('*'));
}

function meant(name: string, { groups, aliases }: Names): string | null {
  const near = nearestName(name, [...groups, ...aliases.keys()], 2);
  return near === null ? null : `did you mean "${near}"?`;
}

/** The way from a model back to it, where it is told once: at the name that comes first in the alphabet. */
function cycleFrom(start: string, entries: Entry[]): string[] | null {
  const next = new Map(entries.map(({ from, targets }) => [from, targets.map(({ name }) => name).filter((name) => name !== from)]));
  const walk = (name: string, way: string[]): string[] | null => {
    for (const target of next.get(name) ?? []) {
      if (target === start) return [...way, start];
      if (target < start || way.includes(target)) continue;
      const found = walk(target, [...way, target]);
      if (found) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

function shadowed(config: Config): Finding[] {
  const lists = fallbackLists(config).filter(({ entries }) => entries.length > 0);
  return lists
    .filter(
      ({ kind, path }) => path[0] === 'litellm_settings' && lists.some((one) => one.kind === kind && one.path[0] === 'router_settings'),
    )
    .map(({ kind, path }) => ({
      severity: 'warning',
      code: 'litellm/shadowed-setting',
      at: config.keyAt(path),
      what: `${kind} stands in router_settings, too`,
      proxy: 'starts, and uses those of router_settings only',
      fix: 'put them together in router_settings',
    }));
}

function defaults(config: Config, names: Names): Finding[] {
  const found = defaultFallbacks(config);
  if (!found) return [];
  const { path, value } = found;
  const shapeProblem: Finding[] = Array.isArray(value)
    ? []
    : [
        {
          severity: 'error',
          code: 'litellm/fallbacks-text',
          at: config.at(path),
          what: 'default_fallbacks is no list',
          proxy: 'starts, and when it is needed looks for models letter by letter',
          fix: 'put it in brackets',
        },
      ];
  return [...shapeProblem, ...targetsOf(value, path).flatMap((target) => targetProblem(config, target, names, 'a default fallback'))];
}
