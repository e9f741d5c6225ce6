/** Many values of the same shape as one value of columns, which compresses far better, and back. */

/** `of`: which of the values have it; 0 is all. */
type Column =
  | { values: unknown[] }
  | { of: number[] | 0; count: number; keys: string[]; columns: Column[]; has: (number[] | 0)[] }
  | { of: number[] | 0; lengths: number[]; items: Column };

type Fields = Record<string, unknown>;
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !isList(value);
const mask = (flags: boolean[]): number[] | 0 => (flags.every(Boolean) ? 0 : flags.map(Number));

/** The order of keys may change, and a key whose value is undefined is left out. */
export function toColumns(values: readonly unknown[]): Column {
  const fields = values.filter(isFields);
  if (fields.length > 0 && values.every((value) => value === null || isFields(value))) {
    const keys = [...new Set(fields.flatMap((one) => Object.keys(one)))];
    const having = keys.map((key) => fields.map((one) => one[key] !== undefined));
    const columns = keys.map((key, at) => toColumns(fields.filter((_, place) => having[at]?.[place]).map((one) => one[key])));
    return { of: mask(values.map((value) => value !== null)), count: fields.length, keys, columns, has: having.map(mask) };
  }
  const lists = values.filter(isList);
  if (lists.length > 0 && values.every((value) => value === null || isList(value))) {
    return { of: mask(values.map((value) => value !== null)), lengths: lists.map(({ length }) => length), items: toColumns(lists.flat()) };
  }
  return { values: [...values] };
}

/** Puts what some have back to its places; the others get `otherwise`. */
function spread(of: number[] | 0, present: unknown[], otherwise: unknown): unknown[] {
  let next = 0;
  return of === 0 ? present : of.map((flag) => (flag === 1 ? present[next++] : otherwise));
}

export function fromColumns(column: Column): unknown[] {
  if ('values' in column) return column.values;
  if ('lengths' in column) {
    const items = fromColumns(column.items);
    let from = 0;
    return spread(
      column.of,
      column.lengths.map((length) => items.slice(from, (from += length))),
      null,
    );
  }
  const { of, count, keys, columns, has } = column;
  const parts = columns.map(fromColumns);
  const objects = Array.from({ length: count }, (): Fields => ({}));
  for (const [at, key] of keys.entries()) {
    const all = spread(has[at] ?? 0, parts[at] ?? [], undefined);
    for (const [place, value] of all.entries()) if (value !== undefined) set(objects[place], key, value);
  }
  return spread(of, objects, null);
}

/** Also for a key that means something to objects. */
const set = (target: Fields | undefined, key: string, value: unknown) =>
  target && Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
