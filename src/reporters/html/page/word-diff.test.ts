import { expect, test } from 'vitest';
import { wordDiff } from './word-diff.ts';

const own = (text: string, pieces: { span: [number, number]; isOwn: boolean }[] | undefined) =>
  pieces?.filter(({ isOwn }) => isOwn).map(({ span }) => text.slice(...span));

test('words that only one text has are told by their place in it', () => {
  const [before, after] = ['The quick fox, it jumps.', 'The slow fox jumps!'];
  const diff = wordDiff(before, after);
  expect(own(before, diff?.before)).toEqual(['quick', ',', 'it ', '.']);
  expect(own(after, diff?.after)).toEqual(['slow', '!']);
});

test('the pieces of a text are the text', () => {
  for (const text of ['', 'a', 'Ünïcødé 🎉 \uD83D half  \n\t x', '2,000.5 km/h']) {
    const diff = wordDiff(text, 'something else');
    expect(diff?.before.map(({ span }) => text.slice(...span)).join('')).toBe(text);
  }
});

test('equal texts have nothing of their own', () => {
  expect(own('a b', wordDiff('a b', 'a b')?.before)).toEqual([]);
});
