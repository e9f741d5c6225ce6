/** Templates: `{{name}}` in a text becomes the value of a variable. A missing variable is a problem, never an empty text. */
import Handlebars from 'handlebars';
import { nearestName } from '../errors.ts';

/** Values by name, ready for templates; made by `variables`. */
export type Vars = Readonly<Record<string, unknown>>;
export interface TemplateProblem {
  code: string;
  what: string;
  fix?: string;
}
export type Rendered = { text: string } | { problem: TemplateProblem };

/** What a list or a map turns into where text is wanted; it cannot occur in a file. */
const NOT_TEXT = '\u0000not text\u0000';

const engine = Handlebars.create();
engine.unregisterHelper('log');
engine.unregisterHelper('lookup');

/** A variable that a loop or `with` needs must exist; only `if` and `unless` may ask for one that does not. */
class RequireArguments extends Handlebars.Visitor {
  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const asks = ['if', 'unless'].includes(block.path.original);
    for (const param of block.params) if (!asks) (param as hbs.AST.Expression & { strict: boolean }).strict = true;
    super.BlockStatement(block);
  }
}

type Compiled = { fill: (vars: Vars) => string } | { problem: TemplateProblem };
const compiled = new Map<string, Compiled>();
const MOST_KEPT = 1000;

/** Text without `{{` is taken as it is, backslashes included. */
export function render(text: string, vars: Vars): Rendered {
  if (!text.includes('{{')) return { text };
  const template = compile(text);
  if ('problem' in template) return template;
  try {
    const filled = template.fill(vars);
    if (!filled.includes(NOT_TEXT)) return { text: filled };
    return {
      problem: {
        code: 'suite/not-text',
        what: 'a variable used here is a list or a map, not text',
        fix: 'use {{#each name}}{{this}}{{/each}}, or name the part: {{name.part}}',
      },
    };
  } catch (cause) {
    return { problem: explain(cause as Error, vars) };
  }
}

/** Objects lose their prototype, so that `{{constructor}}` is just another missing variable; null counts as missing. */
export function variables(values: Record<string, unknown>): Vars {
  return bare(values) as Vars;
}

function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy: object = Array.isArray(value)
    ? value.map(bare)
    : Object.fromEntries(Object.entries(value).flatMap(([k, v]) => (v === null ? [] : [[k, bare(v)]])));
  Object.setPrototypeOf(copy, null);
  return Object.defineProperty(copy, Symbol.toPrimitive, { value: () => NOT_TEXT });
}

function compile(text: string): Compiled {
  const known = compiled.get(text);
  if (known) return known;
  const made = compileNew(text);
  if (compiled.size >= MOST_KEPT) compiled.clear();
  compiled.set(text, made);
  return made;
}

function compileNew(text: string): Compiled {
  try {
    const ast = engine.parse(text);
    new RequireArguments().accept(ast);
    const template = engine.compile<Vars>(ast, { noEscape: true, strict: true, knownHelpersOnly: false });
    return { fill: (vars) => template(vars) };
  } catch (cause) {
    const where = /line (\d+)/.exec((cause as Error).message)?.[1] ?? '1';
    return {
      problem: {
        code: 'suite/template-syntax',
        what: `the template cannot be read (its line ${where})`,
        fix: 'close every {{name}} and {{#block}}…{{/block}}; write \\{{ for a literal {{',
      },
    };
  }
}

function explain(error: Error, vars: Vars): TemplateProblem {
  const name = /^"([\s\S]+)" not defined in/.exec(error.message)?.[1];
  if (name !== undefined) {
    const names = Object.keys(vars);
    const near = nearestName(name, names);
    const fix =
      near !== null
        ? `did you mean "${near}"?`
        : names.length > 0
          ? `the variables are: ${names.join(', ')}`
          : 'set it under vars, or write \\{{ for a literal {{';
    return { code: 'suite/missing-variable', what: `the variable "${name}" is not set`, fix };
  }
  const helper = /Missing helper: "(.+)"/.exec(error.message)?.[1];
  const what =
    helper === undefined
      ? 'the template cannot be filled in: it reads a part of something that has none'
      : `there is no template helper "${helper}"`;
  return {
    code: 'suite/template-syntax',
    what,
    fix: 'use {{name}}, {{#each list}}, {{#if name}}, {{#unless name}} or {{#with map}}; write \\{{ for a literal {{',
  };
}
