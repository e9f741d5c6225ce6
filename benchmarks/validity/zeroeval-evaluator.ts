/**
 * How ZeroEval itself decides whether an answer is right, written again from src/evaluation/{eval_utils,math_eval,crux_eval}.py of
 * WildEval/ZeroEval @ 8c1485e (Apache-2.0). It shares nothing with our reader: the one is the check of the other.
 */
import type { SetName } from './zeroeval-answers.ts';

/** MATH and GSM8K: the first number of the field `answer`; CRUXEval: the exact string, quotes aside. */
export function zeroevalSays(set: SetName, model: string, expected: string, output: string): boolean {
  const got = zeroevalReads(model, output);
  if (got === null) return false;
  return set === 'crux'
    ? strip(got).replaceAll('\n', '\\n') === strip(expected)
    : sameFirstNumber(got, expected.replaceAll('#', '').trim());
}

/** The field `answer` of the first complete object, else of whatever looks like one; null where there is none. */
export function zeroevalReads(model: string, output: string): string | null {
  const object = firstCompleteObject(output);
  const answer = object?.['answer'];
  if (answer !== undefined) return asPython(answer);
  const loose = [/"answer"\s*:\s*"([^"]*?)"/, /"answer"\s*:\s*"([\s\S]*?)"/, /"answer"\s*:\s*([^,\s]*)/, /answer\s*:\s*([^,\s]*)/];
  for (const pattern of loose) {
    const found = pattern.exec(output)?.[1];
    if (found !== undefined) return found;
  }
  const isBoxed = model.includes('Llama-3.1') && output.slice(-30).includes('boxed');
  return (isBoxed && /\\boxed\{([\p{L}\p{N}_]+)\}/u.exec(output)?.[1]) || null;
}

/** Only the first one: where it is not valid JSON there is none. Braces inside strings count, as they do there. */
function firstCompleteObject(text: string): Record<string, Json> | null {
  let [depth, start] = [0, -1];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') {
      if (depth++ === 0) start = i;
    } else if (text[i] === '}' && depth > 0 && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, i + 1).replaceAll('\n', '')) as Record<string, Json>;
      } catch {
        return null;
      }
    }
  }
  return null;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What Python's str() makes of a value of JSON. */
function asPython(value: Json, isInside = false): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return isInside ? quoted(value) : value;
  if (Array.isArray(value)) return `[${value.map((item) => asPython(item, true)).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${quoted(key)}: ${asPython(item, true)}`)
      .join(', ')}}`;
  return String(value);
}

const quoted = (text: string): string => (text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`);

const strip = (text: string): string => text.replace(/^['"]+|['"]+$/g, '');

function sameFirstNumber(got: string, expected: string): boolean {
  const [a, b] = [got, expected].map((text) => /-?\d+(\.\d+)?/.exec(plain(text))?.[0]);
  return a !== undefined && b !== undefined && Number(a) === Number(b);
}

/** Without $ and thousands' commas; a plain fraction becomes its value. */
function plain(answer: string): string {
  const text = answer.replaceAll('$', '').trim().replaceAll(',', '');
  const fraction = /^\(?(-?\d+(?:\.\d+)?)\)?\s*\/\s*\(?(-?\d+(?:\.\d+)?)\)?$/.exec(text);
  return fraction === null ? text : String(Number(fraction[1]) / Number(fraction[2]));
}
