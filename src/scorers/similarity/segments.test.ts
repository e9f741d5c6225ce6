import { describe, expect, test } from 'vitest';
import { segmentsOf, wordCount } from './segments.ts';

describe('segments', () => {
  test('are the lines and sentences of a text, without its markdown', () => {
    const text =
      '## The main idea\n\n- **Scale** comes first. Users follow later!\n> A `code` word here | and a table cell\n```ts\nconst one = two + three;\n```\n|---|---|';
    expect(segmentsOf(text)).toEqual([
      'The main idea',
      'Scale comes first.',
      'Users follow later!',
      'A code word here and a table cell',
      'const one = two + three;',
    ]);
  });

  test('a short one opens the next, and the last stands alone', () => {
    expect(segmentsOf('1. Sure! Here is the answer. Bye now')).toEqual(['Sure! Here is the answer.', 'Bye now']);
  });

  test('decimals, and abbreviations without a space, do not end a sentence', () => {
    expect(segmentsOf('The value is 3.14 and the file is a.txt')).toHaveLength(1);
  });

  test('full-width stops end a sentence without a space', () => {
    expect(segmentsOf('これは日本語の文章です。モデルはローカルで動作します。')).toHaveLength(2);
  });

  test.each(['4', '-15', 'x', '?!', '是', '\\frac{1}{2}', '```\n42\n```'])('a closed answer such as %j is at least one segment', (text) => {
    expect(segmentsOf(text).length).toBeGreaterThanOrEqual(1);
  });

  test.each(['', ' ', '\n\n\t'])('a blank text %j has none', (text) => {
    expect(segmentsOf(text)).toEqual([]);
  });

  test('a long answer is joined into 60, and keeps every word', () => {
    const lines = Array.from({ length: 137 }, (_, i) => `line number ${i} here`);
    const segments = segmentsOf(lines.join('\n'));
    expect(segments).toHaveLength(60);
    expect(segments.join(' ')).toBe(lines.join(' '));
  });
});

test('words are counted by runs of letters, and by pairs of characters where a script has no spaces', () => {
  expect(['one two-three', 'x = 12', '日本語の文', '—'].map(wordCount)).toEqual([3, 2, 3, 0]);
});
