/** One entry of `cases`, or one row of a dataset → a Case. Texts are filled in here, then checked. */
import type { Position, Problem } from '../errors.ts';
import type { Case, Cases, Element, Message, Params, Quarantine, Read, Weights } from '../record.ts';
import { checkFields, isMap, type Place, within } from './check-fields.ts';
import { type ElementKinds, readElement } from './elements.ts';
import { checkVars, fillCase, fillRow } from './fill-case.ts';
import { checkParams, readRead } from './shared-keys.ts';
import type { SuiteSchemas } from './schema.ts';

export interface Defaults {
  params: Params;
  weights: Weights | null;
  tags: string[];
  read: Read;
  critical: boolean;
  language: string | null;
}

export interface CaseTools {
  schemas: SuiteSchemas;
  kinds: ElementKinds;
  defaults: Defaults;
  hold: Hold;
  /** ISO date */
  today: string;
  /** told of a quarantine whose day has passed */
  warn: (problem: Problem) => void;
}

/** Keeps the cases of a dataset and goes through them once; of a long file there are many. */
export type Hold = (cases: Iterable<Case>, isLong: boolean) => Cases;

/** Coverage and similarity count the same where a suite says nothing of weights. */
const DEFAULT_WEIGHTS: Weights = { coverage: 0.5, similarity: 0.5 };

/** A case as it is written in the suite; null when it has a problem. */
export function buildCase(value: unknown, place: Place, tools: CaseTools): Case | null {
  const before = place.problems.length;
  const name = isMap(value) && typeof value['name'] === 'string' ? `case "${value['name']}"` : 'this case';
  const vars = checkVars(isMap(value) ? value['vars'] : undefined, within(place, 'vars'));
  const filled = isMap(value) ? fillCase(value, vars, isMap(value['vars']), place) : value;
  const fields = checkFields(tools.schemas.case, filled, place, name);
  if (!isMap(value)) return null;
  const written = Object.keys(value);
  return assemble(fields, { ...place, at: place.source.at(place.path), before, owner: name, written }, tools);
}

type Fields = ReturnType<typeof checkFields<SuiteSchemas['case']>>;
interface CasePlace extends Place {
  at: Position;
  /** how many problems there were before this case */
  before: number;
  owner: string;
  /** keys that are there, right or wrong: a wrong one is not missing, too */
  written: string[];
}

/** Fills in a row: `at` is the row's place, `row` its columns. Every text of the template may use them. */
export function buildRow(
  template: Record<string, unknown>,
  row: Record<string, unknown>,
  place: Place,
  at: Position,
  tools: CaseTools,
): Case | null {
  const before = place.problems.length;
  const fields = checkFields(tools.schemas.case, fillRow(template, row, place), place, 'the case of a row');
  return assemble(fields, { ...place, at, before, owner: 'the case of a row', written: Object.keys(template) }, tools);
}

function assemble(fields: Fields, place: CasePlace, { kinds, defaults, today, warn }: CaseTools): Case | null {
  const weights = (fields.weights ?? defaults.weights ?? DEFAULT_WEIGHTS) as Weights;
  const messages = readMessages(fields, place);
  const elements = readElements(fields, weights, place, kinds);
  const read = readRead(fields.read, within(place, 'read'), place.problems) ?? defaults.read;
  checkParams(fields.params, within(place, 'params'));
  if (place.problems.length > place.before || fields.name === undefined || !messages) return null;
  const quarantine = fields.quarantine;
  const isOver = quarantine !== undefined && quarantine.until < today;
  if (isOver) warn(quarantineOver(fields.name, quarantine, place.at));
  return {
    name: fields.name,
    messages,
    elements,
    read,
    weights,
    params: { ...defaults.params, ...fields.params },
    tags: [...new Set([...defaults.tags, ...(fields.tags ?? [])])],
    critical: fields.critical ?? defaults.critical,
    language: fields.language ?? defaults.language,
    ...(quarantine !== undefined && !isOver && { quarantine }),
    at: place.at,
  };
}

function quarantineOver(name: string, { until, why }: Quarantine, at: Position): Problem {
  return {
    code: 'suite/quarantine-over',
    at,
    what: `the quarantine of case "${name}" (${why}) ended with ${until}: the case counts again`,
    fix: 'remove it, or give it a later day and say why',
  };
}

function readMessages({ prompt, messages }: Fields, place: CasePlace): Message[] | null {
  const { source, path, problems, written, owner } = place;
  if (prompt !== undefined && messages !== undefined) {
    problems.push({
      code: 'suite/prompt-and-messages',
      at: source.keyAt([...path, 'messages']),
      what: `${owner} has both prompt and messages`,
      fix: 'keep one of the two',
    });
    return null;
  }
  if (!written.includes('prompt') && !written.includes('messages')) {
    problems.push({
      code: 'suite/missing-key',
      at: source.at(path),
      what: `${owner} has no prompt`,
      fix: 'add prompt: …, or messages: [{ role: user, content: … }]',
    });
  }
  return messages ?? (prompt === undefined ? null : [{ role: 'user', content: prompt }]);
}

function readElements(fields: Fields, weights: Weights, place: CasePlace, kinds: ElementKinds): Element[] {
  const list = fields.expected_elements;
  const { source, path, problems, owner, written } = place;
  const here = within(place, 'expected_elements');
  if (list === undefined) {
    if (written.includes('expected_elements')) return [];
    problems.push({
      code: 'suite/missing-key',
      at: source.at(path),
      what: `${owner} has no expected_elements`,
      fix: 'add expected_elements: [what its answer must contain]',
    });
  } else if (list.length === 0 && (weights['coverage'] ?? 0) > 0) {
    const what = `${owner} expects no element, so its coverage cannot be judged`;
    problems.push({
      code: 'suite/no-elements',
      at: source.at(here.path),
      what,
      fix: 'name at least one, or set weights: { coverage: 0, similarity: 1 }',
    });
  }
  return (list ?? []).flatMap((item, index) => readElement(item, within(here, index), kinds) ?? []);
}
