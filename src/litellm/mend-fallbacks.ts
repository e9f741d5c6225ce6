/** Puts lists of fallbacks into the shape that the proxy takes, with nothing in them that can only fail. */
import { isMap, isScalar, isSeq, type Node, type Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { nearestName } from '../errors.ts';
import { type Names, namesOf } from './deployments.ts';
import { put } from './edit.ts';
import { defaultFallbacks, type FallbackList, fallbackLists } from './fallback-lists.ts';
import { type Config, findNode, keyOf, resolved } from './read-config.ts';

export function mendFallbacks(config: Config): string[] {
  const names = namesOf(config);
  const wasText = defaultFallbacks(config);
  const told = fallbackLists(config).flatMap((list) => mendList(config, list, names));
  if (typeof wasText?.value !== 'string') return told;
  put(config, wasText.path, [wasText.value]);
  return [...told, 'default_fallbacks is a list now'];
}

function mendList(config: Config, { kind, path, value }: FallbackList, names: Names): string[] {
  const found = findNode(config.doc, path);
  const node = resolved(config.doc, found?.node ?? null);
  const items = isMap(node) ? [node] : isSeq(node) ? node.items.map((item) => resolved(config.doc, item as Node)) : [];
  // what is no map does not say for which model it is: nothing to go by
  if (!found?.pair || items.length === 0 || !items.every((item) => isMap(item))) return [];
  const told: string[] = [];
  const gone: string[] = [];
  const byKey = new Map<string, { pair: Pair; list: YAMLSeq }>();
  for (const pair of items.flatMap((map) => map.items)) {
    const from = keyOf(pair) ?? '';
    const { list, isNew } = listOf(config, pair);
    if (isNew) told.push(`the ${kind} of "${from}" are a list now`);
    const kept = list.items.filter((item) => {
      const name = nameOf(item as Node);
      if (name === null || names.isOpen || names.has(name)) return true;
      const near = nearestName(name, [...names.groups, ...names.aliases.keys()], 2);
      if (near !== null && isScalar(item)) {
        item.value = near;
        told.push(`the fallback of "${from}" is "${near}" now, which was "${name}"`);
        return true;
      }
      gone.push(`${from} -> ${name}`);
      return false;
    });
    if (kept.length !== list.items.length) told.push(`fallbacks of "${from}" to models that do not exist are taken out`);
    list.items = kept;
    const first = byKey.get(from);
    if (first) first.list.items.push(...list.items);
    else byKey.set(from, { pair, list });
    if (first) told.push(`both ${kind} of "${from}" stand in one list now`);
  }
  if (isMap(node)) told.push(`${kind} is a list of maps now`);
  else if (items.some((map) => map.items.length > 1)) told.push(`${kind} has one map a model now`);
  if (told.length === 0 || (Array.isArray(value) && value.length === 0)) return [];
  const list = new YAMLSeq(config.doc.schema);
  for (const { pair, list: targets } of byKey.values()) {
    if (targets.items.length === 0) continue;
    const map = new YAMLMap(config.doc.schema);
    const before = isScalar(pair.key) ? pair.key.commentBefore : null;
    if (before) map.commentBefore = before;
    if (isScalar(pair.key)) delete pair.key.commentBefore;
    map.items.push(pair);
    list.items.push(map);
  }
  list.flow = list.items.length === 0;
  const remark = gone.map((one) => ` ${one}: taken out, there is no such model`).join('\n');
  if (node?.commentBefore) list.commentBefore = node.commentBefore;
  if (node?.comment) list.comment = node.comment;
  if (remark !== '' && list.flow) list.comment = gone.length > 1 ? ` taken out, there are no such models: ${gone.join(', ')}` : remark;
  else if (remark !== '') list.commentBefore = [list.commentBefore, remark].filter(Boolean).join('\n');
  found.pair.value = list;
  return told;
}

function listOf(config: Config, pair: Pair): { list: YAMLSeq; isNew: boolean } {
  const node = resolved(config.doc, pair.value as Node | null);
  if (isSeq(node)) return { list: node, isNew: false };
  const list = new YAMLSeq(config.doc.schema);
  list.flow = true;
  const name = isScalar(node) ? node.value : null;
  const isName = typeof name === 'string' || typeof name === 'number';
  if (isName) list.items.push(new Scalar(String(name)));
  if (node?.comment) list.comment = node.comment;
  pair.value = list;
  return { list, isNew: isName };
}

function nameOf(item: Node): string | null {
  if (isScalar(item)) return String(item.value);
  const model = isMap(item) ? item.get('model') : null;
  return typeof model === 'string' ? model : null;
}
