/** Element kinds and providers for the tests of this room, which may not import those of others. */
import * as z from 'zod';
import type { ElementKind } from './elements.ts';
import type { LoadOptions } from './load-suites.ts';

const text: ElementKind = {
  key: 'text',
  schema: z.strictObject({ any_of: z.array(z.string().min(1)).min(1) }),
  label: (options) => (options as { any_of: string[] }).any_of.join(' | '),
};
const equals: ElementKind = {
  key: 'equals',
  schema: z.strictObject({ equals: z.string(), as: z.enum(['text', 'number']).optional() }),
  label: (options) => `equals ${(options as { equals: string }).equals}`,
};
const matches: ElementKind = {
  key: 'matches',
  schema: z.strictObject({ matches: z.string() }),
  label: (options) => `/${(options as { matches: string }).matches}/`,
  problem: (options) => {
    const { matches: pattern } = options as { matches: string };
    if (/\+\)\+/.test(pattern)) return { what: `matches: "${pattern}" could take for ever`, fix: 'repeat one thing only' };
    return pattern === '(' ? { what: `matches: "${pattern}" is not a regular expression` } : null;
  },
};
const not: ElementKind = {
  key: 'not',
  schema: z.strictObject({ not: z.union([z.string(), z.array(z.string()), matches.schema, equals.schema]) }),
  label: () => 'not',
};

const endpoint = z.strictObject({
  base_url: z.url().optional(),
  api_key: z.string().optional(),
  api: z.enum(['chat', 'responses']).optional(),
});

/** Options of `loadSuites` for the folder `cwd`. */
export function optionsFor(cwd: string, more: Partial<LoadOptions> = {}): LoadOptions {
  return {
    cwd,
    models: 'models.yaml',
    suites: ['./suite.yaml'],
    suitesDir: 'suites',
    elementKinds: { text, equals, matches, not },
    scorerNames: ['coverage', 'similarity'],
    providers: { openai: { options: endpoint }, file: { options: z.strictObject({ path: z.string() }) } },
    env: {},
    today: '2026-11-25',
    hold: (cases) => [...cases],
    ...more,
  };
}
