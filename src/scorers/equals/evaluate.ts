/** A plain LaTeX expression → its value, by mathjs's number-only build. Null when it is not an expression of known names. */
import { createRequire } from 'node:module';

/** Longer texts are not final answers. */
const LONGEST = 300;
const NAMES = new Set([
  'pi',
  'e',
  'sqrt',
  'cbrt',
  'log',
  'ln',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'exp',
  'abs',
  'combinations',
  'nthRoot',
]);
const FUNCTIONS: Record<string, string> = {
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  arcsin: 'asin',
  arccos: 'acos',
  arctan: 'atan',
  ln: 'log',
  exp: 'exp',
};

const NAMED = Object.keys(FUNCTIONS).join('|');
/** `\sin^2 x`, `\sin 2x`, `\sin(` */
const CALL_POWER = new RegExp(`\\\\(${NAMED})\\s*\\^\\s*\\(?(\\d)\\)?\\s*(\\d*[a-zA-Z]|\\d+|\\([^()]*\\))(?![a-zA-Z])`, 'g');
const CALL = new RegExp(`\\\\(${NAMED})\\s*(?:\\(|(\\d*\\s*pi|\\d*[a-zA-Z]|\\d+)(?![a-zA-Z\\d]))`, 'g');

let evaluateInfix: ((infix: string, scope: Record<string, number>) => unknown) | null = null;

/** Loaded when the first expression needs it: most runs and every `--help` do without. */
function mathjs(): NonNullable<typeof evaluateInfix> {
  evaluateInfix ??= (createRequire(import.meta.url)('mathjs/number') as { evaluate: NonNullable<typeof evaluateInfix> }).evaluate;
  return evaluateInfix;
}

/** `variables` gives single letters their values. */
export function evaluateLatex(plain: string, variables: Readonly<Record<string, number>>): number | null {
  const infix = toInfix(plain);
  if (infix === null) return null;
  const names = infix.match(/[a-zA-Z]+/g) ?? [];
  if (!names.every((name) => NAMES.has(name) || name in variables)) return null;
  try {
    const value = mathjs()(infix, { ...variables });
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** The single letters of an expression that stand for unknowns, or null when it has other words. */
export function variablesOf(plain: string): string[] | null {
  const infix = toInfix(plain);
  if (infix === null) return null;
  const unknown = (infix.match(/[a-zA-Z]+/g) ?? []).filter((name) => !NAMES.has(name));
  return unknown.every((name) => name.length === 1) ? [...new Set(unknown)].sort() : null;
}

function toInfix(plain: string): string | null {
  if (plain === '' || plain.length > LONGEST) return null;
  let text = plain
    .replace(/(?<![\^\d.}])(\d+)\s*\\frac\s*\{(\d+)\}\s*\{(\d+)\}/g, '($1+$2/$3)') // a mixed number
    .replace(/(\d{0,9})\.(\d{0,6})\\overline\s*\{(\d{1,6})\}/g, repeating)
    .replace(/^(-?)(\d+)\s+(\d+)\/(\d+)$/, '$1($2+$3/$4)');
  for (let i = 0; i < 20 && /\\(?:frac|sqrt|binom)/.test(text); i++) {
    text = text
      .replace(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '(($1)/($2))')
      .replace(/\\binom\s*\{(\w{1,4})\}\s*\{(\w{1,4})\}/g, 'combinations($1,$2)') // short: it takes as many steps as its number
      .replace(/\\sqrt\s*\[([^[\]]*)\]\s*\{([^{}]*)\}/g, 'nthRoot($2,$1)')
      .replace(/\\sqrt\s*\{([^{}]*)\}/g, 'sqrt($1)')
      .replace(/([\^_])\s*\{([^{}]*)\}/g, '$1($2)');
  }
  text = text
    .replace(/\\log_\{?(\d+)\}?\s*\(?(\d+)\)?/g, '(log($2)/log($1))')
    .replace(CALL_POWER, (_, name: string, power: string, of: string) => `(${FUNCTIONS[name] ?? ''}(${of}))^${power}`)
    .replace(CALL, (_, name: string, of: string | undefined) => `${FUNCTIONS[name] ?? ''}(${of === undefined ? '' : `${of})`}`);
  text = text
    .replace(/\{/g, '(')
    .replace(/\}/g, ')')
    .replace(/([\d)])\s*(?=[a-zA-Z(])/g, '$1*')
    .replace(/\)\s*(?=\d)/g, ')*');
  text = text.replace(/(?<![a-zA-Z])([a-df-zA-Z])(?=[a-zA-Z(])(?![a-zA-Z]*\()/g, '$1*');
  return /^[\d\s+\-*/^().,!a-zA-Z]+$/.test(text) && !/[a-zA-Z]\s*,|,\s*$/.test(text) ? text : null;
}

/** 0.1\overline{6} = (16 - 1) / 90 */
function repeating(_: string, whole: string, fixed: string, again: string): string {
  return `((${whole}${fixed}${again}-${whole || '0'}${fixed})/(${10 ** fixed.length * (10 ** again.length - 1)}))`;
}
