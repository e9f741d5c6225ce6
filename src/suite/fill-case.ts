/** Fills the texts of a case in with its variables, before anything is checked. */
import { isMap, type Place, within } from './check-fields.ts';
import type { Path } from './positions.ts';
import { render, type Vars, variables } from './render.ts';

const ALWAYS_FILLED = ['prompt', 'messages'];
const FILLED_WITH_VARS = ['name', 'tags', 'language', 'read', 'expected_elements', 'quarantine'];

/** Prompts are always templates. The other texts are when the case has variables, so that LaTeX `{{` needs no care. */
export function fillCase(value: Record<string, unknown>, vars: Vars, hasVars: boolean, place: Place): Record<string, unknown> {
  const keys = hasVars ? [...ALWAYS_FILLED, ...FILLED_WITH_VARS] : ALWAYS_FILLED;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, keys.includes(key) ? fill(inner, vars, within(place, key)) : inner]),
  );
}

function fill(value: unknown, vars: Vars, place: Place): unknown {
  if (typeof value === 'string') {
    const rendered = render(value, vars);
    if ('text' in rendered) return rendered.text;
    place.problems.push({ ...rendered.problem, at: place.source.at(place.path) });
    return value;
  }
  if (Array.isArray(value)) return value.map((item, index) => fill(item, vars, within(place, index)));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, vars, within(place, key))]));
}

/** Every text of a dataset's template may use the row's columns. */
export function fillRow(template: Record<string, unknown>, row: Record<string, unknown>, place: Place): Record<string, unknown> {
  const constants = isMap(template['vars']) ? template['vars'] : {};
  const taken = takeColumns(template, row, place);
  const rest = Object.fromEntries(Object.entries(template).filter(([key]) => !(key in taken)));
  return withoutEmpty({ ...fillCase(rest, variables({ ...constants, ...row }), true, place), ...taken });
}

/** Most rows are in no quarantine: their day is empty. */
function withoutEmpty({ quarantine, ...filled }: Record<string, unknown>): Record<string, unknown> {
  return quarantine === undefined || (isMap(quarantine) && quarantine['until'] === '') ? filled : { ...filled, quarantine };
}

/** `tags: "{{tags}}"` takes a list of a JSONL row as it is; inside a list, `"{{tag}}"` always is one text.
 * What is taken is a value, never filled in again. */
function takeColumns(template: Record<string, unknown>, row: Record<string, unknown>, place: Place): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  for (const key of ['expected_elements', 'tags']) {
    const written = template[key];
    if (typeof written !== 'string') continue;
    const column = /^\{\{\s*([^{}\s]+)\s*\}\}$/.exec(written)?.[1];
    const value = column === undefined ? undefined : row[column];
    if (Array.isArray(value)) taken[key] = value as unknown[];
    else {
      taken[key] = undefined;
      const fix = 'name a column that holds a list (JSONL), or write a list: ["{{column}}"]';
      place.problems.push({
        code: 'suite/wrong-type',
        at: place.source.at([...place.path, key]),
        what: `${key} is "${written}", which is no list in this row`,
        fix,
      });
    }
  }
  return taken;
}

/** A number is filled in as it is written, so one that YAML would write otherwise (3.10) must be quoted. */
export function checkVars(value: unknown, place: Place): Vars {
  if (!isMap(value)) return variables({});
  const { source, problems } = place;
  const visit = (inner: unknown, path: Path): void => {
    const written = source.written(path);
    if (typeof inner === 'number' && written !== null && written !== String(inner)) {
      problems.push({
        code: 'suite/not-text',
        at: source.at(path),
        what: `${written} is a number in YAML (${inner}), and would be filled in as such`,
        fix: `quote it: "${written}"`,
      });
    } else if (inner === null) {
      problems.push({
        code: 'suite/no-value',
        at: source.at(path),
        what: `the variable ${String(path.at(-1))} has no value`,
        fix: 'write "" for an empty text',
      });
    } else if (typeof inner === 'object') {
      for (const [key, one] of Object.entries(inner)) visit(one, [...path, Array.isArray(inner) ? Number(key) : key]);
    }
  };
  for (const [key, inner] of Object.entries(value)) visit(inner, [...place.path, key]);
  return variables(value);
}
