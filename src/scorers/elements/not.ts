/** `not`: something that must not be there. Met when it is absent; its presence is a hard failure of the case. */
import * as z from 'zod';
import { equals } from './equals.ts';
import { type ElementKind, missed } from './kind.ts';
import { matches } from './matches.ts';
import { text } from './text.ts';

const inner = z.union([z.string().min(1), z.array(z.string().min(1)).min(1), matches.schema, equals.schema]);

export interface NotOptions {
  not: z.infer<typeof inner>;
}

/** The element that must be absent, bound to its options. */
function bind({ not: what }: NotOptions) {
  if (typeof what === 'string' || Array.isArray(what)) {
    const options = { any_of: [what].flat() };
    return { label: text.label(options), problem: null, check: (part: string) => text.check(options, part, { insights: [] }) };
  }
  if ('matches' in what)
    return {
      label: matches.label(what),
      problem: matches.problem?.(what) ?? null,
      check: (part: string) => matches.check(what, part, { insights: [] }),
    };
  return { label: equals.label(what), problem: null, check: (part: string) => equals.check(what, part, { insights: [] }) };
}

export const not: ElementKind<NotOptions> = {
  key: 'not',
  schema: z.strictObject({ not: inner }),
  label: (o) => `not ${bind(o).label}`,
  problem: (o) => bind(o).problem,
  check: (o, part) => {
    const found = bind(o).check(part);
    return found.value > 0
      ? { ...missed(`${found.why}, which must not be there`), spans: found.spans }
      : { value: 1, why: 'absent, as it must be', spans: [] };
  },
};
