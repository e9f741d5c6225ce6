/** As mathematics: the same spelling, the same value, or, for expressions with unknowns, the same value wherever tried. */
import { evaluateLatex, variablesOf } from './evaluate.ts';
import { splitGroup } from './groups.ts';
import { equalNumber, isNear } from './number.ts';
import { plainLatex, splitLeft } from './plain-latex.ts';
import { hasOtherUnit } from './units.ts';

/** Fixed points at which expressions with unknowns are compared; on both sides of 0, since √(x²) is not x. */
const POINTS = [0.7310585, -1.6180339, 2.2360679, -0.3775406, 3.7320508, -2.7320508];
/** Points at which both sides must have a value. */
const FEWEST_POINTS = 2;
const MOST_PARTS = 50;
const DEEPEST = 4;

export function equalLatex(expected: string, got: string): boolean {
  if (hasOtherUnit(expected, got)) return false;
  const [a, b] = [plainLatex(expected), plainLatex(got)];
  // \text{no} is a word, not the product of n and o
  if (isWord(expected, a) || isWord(got, b)) return a !== '' && spelled(a).toLowerCase() === spelled(b).toLowerCase();
  return equalPlain(a, b, 0) || equalNumber(expected, got);
}

function isWord(written: string, plain: string): boolean {
  return /\\(?:text|textbf|mathrm|mbox)(?![a-zA-Z])/.test(written) && /^[a-zA-Z ]{2,}$/.test(plain);
}

/** White space means nothing except between digits: `1 3/4` is not `13/4`. */
function spelled(plain: string): string {
  return plain.replace(/(?<!\d)\s+|\s+(?!\d)/g, '').replace(/([_^])\{(\w)\}/g, '$1$2');
}

function equalPlain(expected: string, got: string, depth: number): boolean {
  const [left, right] = [splitLeft(expected), splitLeft(got)];
  if (left.left !== null && right.left !== null && left.left !== right.left) return false;
  const [a, b] = [left.right, right.right];
  if (spelled(a) === spelled(b)) return a !== '';
  // 000 is no coordinate but the rest of a number
  if (depth > DEEPEST || /^0\d/.test(a) || /^0\d/.test(b)) return false;
  const [x, y] = [splitGroup(a), splitGroup(b)];
  if (x.parts.length === 1 && y.parts.length === 1 && x.open === '' && y.open === '') return equalValue(x.parts[0] ?? '', y.parts[0] ?? '');
  return x.open === y.open && x.close === y.close && equalParts(x.parts, y.parts, x.isOrdered, depth + 1);
}

function equalParts(a: string[], b: string[], isOrdered: boolean, depth: number): boolean {
  if (a.length !== b.length || a.length > MOST_PARTS) return false;
  if (isOrdered) return a.every((part, i) => equalPlain(part, b[i] ?? '', depth));
  const left = [...b];
  return a.every((part) => {
    const at = left.findIndex((other) => equalPlain(part, other, depth));
    return at >= 0 && left.splice(at, 1).length === 1;
  });
}

function equalValue(a: string, b: string): boolean {
  const [x, y] = [variablesOf(a), variablesOf(b)];
  if (x === null || y === null) return false;
  const names = [...new Set([...x, ...y])];
  if (names.length === 0) return isSame(evaluateLatex(a, {}), evaluateLatex(b, {})) === true;
  const verdicts = POINTS.map((_, shift) => {
    const at = Object.fromEntries(names.map((name, i) => [name, (POINTS[(i + shift) % POINTS.length] ?? 1) * (1 + i / 7)]));
    return isSame(evaluateLatex(a, at), evaluateLatex(b, at));
  });
  return !verdicts.includes(false) && verdicts.filter((same) => same === true).length >= FEWEST_POINTS;
}

/** Null where neither has a value, such as a root of a negative number. */
function isSame(a: number | null, b: number | null): boolean | null {
  if (a === null && b === null) return null;
  return a !== null && b !== null && isNear(a, b);
}
