/** One entry of `expected_elements` → an Element of a kind, its options checked by the kind's own schema. */
import * as z from 'zod';
import { nearestName } from '../errors.ts';
import type { Element } from '../record.ts';
import { checkFields, isMap, type Place, within } from './check-fields.ts';
import { explain, unknownKey, wrongType } from './explain.ts';

/**
 * What an element kind tells the suite room; `src/scorers/elements/index.ts` is the table. Methods, not function
 * fields, so that a kind may name the type of its own options.
 */
export interface ElementKind {
  /** schema of the kind's own options; its first key is the one that names the kind in YAML, e.g. { equals, as? } */
  schema: z.ZodType;
  /** the YAML key that names the kind, e.g. `equals` */
  key: string;
  /** short text for people */
  label(options: unknown): string;
  /** what the schema cannot say, e.g. a pattern that does not compile; null when all is well */
  problem?(options: unknown): { what: string; fix?: string } | null;
}
export type ElementKinds = Readonly<Record<string, ElementKind>>;

/** Keys that every element map may have. */
const common = z.strictObject({
  required: z.boolean().optional(),
  weight: z.number().gt(0).meta({ must: 'a number above 0' }).optional(),
});

/** Null when the element has a problem, which is then in `place.problems`. */
export function readElement(value: unknown, place: Place, kinds: ElementKinds): Element | null {
  const { path, source, problems } = place;
  if (typeof value === 'string' || Array.isArray(value)) return build(plain, { text: value }, place, kinds);
  if (!isMap(value)) {
    problems.push({ at: source.at(path), ...wrongType('text', { value, path, source, must: 'text, a list of texts, or a map' }) });
    return null;
  }
  const byKey = new Map(Object.entries(kinds).map(([name, kind]) => [kind.key, name]));
  const named = Object.keys(value).filter((key) => byKey.has(key));
  const name = byKey.get(named[0] ?? '');
  if (name === undefined || named.length > 1) {
    problems.push(named.length > 1 ? severalKinds(named, place) : noKind(value, [...byKey.keys()], place));
    return null;
  }
  const { required, weight, ...written } = value;
  const before = problems.length;
  const options = knownOptions(name, written, place, kinds);
  const shared = checkFields(
    common,
    Object.fromEntries(Object.entries({ required, weight }).filter(([key]) => key in value)),
    place,
    'the element',
  );
  const element = build({ name, shared, keyed: true }, options, place, kinds);
  return problems.length > before ? null : element;
}

/** A key that is none of the kind's nor of every element is named among both. */
function knownOptions(name: string, written: Record<string, unknown>, place: Place, kinds: ElementKinds): Record<string, unknown> {
  const kind = kinds[name];
  if (!(kind?.schema instanceof z.ZodObject)) return written;
  const own = Object.keys(kind.schema.shape).filter((key) => name !== 'text' || key !== 'any_of');
  const known = [...new Set([kind.key, ...own])];
  return Object.fromEntries(
    Object.entries(written).filter(([key]) => {
      if (known.includes(key)) return true;
      place.problems.push(unknownKey(key, [...known, ...Object.keys(common.shape)], place));
      return false;
    }),
  );
}

interface Form {
  name: string;
  shared: z.output<typeof common>;
  /** written as a map, with the kind's own key */
  keyed: boolean;
}
const plain: Form = { name: 'text', shared: {}, keyed: false };

function build({ name, shared, keyed }: Form, written: Record<string, unknown>, place: Place, kinds: ElementKinds): Element | null {
  const kind = kinds[name];
  if (!kind) throw new Error(`there is no element kind "${name}"`);
  const options = name === 'text' ? textOptions(written, kind, place, keyed) : written;
  const parsed = options && parse(kind, options, place);
  if (!parsed) return null;
  const at = place.source.at(place.path);
  const problem = kind.problem?.(parsed.value);
  if (problem) {
    place.problems.push({ code: 'suite/bad-element', at: place.source.at(keyed ? [...place.path, kind.key] : place.path), ...problem });
    return null;
  }
  return {
    kind: name,
    options: parsed.value,
    label: kind.label(parsed.value),
    weight: shared.weight ?? 1,
    required: shared.required ?? false,
    at,
  };
}

/** `"x"`, `[x, y]` and `{ text: x | [x, y] }` are one kind with the options { any_of }. */
function textOptions(
  { text, ...rest }: Record<string, unknown>,
  kind: ElementKind,
  place: Place,
  keyed: boolean,
): Record<string, unknown> | null {
  const here = keyed ? within(place, kind.key) : place;
  const list: unknown[] = Array.isArray(text) ? text : [text];
  const bad = list.flatMap((one, index) => {
    const path = Array.isArray(text) ? [...here.path, index] : here.path;
    if (typeof one !== 'string')
      return [{ at: here.source.at(path), ...wrongType('text', { value: one, path, source: here.source, must: undefined }) }];
    return one.trim() === ''
      ? [{ code: 'suite/no-value', at: here.source.at(path), what: 'an expected element is empty; every answer would contain it' }]
      : [];
  });
  if (list.length === 0)
    bad.push({
      code: 'suite/no-value',
      at: here.source.at(here.path),
      what: 'an expected element is an empty list; it must name at least one text',
    });
  place.problems.push(...bad);
  return bad.length > 0 ? null : { any_of: list, ...rest };
}

function parse(kind: ElementKind, options: Record<string, unknown>, place: Place): { value: unknown } | null {
  const { source, path, problems } = place;
  const parsed = kind.schema.safeParse(options);
  if (parsed.success) return { value: parsed.data };
  const before = problems.length;
  if (kind.schema instanceof z.ZodObject) checkFields(kind.schema, options, place, 'the element');
  if (problems.length > before) return null;
  problems.push(...parsed.error.issues.map((issue) => explain(issue, { value: options, path, source, must: undefined })));
  return null;
}

function severalKinds(named: string[], { path, source }: Place) {
  return {
    code: 'suite/several-kinds',
    at: source.keyAt([...path, named[1] ?? '']),
    what: `an element is of one kind, and this one has ${named.join(' and ')}`,
    fix: 'write them as elements of their own',
  };
}

function noKind(value: Record<string, unknown>, keys: string[], { path, source }: Place) {
  const own = Object.keys(value).filter((key) => !Object.hasOwn(common.shape, key));
  const first = own[0];
  if (first === undefined)
    return {
      code: 'suite/unknown-key',
      at: source.at(path),
      what: 'this element says nothing of what the answer must contain',
      fix: `add one of: ${keys.join(', ')}`,
    };
  const near = own.flatMap((key) => nearestName(key, keys) ?? []).at(0);
  const fix = near === undefined ? `the kinds of elements are: ${keys.join(', ')}` : `did you mean "${near}"?`;
  return { code: 'suite/unknown-key', at: source.keyAt([...path, first]), what: `unknown key "${first}"`, fix };
}
