import { expect, test } from 'vitest';
import { bounds, counts, oneLine, promptText } from './text.ts';

test.each([
  [0.8499, 0.9001, '0.849 to 0.901'],
  [0.85, 0.9, '0.850 to 0.900'],
  [null, 1.2, '– to 1.200'],
  [null, null, 'none'],
])('bounds %s and %s are rounded outwards: %s', (lower, upper, text) => {
  expect(bounds(lower, upper)).toBe(text);
});

test('counts name what there is and skip what there is not', () => {
  expect(counts({ empty: 2, wrong_model: 1, truncated: 0 })).toBe('2 empty, 1 wrong model');
  expect(counts({})).toBe('');
});

test('one line has no line break, escape sequence, override or half character, and ends where it must', () => {
  expect(oneLine(' a\r\n\u001B[31mb\u001B[0m\u202E \uD83D ')).toBe('a b \uFFFD');
  expect(oneLine('abcdef', 4)).toBe('abc…');
  expect(oneLine('ab\u{1F600}', 4)).toBe('ab\u{1F600}');
});

test('a lone user message is its text, a conversation names who speaks', () => {
  expect(promptText([{ role: 'user', content: 'hello' }])).toBe('hello');
  expect(
    promptText([
      { role: 'system', content: 'short' },
      { role: 'user', content: 'hello' },
    ]),
  ).toBe('[system]\nshort\n\n[user]\nhello');
});
