/** Whether two final answers are the same answer. A false "equal" passes a wrong model, so doubt means "not equal". */
import { equalLatex } from './latex.ts';
import { equalLiteral } from './literal.ts';
import { equalNumber } from './number.ts';
import { type Literal, parseLiteral } from './parse-literal.ts';
import { equalText } from './text.ts';

/** The table of comparisons: `as:` in a suite. */
export const comparisons = { text: equalText, number: equalNumber, latex: equalLatex, literal: equalLiteral } as const;

export type EqualsAs = keyof typeof comparisons;

/** Without `as`, what the expected answer looks like decides which comparisons may find them equal. */
export function isEqual(expected: string, got: string, as?: EqualsAs): boolean {
  const tried = as === undefined ? guess(expected) : [as];
  return tried.some((name) => comparisons[name](expected, got));
}

/** From the plainest on. A quoted text or a list of them is a literal and nothing else, so that its case counts. */
function guess(expected: string): EqualsAs[] {
  const literal = parseLiteral(expected);
  if (literal && hasText(literal)) return ['literal'];
  // dates, scores, times and versions are no sums: 2024-01-02 is not 2021
  if (/^\s*\d+(?:\s*[-–/:.]\s*\d+){2,}\s*$|^\s*\d+\s*[-–:]\s*\d+\s*$/.test(expected)) return ['text'];
  if (literal?.kind === 'list' || literal?.kind === 'dict') return ['literal', 'latex'];
  // a word is no product of its letters
  const isMathematics = /[\d\\^_=+*/()[\]{}|√π∞]|^\s*\$?[a-zA-Z]\$?\s*$/.test(expected);
  return isMathematics ? ['text', 'number', 'literal', 'latex'] : ['text', 'literal'];
}

function hasText(literal: Literal): boolean {
  if (literal.kind === 'text' || literal.kind === 'bytes') return true;
  return 'items' in literal && literal.items.flat().some((item) => hasText(item));
}
