/**
 * Checks a map field by field. zod drops the whole object at its first problem; a suite must show all of its problems at
 * once, also those that need other fields (two cases of one name), so every field that is right is kept.
 */
import * as z from 'zod';
import type { Problem } from '../errors.ts';
import { explain, unknownKey, wrongType } from './explain.ts';
import type { Path, Source } from './positions.ts';

export interface Place {
  source: Source;
  path: Path;
  problems: Problem[];
}

export type Fields<S extends z.ZodObject> = Partial<z.output<S>>;

/** The fields that are right. `owner` names the map for people: `case "two" has no prompt`. */
export function checkFields<S extends z.ZodObject>(schema: S, value: unknown, place: Place, owner: string): Fields<S> {
  // nearly always all is well, and one parse is far quicker than one a field
  const whole = schema.safeParse(value);
  return whole.success ? whole.data : (check(schema, value, place, owner).fields as Fields<S>);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function within(place: Place, ...steps: PropertyKey[]): Place {
  return { ...place, path: [...place.path, ...steps] };
}

function check(schema: z.ZodObject, value: unknown, place: Place, owner: string): { fields: Record<string, unknown>; complete: boolean } {
  const { source, path, problems } = place;
  if (!isMap(value)) {
    problems.push({ at: source.at(path), ...wrongType('a map', { value, path, source, must: undefined }) });
    return { fields: {}, complete: false };
  }
  const shape = schema.shape as Record<string, z.ZodType>;
  const loose = schema.def.catchall instanceof z.ZodUnknown;
  const fields: Record<string, unknown> = {};
  let complete = true;
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(shape, key)) continue;
    if (loose) fields[key] = value[key];
    else problems.push(unknownKey(key, Object.keys(shape), place));
  }
  for (const [key, type] of Object.entries(shape)) {
    const found = Object.hasOwn(value, key) ? checkValue(type, value[key], within(place, key), key) : absent(type, key, place, owner);
    if (!found) complete = false;
    else if (found.value !== undefined) fields[key] = found.value;
  }
  return { fields, complete };
}

/** A field that is not written: its default, nothing when it is optional, else a problem at the map. */
function absent(type: z.ZodType, key: string, { source, path, problems }: Place, owner: string): { value: unknown } | null {
  const parsed = type.safeParse(undefined);
  if (parsed.success) return { value: parsed.data };
  const must = mustOf(type);
  problems.push({
    code: 'suite/missing-key',
    at: source.at(path),
    what: `${owner} has no ${key}`,
    fix: `add ${key}: …${must === undefined ? '' : ` (${must})`}`,
  });
  return null;
}

function checkValue(type: z.ZodType, value: unknown, place: Place, owner: string): { value: unknown } | null {
  const inner = unwrap(type);
  if (inner instanceof z.ZodObject && isMap(value)) {
    const before = place.problems.length;
    const { fields, complete } = check(inner, value, place, owner);
    if (!complete || place.problems.length > before) return complete ? { value: fields } : null;
  } else if (inner instanceof z.ZodArray && Array.isArray(value) && unwrap(inner.element as z.ZodType) instanceof z.ZodObject) {
    const items = value.map((item, index) =>
      checkValue(inner.element as z.ZodType, item, within(place, index), `${owner} item ${index + 1}`),
    );
    if (items.some((item) => item === null)) return null;
  }
  const parsed = type.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const { source, path, problems } = place;
  const known = new Set(problems.map((p) => p.code + JSON.stringify(p.at)));
  for (const issue of parsed.error.issues) {
    const problem = explain(issue, { value, path, source, must: mustOf(type) });
    if (!known.has(problem.code + JSON.stringify(problem.at))) problems.push(problem);
  }
  return null;
}

function unwrap(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodNullable)
    return unwrap(type.unwrap() as z.ZodType);
  return type;
}

function mustOf(type: z.ZodType): string | undefined {
  const must = (type.meta() ?? unwrap(type).meta())?.['must'];
  return typeof must === 'string' ? must : undefined;
}
