/** `equals`: the judged part is this answer, compared as text, number, LaTeX or literal. */
import * as z from 'zod';
import { comparisons, type EqualsAs, isEqual } from '../equals/index.ts';
import { type ElementKind, missed } from './kind.ts';

export interface EqualsOptions {
  equals: string;
  as?: EqualsAs | undefined;
}

export const equals: ElementKind<EqualsOptions> = {
  key: 'equals',
  schema: z.strictObject({ equals: z.string(), as: z.enum(Object.keys(comparisons) as [EqualsAs, ...EqualsAs[]]).optional() }),
  label: (o) => `equals ${o.equals}`,
  check: (o, part) =>
    isEqual(o.equals, part, o.as)
      ? { value: 1, why: `equals ${o.equals}`, spans: [[0, part.length]] }
      : missed(`"${clip(part)}" is not ${o.equals}`),
};

function clip(part: string): string {
  return part.length > 60 ? `${part.slice(0, 59)}…` : part;
}
