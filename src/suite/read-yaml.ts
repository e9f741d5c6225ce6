/** YAML text → plain values with positions. Problems of YAML itself are found here, in our words. */
import { type Document, LineCounter, parseAllDocuments, visit, type YAMLError } from 'yaml';
import { InputError, type Position, type Problem } from '../errors.ts';
import { type Source, yamlSource } from './positions.ts';

export interface YamlFile {
  value: unknown;
  source: Source;
  /** problems that leave the rest of the file readable, such as a key that is written twice */
  problems: Problem[];
}

/** Anchors may be used as often as a long suite needs; a bomb multiplies far beyond this. */
const MOST_ALIASES = 10_000;
const MOST_SYNTAX_PROBLEMS = 5;

/** Throws an InputError where the file cannot be read as one YAML document. */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const docs = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const list: Document[] = [...docs];
  const errors = list.flatMap((doc) => [...doc.errors, ...doc.warnings]);
  const fatal = errors.filter((error) => error.code !== 'DUPLICATE_KEY');
  if (fatal.length > 0) throw new InputError(syntaxProblems(fatal, text, at));
  const [doc, second] = list;
  if (!doc || doc.contents === null) throw new InputError({ code: 'suite/empty-file', at: at(0), what: `${file} is empty` });
  if (second) {
    const place = at(second.contents?.range?.[0] ?? text.length);
    throw new InputError({
      code: 'suite/several-documents',
      at: place,
      what: 'a second YAML document begins here',
      fix: 'keep one document a file: remove the line ---',
    });
  }
  const source = yamlSource(file, doc, lines);
  return { value: toPlain(doc, source, at), source, problems: errors.map((error) => duplicateKey(error, text, at)) };
}

function toPlain(doc: Document, source: Source, at: (offset: number) => Position): unknown {
  try {
    const value: unknown = doc.toJS({ maxAliasCount: MOST_ALIASES });
    refuseTraps(value, source, [], new Set());
    return value;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const unset = /set before the alias\): (.*)/.exec((cause as Error).message)?.[1];
    const problem =
      unset === undefined
        ? {
            code: 'suite/alias-bomb',
            what: `the aliases (*name) of this file unfold to more than ${MOST_ALIASES.toLocaleString('en')} values`,
            fix: 'write the values out',
          }
        : {
            code: 'suite/unknown-alias',
            what: `the alias *${unset} has no anchor &${unset} before it`,
            fix: 'write the value out, or set the anchor first',
          };
    throw new InputError({ ...problem, at: unset === undefined ? source.at([]) : at(offsetOfAlias(doc, unset)) }, { cause });
  }
}

function offsetOfAlias(doc: Document, name: string): number {
  let offset = 0;
  visit(doc, {
    Alias: (_, alias) => {
      if (alias.source !== name || alias.resolve(doc)) return undefined;
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** An alias inside its own anchor never ends; a key `__proto__` would not survive as data. */
function refuseTraps(value: unknown, source: Source, path: PropertyKey[], above: Set<unknown>): void {
  if (typeof value !== 'object' || value === null) return;
  if (above.has(value))
    throw new InputError({ code: 'suite/alias-loop', at: source.at(path), what: 'this alias contains itself', fix: 'write the value out' });
  above.add(value);
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__') throw new InputError({ code: 'suite/unknown-key', at: source.keyAt(here), what: 'unknown key "__proto__"' });
    refuseTraps(inner, source, here, above);
  }
  above.delete(value);
}

function duplicateKey(error: YAMLError, text: string, at: (offset: number) => Position): Problem {
  const key = /^[^:\s]+/.exec(text.slice(error.pos[0]))?.[0] ?? '';
  return {
    code: 'suite/duplicate-key',
    at: at(error.pos[0]),
    what: `the key "${key}" is written twice in the same map`,
    fix: 'keep one of the two',
  };
}

function syntaxProblems(errors: YAMLError[], text: string, at: (offset: number) => Position): Problem[] {
  const tooDeep = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (tooDeep) return [{ code: 'suite/too-deep', at: at(tooDeep.pos[0]), what: 'lists and maps are nested too deeply here' }];
  const byLine = new Map<number, Problem>();
  for (const error of errors) {
    const place = at(error.pos[0]);
    if (!byLine.has(place.line)) byLine.set(place.line, syntaxProblem(error, text, place));
  }
  return [...byLine.values()].slice(0, MOST_SYNTAX_PROBLEMS);
}

/** The mistakes people make in YAML, by the code of the parser. Anything else keeps the parser's own words. */
const WORDS: Record<string, { what: string; fix?: string }> = {
  TAB_AS_INDENT: { what: 'this line is indented with a tab', fix: 'indent with spaces' },
  BLOCK_AS_IMPLICIT_KEY: { what: 'a second ": " in one value', fix: 'put the value in quotes' },
  BAD_SCALAR_START: { what: 'a value cannot begin with this character', fix: 'put the value in quotes' },
  BAD_DQ_ESCAPE: { what: 'an unknown escape in a text in double quotes', fix: 'use single quotes, or write \\\\ for a backslash' },
  MULTILINE_IMPLICIT_KEY: { what: 'text where a key was expected', fix: 'write "key: value", or indent the line below its key' },
  NON_STRING_KEY: { what: 'a key must be text', fix: 'put a value that begins with { or [ in quotes' },
  TAG_RESOLVE_FAILED: { what: 'an unknown YAML tag (a word that begins with !)', fix: 'put the value in quotes' },
};

function syntaxProblem(error: YAMLError, text: string, at: Position): Problem {
  const here = text.slice(Math.max(0, error.pos[0] - 1), error.pos[0] + 2);
  if (error.code === 'NON_STRING_KEY' && here.includes('{{')) {
    return { code: 'suite/syntax', at, what: 'a value that begins with {{ is read as a map', fix: 'put it in quotes: "{{name}}"' };
  }
  const words = WORDS[error.code] ?? { what: `not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}` };
  return { code: 'suite/syntax', at, ...words };
}
