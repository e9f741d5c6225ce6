/** A zod issue → a problem in our words. The only place where zod's view of things is read. */
import type { z } from 'zod';
import { type Problem, nearestName, suggestName } from '../errors.ts';
import type { Path, Source } from './positions.ts';

type Issue = z.core.$ZodIssue;

export interface Subject {
  value: unknown;
  path: Path;
  source: Source;
  /** what a right value is: `a number above 0 and at most 1`; from `.meta({ must })` of the schema */
  must: string | undefined;
}

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** Texts in YAML 1.2, whatever they were in 1.1. */
const YES_NO: Record<string, string> = { yes: 'true', on: 'true', no: 'false', off: 'false' };

export function explain(issue: Issue, subject: Subject): Problem {
  const inner = { ...subject, path: [...subject.path, ...issue.path], value: valueAt(subject.value, issue.path) };
  const at = subject.source.at(inner.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKey(issue.keys[0] ?? '', [], inner);
    case 'invalid_type':
      return { at, ...wrongType(TYPES[issue.expected] ?? issue.expected, inner) };
    case 'invalid_value':
      return { code: 'suite/unknown-value', at, ...notOneOf(issue.values.map(String), inner) };
    case 'invalid_union':
      return explainUnion(issue, inner);
    case 'custom':
      return custom(issue, inner);
    case 'too_small':
    case 'too_big':
      return { code: 'suite/out-of-range', at, ...outOfRange(issue, inner) };
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return { code: 'suite/bad-value', at, what: `${label(inner.path)} is ${shown(inner)}; ${mustBe(inner, 'of another form')}` };
  }
}

export function unknownKey(key: string, known: readonly string[], { path, source }: Pick<Subject, 'path' | 'source'>): Problem {
  const problem = { code: 'suite/unknown-key', at: source.keyAt([...path, key]), what: `unknown key "${key}"` };
  return known.length > 0 ? { ...problem, fix: suggestName(key, known) } : problem;
}

/** Text was wanted and something else is there; a number loses its spelling in YAML (`3.10` is 3.1). */
export function wrongType(wanted: string, subject: Subject): Omit<Problem, 'at'> {
  const { value, path, source, must } = subject;
  const name = label(path);
  if (value === undefined || value === null) return { code: 'suite/no-value', what: `${name} has no value; it must be ${must ?? wanted}` };
  const written = source.written(path) ?? JSON.stringify(value);
  if (wanted === 'text' && (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')) {
    const kind = typeof value === 'boolean' ? 'a truth value' : 'a number';
    const read = String(value) === written ? '' : ` (${value})`;
    return {
      code: 'suite/not-text',
      what: `${written} is ${kind} in YAML${read}, but ${name} must be text`,
      fix: `quote it: "${written}"`,
    };
  }
  if (typeof value === 'string' && wanted !== 'text' && value.trim() !== '' && !Number.isNaN(Number(value)) && /number/.test(wanted)) {
    return {
      code: 'suite/wrong-type',
      what: `${name} is the text "${value}"; it must be ${must ?? wanted}`,
      fix: `write it without quotes: ${value}`,
    };
  }
  const what = `${name} is ${shown(subject)}; it must be ${must ?? wanted}`;
  const meant = wanted === TYPES['boolean'] && typeof value === 'string' ? YES_NO[value.toLowerCase()] : undefined;
  return meant === undefined ? { code: 'suite/wrong-type', what } : { code: 'suite/wrong-type', what, fix: `write ${meant}` };
}

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, subject: Subject): { what: string; fix?: string } {
  const { value, path } = subject;
  const small = issue.code === 'too_small';
  const limit = small
    ? `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`
    : `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
  const what = `${label(path)} is ${shown(subject)}; ${mustBe(subject, issue.origin === 'number' || issue.origin === 'int' ? limit : `of length ${limit}`)}`;
  const percent = !small && issue.maximum === 1 && typeof value === 'number' && value > 1 && value <= 100;
  return percent ? { what, fix: `write ${(value / 100).toFixed(2)} for ${value} %` } : { what };
}

function notOneOf(values: string[], subject: Subject): { what: string; fix?: string } {
  const near = typeof subject.value === 'string' ? nearestName(subject.value, values) : null;
  const what = `${label(subject.path)} is ${shown(subject)}; it must be ${values.length > 1 ? `one of: ${values.join(', ')}` : values.join('')}`;
  return near === null ? { what } : { what, fix: `did you mean "${near}"?` };
}

/** Of a union's branches the one that fits best is what was meant; where only types differ, all types are named. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, subject: Subject): Problem {
  const isOtherType = (errors: Issue[]) => errors.some((e) => e.code === 'invalid_type' && e.path.length === 0);
  const isMissing = (e: Issue) => e.code === 'invalid_type' && valueAt(subject.value, e.path) === undefined;
  const misfit = (errors: Issue[]) => errors.filter((e) => e.code === 'unrecognized_keys' || isMissing(e)).length;
  const branches = issue.errors.filter((errors) => errors.length > 0);
  const alike = branches.filter((errors) => !isOtherType(errors)).sort((a, b) => misfit(a) - misfit(b));
  const best = alike[0];
  const unknown = best?.find((e) => e.code === 'unrecognized_keys');
  if (unknown)
    return unknownKey(
      unknown.keys[0] ?? '',
      alike
        .flat()
        .filter(isMissing)
        .map((e) => String(e.path.at(-1))),
      subject,
    );
  if (best?.[0]) return explain(best[0], { ...subject, must: undefined });
  const types = branches.flat().flatMap((e) => (e.code === 'invalid_type' ? [TYPES[e.expected] ?? e.expected] : []));
  const must = subject.must ?? [...new Set(types)].join(' or ');
  const wanted = types.includes('text') && typeof subject.value !== 'object' ? 'text' : must;
  return { at: subject.source.at(subject.path), ...wrongType(wanted, { ...subject, must }) };
}

function custom(issue: z.core.$ZodIssueCustom, subject: Subject): Problem {
  const fix = issue.params?.['fix'] as unknown;
  const problem = { code: 'suite/bad-value', at: subject.source.at(subject.path), what: issue.message };
  return typeof fix === 'string' ? { ...problem, fix } : problem;
}

function mustBe({ must }: Subject, otherwise: string): string {
  return `it must be ${must ?? otherwise}`;
}

function shown({ value, path, source }: Subject): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  if (typeof value !== 'string') return source.written(path) ?? String(value);
  if (value === '') return 'empty';
  return `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
}

/** The last key of the path; an item of a list is called `candidates item 2`. */
export function label(path: Path): string {
  const last = path.at(-1);
  if (typeof last === 'number') return `${label(path.slice(0, -1))} item ${last + 1}`;
  return last === undefined ? 'the file' : String(last);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}
