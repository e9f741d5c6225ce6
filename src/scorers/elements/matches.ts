/** `matches`: a regular expression in RE2's syntax, which runs in linear time: no pattern can hang a run. */
import { RE2JS } from 're2js';
import * as z from 'zod';
import { type ElementKind, missed } from './kind.ts';

export interface MatchesOptions {
  matches: string;
}

const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern);
  compiled.set(pattern, made);
  return made;
}

export const matches: ElementKind<MatchesOptions> = {
  key: 'matches',
  schema: z.strictObject({ matches: z.string().min(1) }),
  label: (o) => `/${o.matches}/`,
  problem: (o) => {
    try {
      compile(o.matches);
      return null;
    } catch (error) {
      const hasLook = /\(\?<?[=!]|\\[1-9]/.test(o.matches);
      const why = (error as Error).message.split('\n')[0] ?? '';
      const fix = hasLook
        ? 'lookaround and back-references have no linear-time form; write the pattern without them'
        : 'write it in RE2 syntax, in single quotes';
      return { what: `matches: "${o.matches}" is not a regular expression (${why})`, fix };
    }
  },
  check: (o, part) => {
    const matcher = compile(o.matches).matcher(part);
    const spans: [number, number][] = [];
    while (spans.length < 1000 && matcher.find()) spans.push([matcher.start(), matcher.end()]);
    return spans.length > 0 ? { value: 1, why: `matches /${o.matches}/`, spans } : missed(`nothing matches /${o.matches}/`);
  },
};
