import { expect, test } from 'vitest';
import { zeroevalReads, zeroevalSays } from './zeroeval-evaluator.ts';

test.each([
  ['an object in a fence', '```json\n{"reasoning": "x", "answer": "42"}\n```', '42'],
  ['a number', '{"answer": 7}', '7'],
  ['a list, as Python writes it', '{"answer": ["a", 1, true, null]}', "['a', 1, True, None]"],
  ['a field of JSON that is broken', '{"reasoning": "\\frac", "answer": "\\sqrt{2}"', '\\sqrt{2}'],
  ['a value without quotes', '"answer": 12, more', '12'],
  ['nothing', 'I cannot say', null],
])('reads %s', (_, output, read) => {
  expect(zeroevalReads('m', output)).toBe(read);
});

test('a boxed answer is read of Llama-3.1 only', () => {
  const output = 'so it is \\boxed{36}';
  expect(zeroevalReads('Meta-Llama-3.1-70B-Instruct', output)).toBe('36');
  expect(zeroevalReads('gpt-4o', output)).toBeNull();
});

test.each([
  ['math-l5', '1,024', '{"answer": "1024 apples"}', true],
  ['math-l5', '\\frac{1}{2}', '{"answer": "1/3"}', false],
  ['gsm', '0.5', '{"answer": "1/2"}', true],
  ['crux', "'abc'", '{"answer": "abc"}', true],
  ['crux', '[1, 2]', '{"answer": "[1,2]"}', false],
] as const)('%s: %s against %s', (set, expected, output, isRight) => {
  expect(zeroevalSays(set, 'm', expected, output)).toBe(isRight);
});
