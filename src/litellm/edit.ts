/** Small changes to a document that leave its comments, its order and everything else alone. */
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { type Config, findNode, keyOf, type Path, resolved } from './read-config.ts';

/** Puts a value at a path whose map or list exists. A scalar keeps its comment. */
export function put({ doc }: Config, path: Path, value: unknown): void {
  const found = findNode(doc, path);
  const isSame = found?.pair ? found.pair.value === found.node : true;
  if (found && isSame && isScalar(found.node) && (typeof value !== 'object' || value === null)) {
    found.node.value = value;
    delete found.node.source;
    return;
  }
  const node = doc.createNode(value, { aliasDuplicateObjects: false });
  if (found?.pair) {
    keepComments(found.node, node);
    found.pair.value = node;
    return;
  }
  const above = mapOrList({ doc }, path.slice(0, -1));
  if (isSeq(above)) above.items[Number(path.at(-1))] = node;
  else if (isMap(above)) above.items.push(doc.createPair(path.at(-1), node));
}

/** Takes a key or a list's item away; gives what stood there, with its comments. */
export function take({ doc }: Config, path: Path): Pair | Node | null {
  const found = findNode(doc, path);
  if (!found) return null;
  if (found.pair && isMap(found.parent)) {
    found.parent.items.splice(found.parent.items.indexOf(found.pair), 1);
    return found.pair;
  }
  if (isSeq(found.parent)) found.parent.items.splice(Number(path.at(-1)), 1);
  return found.node;
}

export function rename({ doc }: Config, path: Path, name: string): void {
  const key = findNode(doc, path)?.pair?.key;
  if (isScalar(key)) {
    key.value = name;
    delete key.source;
  }
}

/** Moves a key with its value and comments into a section, which is made if it is not there. False where the section holds it already. */
export function move(config: Config, path: Path, section: string): boolean {
  const key = String(path.at(-1));
  const target = sectionMap(config, section);
  if (!target || target.items.some((pair: Pair) => keyOf(pair) === key)) return false;
  const pair = take(config, path);
  if (pair) target.items.push(pair as Pair);
  return true;
}

/** The map of a section, made if it is not there or empty; null where something else stands in its place. */
export function sectionMap({ doc }: Config, section: string): YAMLMap | null {
  const found = findNode(doc, [section]);
  const node = found ? resolved(doc, found.node) : null;
  if (isMap(node)) return node;
  if (found?.pair && isScalar(node) && node.value !== null && node !== found.pair.key) return null;
  const made = doc.createNode({});
  made.flow = false;
  if (found?.pair) found.pair.value = made;
  else if (isMap(doc.contents)) doc.contents.items.push(doc.createPair(section, made));
  return made;
}

export function print({ doc, text }: Config): string {
  // as the file was written: its lists under their keys, or further in
  const indentSeq = !/^[a-z_]+:[^\n]*\n(?:\s*#[^\n]*\n)*- /m.test(text);
  const [padded, tight] = [/[[{] +\S/g, /[[{][^\s\]}]/g].map((style) => text.match(style)?.length ?? 0);
  return doc.toString({ lineWidth: 0, indentSeq, flowCollectionPadding: (padded ?? 0) > (tight ?? 0) });
}

function mapOrList({ doc }: Pick<Config, 'doc'>, path: Path): Node | null {
  const found = path.length === 0 ? doc.contents : (findNode(doc, path)?.node ?? null);
  return resolved(doc, found);
}

function keepComments(from: Node | null, to: Node): void {
  if (from?.comment) to.comment = from.comment;
  if (from?.commentBefore) to.commentBefore = from.commentBefore;
}
