/** From a path inside a parsed YAML document to a place in the file. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { Position } from '../errors.ts';

export type Path = readonly PropertyKey[];

/** Where values come from: a YAML file, or one row of a dataset (then every path has the row's place). */
export interface Source {
  file: string;
  /** place of the value at `path`, or of the deepest value above it that exists */
  at: (path: Path) => Position;
  /** place of the key that ends `path` */
  keyAt: (path: Path) => Position;
  /** a scalar as it stands in the file (`3.10`), or null when the value is no scalar or not from YAML */
  written: (path: Path) => string | null;
}

interface Found {
  node: Node | null;
  key: Node | null;
  whole: boolean;
}

/** Every row of a dataset asks for the places of its template anew. */
const MOST_KNOWN = 100;

export function yamlSource(file: string, doc: Document, lines: LineCounter): Source {
  const place = (node: Node | null): Position => {
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const found = new Map<string, Found>();
  const lookUp = (path: Path): Found => {
    const name = path.map(String).join('\0');
    const known = found.get(name);
    if (known) return known;
    if (found.size === MOST_KNOWN) found.clear();
    const fresh = find(doc, path);
    found.set(name, fresh);
    return fresh;
  };
  return {
    file,
    at: (path) => place(lookUp(path).node),
    keyAt: (path) => {
      const { node, key, whole } = lookUp(path);
      return place(whole ? (key ?? node) : node);
    },
    written: (path) => {
      const { node, whole } = lookUp(path);
      return whole && isScalar(node) ? (node.source ?? null) : null;
    },
  };
}

export function fixedSource(at: Position): Source {
  return { file: at.file, at: () => at, keyAt: () => at, written: () => null };
}

/** An empty value (`key:` and nothing) has a node of zero width after the key, which still is the right place. */
function find(doc: Document, path: Path): Found {
  let found: Found = { node: doc.contents, key: null, whole: true };
  for (const step of path) {
    const parent = isAlias(found.node) ? (found.node.resolve(doc) ?? null) : found.node;
    const next = child(parent, step);
    if (!next) return { ...found, whole: false };
    found = { ...next, whole: true };
  }
  return found;
}

function child(parent: Node | null, step: PropertyKey): { node: Node | null; key: Node | null } | null {
  if (isSeq(parent)) {
    const item = parent.items[Number(step)];
    return isNode(item) ? { node: item, key: null } : null;
  }
  if (!isMap(parent)) return null;
  const pair = parent.items.find((one: Pair) => isScalar(one.key) && String(one.key.value) === String(step));
  if (!pair) return null;
  const key = isNode(pair.key) ? pair.key : null;
  return { node: isNode(pair.value) ? pair.value : key, key };
}
