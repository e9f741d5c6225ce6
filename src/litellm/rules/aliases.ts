/** `model_group_alias`: one model group a name, and one that exists. Fallbacks go by the name that was asked for. */
import { isMap, isScalar, isSeq, type Node, YAMLMap } from 'yaml';
import { nearestName } from '../../errors.ts';
import { type Names, namesOf } from '../deployments.ts';
import { put, sectionMap } from '../edit.ts';
import { defaultFallbacks, fallbackLists, KINDS, type Kind } from '../fallback-lists.ts';
import type { Finding, Rule } from '../finding.ts';
import { type Config, findNode, isPlainMap, type Path, valueAt } from '../read-config.ts';

const HOME: Path = ['router_settings', 'model_group_alias'];

export const aliases: Rule = {
  check: (config) => {
    const written = valueAt(config.value, HOME);
    if (written === undefined || written === null) return [];
    if (!isPlainMap(written)) return [notAMap(config)];
    const names = namesOf(config);
    return [...names.aliases.keys()].flatMap((alias) => [...one(config, alias, names), ...uncovered(config, alias, names)]);
  },
  repair,
};

function notAMap(config: Config): Finding {
  return {
    severity: 'error',
    code: 'litellm/alias-not-a-map',
    at: config.keyAt(HOME),
    what: 'model_group_alias must be a map',
    proxy: `does not start: "object has no attribute 'items'"`,
    fix: 'write one line an alias: reasoning: qwq-32b',
  };
}

function one(config: Config, alias: string, names: Names): Finding[] {
  const path = [...HOME, alias];
  const value = names.aliases.get(alias);
  const error = (code: string, what: string, proxy: string, fix: string): Finding[] => [
    { severity: 'error', code, at: config.at(path), what, proxy, fix },
  ];
  if (Array.isArray(value)) {
    const there = value.map(String).filter((name) => names.has(name));
    const gone = value.map(String).filter((name) => !names.has(name));
    const fix =
      (there[0] === undefined ? 'name one model group' : `write ${alias}: ${there[0]}`) +
      '; for several backends give several deployments the same model_name' +
      (gone.length > 0 ? ` (${gone.join(', ')}: no such model in model_list)` : '');
    const proxy = 'starts; every call to it answers 400 "There are no healthy deployments for this model"';
    return error('litellm/alias-list', `the alias "${alias}" stands for a list, and can stand for one model group only`, proxy, fix);
  }
  if (isPlainMap(value) && !('hidden' in value && 'model' in value)) {
    const lacking = 'model' in value ? 'hidden' : 'model';
    const proxy =
      lacking === 'hidden' ? `does not start: KeyError 'hidden'` : 'cannot tell what it stands for: does not start, or answers 400';
    return error(
      'litellm/alias-item',
      `the alias "${alias}" has no "${lacking}"`,
      proxy,
      'write { model: NAME, hidden: false }, or just NAME',
    );
  }
  const target = targetOf(value);
  if (target === null)
    return error(
      'litellm/alias-item',
      `the alias "${alias}" stands for nothing`,
      'starts; every call to it answers 400',
      'name a model group',
    );
  const answers400 = `starts; every call to "${alias}" answers 400 "There are no healthy deployments for this model"`;
  if (names.groups.has(alias) && target !== alias)
    return [
      {
        severity: 'warning',
        code: 'litellm/alias-shadows',
        at: config.keyAt(path),
        what: `"${alias}" is an alias and a model_name, too`,
        proxy: `starts, and sends every call to "${target}": the deployments called "${alias}" are never asked`,
        fix: 'give one of the two another name',
      },
    ];
  if (target === alias || names.groups.has(target)) return [];
  if (names.aliases.has(target)) {
    const end = follow(alias, names);
    if (end === null)
      return error(
        'litellm/alias-cycle',
        `the alias "${alias}" comes back to itself by way of "${target}"`,
        answers400,
        'name a model_name of model_list',
      );
    return error(
      'litellm/alias-chain',
      `the alias "${alias}" stands for another alias, "${target}"`,
      `${answers400}: aliases are followed once`,
      `write ${alias}: ${end}`,
    );
  }
  if (names.has(target)) return [];
  const near = nearestName(target, names.groups, 2);
  const fix = near === null ? 'use a model_name of model_list' : `did you mean "${near}"?`;
  const [found] = error(
    'litellm/alias-target',
    `the alias "${alias}" stands for "${target}", which is no model of this file`,
    answers400,
    fix,
  );
  return found ? [{ ...found, severity: names.isOpen ? 'note' : 'error' }] : [];
}

function targetOf(value: unknown): string | null {
  const target = isPlainMap(value) ? value['model'] : value;
  return typeof target === 'string' && target !== '' ? target : null;
}

/** The model group at the end of a chain of aliases; null where it has no end, or an end that does not exist. */
function follow(alias: string, names: Names): string | null {
  const seen = new Set<string>();
  let name: string | null = alias;
  while (name !== null && !seen.has(name)) {
    seen.add(name);
    if (name !== alias && names.groups.has(name)) return name;
    name = targetOf(names.aliases.get(name));
  }
  return null;
}

/** The kinds of fallbacks that a model has and its alias has not. */
function lacking(config: Config, alias: string, names: Names): { kind: Kind; model: string }[] {
  const model = follow(alias, names);
  if (model === null) return [];
  const lists = fallbackLists(config);
  return KINDS.flatMap((kind) => {
    const entries = lists.filter((list) => list.kind === kind).flatMap((list) => list.entries);
    const own = (name: string): boolean =>
      entries.some(({ from, targets }) => from === name && targets.some((target) => target.name !== alias));
    const isCovered = own(alias) || own('*') || (kind === 'fallbacks' && defaultFallbacks(config) !== null);
    return own(model) && !isCovered ? [{ kind, model }] : [];
  });
}

function uncovered(config: Config, alias: string, names: Names): Finding[] {
  return lacking(config, alias, names).map(({ kind, model }) => ({
    severity: 'warning',
    code: 'litellm/alias-without-fallback',
    at: config.keyAt([...HOME, alias]),
    what: `"${model}" has ${kind}, its alias "${alias}" has none`,
    proxy: `starts; a call to "${alias}" fails where the same call to "${model}" falls back: fallbacks go by the name that was asked for`,
    fix: `add an entry for "${alias}" to ${kind}`,
  }));
}

function repair(config: Config): string[] {
  const names = namesOf(config);
  const told: string[] = [];
  const spare = new Map<string, string[]>();
  for (const [alias, value] of names.aliases) {
    const path = [...HOME, alias];
    if (Array.isArray(value)) {
      const [first, ...rest] = value.map(String).filter((name) => names.groups.has(name));
      if (first === undefined) continue;
      put(config, path, first);
      if (rest.length > 0) spare.set(alias, rest);
      names.aliases.set(alias, first);
      const then = rest.length > 0 ? `, with ${rest.join(', ')} to fall back to` : '';
      const left = value.map(String).filter((name) => !names.groups.has(name));
      told.push(
        `"${alias}" stands for "${first}" now${then}${left.length > 0 ? `; left out, as no such model exists: ${left.join(', ')}` : ''}`,
      );
    } else if (isPlainMap(value) && typeof value['model'] === 'string' && !('hidden' in value)) {
      put(config, [...path, 'hidden'], false);
      told.push(`"${alias}" has hidden: false now`);
    } else told.push(...retarget(config, alias, names));
  }
  return [...told, ...[...names.aliases.keys()].flatMap((alias) => cover(config, alias, names, spare.get(alias) ?? []))];
}

function retarget(config: Config, alias: string, names: Names): string[] {
  const value = names.aliases.get(alias);
  const target = targetOf(value);
  if (target === null || names.isOpen || names.groups.has(alias) || names.groups.has(target)) return [];
  const end = names.aliases.has(target) ? follow(alias, names) : names.has(target) ? null : nearestName(target, names.groups, 2);
  if (end === null) return [];
  put(config, isPlainMap(value) ? [...HOME, alias, 'model'] : [...HOME, alias], end);
  names.aliases.set(alias, end);
  return [`"${alias}" stands for "${end}" now`];
}

/** Gives an alias the fallbacks of its model, and those that its own list named. */
function cover(config: Config, alias: string, names: Names, rest: string[]): string[] {
  const kinds = new Map(lacking(config, alias, names).map(({ kind, model }) => [kind, model]));
  if (rest.length > 0 && !kinds.has('fallbacks')) kinds.set('fallbacks', '');
  return [...kinds].flatMap(([kind, model]) => {
    const lists = fallbackLists(config);
    const list = lists.find((each) => each.kind === kind && each.entries.length > 0) ?? lists.find((each) => each.kind === kind);
    const node = list && findNode(config.doc, list.path)?.node;
    if (list && !isSeq(node)) return [];
    const of = (name: string) => list?.entries.find(({ from }) => from === name)?.targets.map((target) => target.name) ?? [];
    if (of(alias).length > 0) return [];
    const targets = [...new Set([...(kind === 'fallbacks' ? rest : []), ...of(model)])].filter((name) => name !== alias);
    const entry = config.doc.createNode({ [alias]: targets });
    flowTargets(entry);
    if (isSeq(node)) {
      node.items.push(entry);
      if (node.flow) node.flow = node.items.length > 1 && node.flow;
    } else sectionMap(config, 'router_settings')?.items.push(config.doc.createPair(kind, [entry]));
    return [`"${alias}" has ${kind} of its own now: ${targets.join(', ')}`];
  });
}

function flowTargets(entry: unknown): void {
  if (!isMap(entry)) return;
  const list = (entry as YAMLMap<unknown, Node>).items[0]?.value;
  if (isSeq(list) && list.items.every((item) => isScalar(item))) list.flow = true;
}
