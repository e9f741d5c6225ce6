/**
 * Which part of an answer is judged. A JSON answer is read on the first rung that works:
 * strict → fenced → extracted → repaired → none. Models asked for JSON seldom write JSON (docs/scoring.md).
 */
import { jsonrepair } from 'jsonrepair';
import type { Read, Reading, Rung } from '../record.ts';

/** Longer texts are not repaired: jsonrepair recurses, and an answer of this size is not an answer. */
const MOST_REPAIRED = 200_000;

/** The part that is judged; `start` is where it stands in the answer (UTF-16 units), null where it does not stand there literally. */
export function readPart(answer: string, read: Read): Reading & { start: number | null } {
  const reading = readAnswer(answer, read);
  return { ...reading, start: reading.text === '' ? null : startOf(answer, reading, read) };
}

function startOf(answer: string, { text, rung }: Reading, read: Read): number | null {
  if (rung === 'whole') return 0;
  if (read !== null && 'json' in read) {
    const key = (read.json.split('.').at(-1) ?? '').replace(/[^\w]/g, '\\$&');
    const fields = [...answer.matchAll(new RegExp(`${key}["'\\\\]*\\s*:\\s*["']?\\s?|\\\\boxed\\{`, 'g'))].map(
      (m) => m.index + m[0].length,
    );
    return fields.filter((start) => answer.startsWith(text, start)).at(-1) ?? null;
  }
  const start = answer.lastIndexOf(text);
  return start < 0 ? null : start;
}

export function readAnswer(answer: string, read: Read): Reading {
  if (read === null) return { text: answer, rung: 'whole' };
  if ('after' in read) return readAfter(answer, read.after);
  const path = read.json.split('.');
  for (const [rung, texts] of rungs(answer)) {
    for (const text of texts()) {
      const found = valueAt(text, path);
      if (found !== undefined) return { text: undoDecodedLatex(found), rung };
    }
  }
  const loose = looseField(answer, path.at(-1) ?? '');
  if (loose !== null) return { text: undoDecodedLatex(loose), rung: 'repaired' };
  const boxed = path.length === 1 ? lastBoxed(answer) : null;
  return boxed === null ? { text: '', rung: 'none' } : { text: boxed, rung: 'extracted' };
}

/** `\boxed{…}`: how models trained on mathematics mark a final answer when they forget the JSON they were asked for. */
function lastBoxed(answer: string): string | null {
  const start = answer.lastIndexOf('\\boxed{');
  if (start < 0) return null;
  let depth = 0;
  for (let i = start + '\\boxed'.length; i < answer.length; i++) {
    if (answer[i] === '{') depth++;
    else if (answer[i] === '}' && --depth === 0) return answer.slice(start + '\\boxed{'.length, i);
  }
  return null;
}

/** The last `"answer": …` of a text whose JSON cannot be mended, such as one with bare quotes in another field. */
function looseField(answer: string, key: string): string | null {
  const name = key.replace(/[^\w]/g, '\\$&');
  const field = new RegExp(`(?:^|[\\s,{"'])${name}["'\\\\]*\\s*:\\s*(?:"((?:[^"\\\\\\n]|\\\\.)*)"|([^\\s,"}][^,"}\\n]*))\\s*[,}\`]`, 'g');
  const last = [...answer.slice(-MOST_REPAIRED).matchAll(field)].at(-1);
  if (!last) return null;
  return last[2]?.trim() ?? (last[1] ?? '').replace(/\\(["\\/])/g, '$1');
}

/** What follows the last occurrence of a marker such as "Answer:", any case. */
function readAfter(answer: string, marker: string): Reading {
  const at = answer.toLowerCase().lastIndexOf(marker.toLowerCase());
  return at < 0 ? { text: '', rung: 'none' } : { text: answer.slice(at + marker.length).trim(), rung: 'extracted' };
}

/** Candidates for a JSON document, rung by rung; those of one rung, last first, since models correct themselves. */
function rungs(answer: string): [Rung, () => string[]][] {
  const fences = [...answer.matchAll(/```[\w-]*[^\S\n]*\n?([\s\S]*?)```/g)].map((m) => m[1] ?? '').reverse();
  const objects = () => balancedObjects(answer).reverse();
  const broken = () => [...fences, ...objects(), fromFirstBrace(answer)].filter((t) => t !== '' && t.length <= MOST_REPAIRED);
  return [
    ['strict', () => [answer.trim()]],
    ['fenced', () => fences],
    ['extracted', objects],
    ['repaired', () => broken().flatMap(repair)],
  ];
}

/** Top-level `{ … }` of a text, braces inside strings skipped. One pass. */
function balancedObjects(text: string): string[] {
  const found: string[] = [];
  let [depth, start, isString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (isString) {
      if (char === '\\') i++;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = depth > 0;
    else if (char === '{') {
      if (depth++ === 0) start = i;
    } else if (char === '}' && depth > 0 && --depth === 0) found.push(text.slice(start, i + 1));
  }
  return found;
}

function fromFirstBrace(text: string): string {
  const start = text.indexOf('{');
  return start < 0 ? '' : text.slice(start).replace(/```[\s\S]*$/, '');
}

/** Bad escapes, raw newlines and bare tuples mended by rule, then whatever jsonrepair makes of it. */
function repair(text: string): string[] {
  const hasDoubleQuotes = /^\s*\{\s*"/.test(text);
  const escaped = text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (all, next: string) => {
    if (next === "'") return hasDoubleQuotes ? "'" : all;
    return /^(?:u[0-9a-fA-F]{4}|["\\/bfnrt])$/.test(next) ? all : `\\${all}`;
  });
  const oneLine = escaped.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (s) =>
    s.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t'),
  );
  // a tuple of Python is no value of JSON: kept as it is written
  const quoted = oneLine.replace(TUPLE, (_, before: string, tuple: string) => before + JSON.stringify(tuple));
  try {
    return [oneLine, jsonrepair(quoted === oneLine ? escaped : quoted)];
  } catch {
    return [oneLine];
  }
}

const TUPLE = /("\s*:\s*)(\((?:[^()\n]|\([^()\n]*\))*\))(?=\s*[,}])/g;

/** The value at a path as text, or undefined when the text is not JSON or has no such value. */
function valueAt(text: string, path: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  value = JSON.parse(markNumbers(text));
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.replace(/"?\ue000([^"]*)\ue000"?/g, '$1');
}

/** Numbers of a JSON text become marked texts, so that 1.50 and 12345678901234567890 keep their digits. */
function markNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (all) => (all.startsWith('"') ? all : `"\ue000${all}\ue000"`));
}

/** `"\frac"` is valid JSON and decodes to a form feed and "rac": put the backslash back where only LaTeX makes sense. */
function undoDecodedLatex(text: string): string {
  return text
    .replaceAll('\f', '\\f')
    .replaceAll('\b', '\\b')
    .replace(/\t(?=imes|ext|frac|heta|an\b|au\b|o\b|riangle|ilde|op\b)/g, '\\t')
    .replace(/\r(?=ight|ho\b|angle|ceil|floor|m\{)/g, '\\r')
    .replace(/\n(?=eq\b|abla|eg\b|otin|ot\b|mid\b|subset)/g, '\\n');
}
