/** As a literal of Python or JSON: quotes, spaces and the order of keys aside, `'1'` is not `1` and `(1, 2)` is not `[1, 2]`. */
import { type Literal, parseLiteral } from './parse-literal.ts';

/** A text may come without its quotes, since models drop them: `abc` is `'abc'`. White space inside is kept. */
export function equalLiteral(expected: string, got: string): boolean {
  const [a, b] = [parseLiteral(expected), parseLiteral(got)];
  if (a === null) return expected.trim() === got.trim() && expected.trim() !== '';
  if (b !== null && canonical(a) === canonical(b)) return true;
  return a.kind === 'text' && (b === null || b.kind !== 'text') && unquoted(got).includes(a.value);
}

/** What a text without quotes, or with quotes that do not escape those inside, can stand for. */
function unquoted(got: string): string[] {
  const inner = /^\s*(["'])([\s\S]*)\1\s*$/.exec(got)?.[2];
  const escaped = got.includes('\\') ? parseLiteral(`"${got.replaceAll('"', '\\"')}"`) : null;
  return [got, ...(inner === undefined ? [] : [inner]), ...(escaped?.kind === 'text' ? [escaped.value] : [])];
}

/** One spelling for equal values. As in Python, 1 and 1.0 are equal. A key written twice is none that Python would print: kept, so that it differs. */
function canonical(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
    case 'bytes':
      return `${literal.kind}${JSON.stringify(literal.value)}`;
    case 'name':
      return literal.value;
    case 'number':
      return number(literal.digits);
    case 'dict':
      return `dict{${literal.items
        .map(([key, value]) => `${canonical(key)}:${canonical(value)}`)
        .sort()
        .join()}}`;
    case 'set':
      return `set{${literal.items.map(canonical).sort().join()}}`;
    case 'list':
    case 'tuple':
      return `${literal.kind}(${literal.items.map(canonical).join()})`;
  }
}

/** Whole numbers keep all their digits: no double can tell 12345678901234567890 from ...891. */
function number(digits: string): string {
  const whole = /^([+-]?)(\d+)$/.exec(digits);
  if (whole) return (whole[1] === '-' ? -BigInt(whole[2] ?? 0) : BigInt(whole[2] ?? 0)).toString();
  const value = Number(digits);
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
