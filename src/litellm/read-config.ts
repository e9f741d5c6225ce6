/** A LiteLLM configuration as plain values, with the place of each. Read as the proxy reads it: of a key written twice the last counts. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { InputError, type Position } from '../errors.ts';
import { SECTIONS } from './names.ts';

export type Path = readonly (string | number)[];

export interface Config {
  file: string;
  text: string;
  doc: Document;
  value: Record<string, unknown>;
  /** place of the value at `path`, or of the deepest value above it that exists */
  at: (path: Path) => Position;
  /** place of the key that ends `path` */
  keyAt: (path: Path) => Position;
  atNode: (node: unknown) => Position;
}

export interface Found {
  node: Node | null;
  pair: Pair | null;
  parent: Node | null;
}

const MOST_ALIASES = 10_000;

/** Throws an InputError where the text is no YAML, or no configuration of LiteLLM. */
export function readConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const doc: Document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: true });
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = doc.errors;
  if (error) throw unreadable(place(error.pos[0]), `not valid YAML: ${error.message.split('\n')[0] ?? ''}`);
  const value = toPlain(doc, place(0));
  if (!isPlainMap(value) || !Object.keys(value).some((key) => SECTIONS.includes(key)))
    throw unreadable(place(0), `this is no LiteLLM configuration: none of ${SECTIONS.slice(0, 4).join(', ')} stands at its top`);
  const begin = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
  return {
    file,
    text,
    doc,
    value,
    at: (path) => place(begin(deepest(doc, path).node)),
    keyAt: (path) => {
      const { node, pair } = deepest(doc, path);
      return place(begin(pair?.key ?? node));
    },
    atNode: (node) => place(begin(node)),
  };
}

function toPlain(doc: Document, at: Position): unknown {
  try {
    return doc.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (cause) {
    throw unreadable(at, `not valid YAML: ${(cause as Error).message}`);
  }
}

function unreadable(at: Position, what: string): InputError {
  return new InputError({ code: 'litellm/unreadable', at, what, fix: 'name the file that is given to litellm --config' });
}

export function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.hasOwn(found, step) ? (found as Record<string | number, unknown>)[step] : undefined;
  }
  return found;
}

/** What stands at a path, through aliases and merged maps; null where nothing does. */
export function findNode(doc: Document, path: Path): Found | null {
  let found: Found = { node: doc.contents, pair: null, parent: null };
  for (const step of path) {
    const next = child(doc, found.node, step);
    if (!next) return null;
    found = next;
  }
  return found;
}

function deepest(doc: Document, path: Path): Found {
  for (let length = path.length; length > 0; length--) {
    const found = findNode(doc, path.slice(0, length));
    if (!found) continue;
    return length === path.length || !found.pair ? found : { ...found, pair: null };
  }
  return { node: doc.contents, pair: null, parent: null };
}

function child(doc: Document, above: Node | null, step: string | number): Found | null {
  const parent = resolved(doc, above);
  if (isSeq(parent)) {
    const item = parent.items[Number(step)];
    return isNode(item) ? { node: item, pair: null, parent } : null;
  }
  if (!isMap(parent)) return null;
  const pair = parent.items.findLast((one: Pair) => keyOf(one) === String(step));
  if (pair) return { node: isNode(pair.value) ? pair.value : (pair.key as Node), pair, parent };
  for (const source of mergedInto(doc, parent)) {
    const merged = child(doc, source, step);
    if (merged) return merged;
  }
  return null;
}

/** The maps that `<<` brings into a map. */
function mergedInto(doc: Document, map: YAMLMap): Node[] {
  const sources = map.items.filter((one: Pair) => keyOf(one) === '<<').map(({ value }) => resolved(doc, isNode(value) ? value : null));
  return sources.flatMap((source) => (isSeq(source) ? source.items.filter(isNode) : source ? [source] : []));
}

export function resolved(doc: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(doc) ?? null) : node;
}

export function keyOf(pair: Pair): string | null {
  return isScalar(pair.key) ? String(pair.key.value) : null;
}
