import { describe, expect, test } from 'vitest';
import { batchWindows, cutWindows } from './windows.ts';

const specials = { first: [101], last: [102] };
const body = (length: number) => Array.from({ length }, (_, i) => i);

describe('windows', () => {
  test('a text that fits is one window with both specials', () => {
    expect(cutWindows(3, [7, 8], specials, 4)).toEqual([{ text: 3, ids: [101, 7, 8, 102], weight: 2 }]);
  });

  test('a long text keeps every token, in order, and every window keeps both specials', () => {
    const windows = cutWindows(0, body(11), specials, 6);
    expect(windows.map(({ ids }) => ids.length - 2)).toEqual([3, 4, 4]);
    expect(windows.flatMap(({ ids }) => ids.slice(1, -1))).toEqual(body(11));
    expect(windows.every(({ ids }) => ids[0] === 101 && ids.at(-1) === 102)).toBe(true);
  });

  test('a text of exactly the limit is one window, one token more makes two', () => {
    expect(cutWindows(0, body(254), specials, 256)).toHaveLength(1);
    expect(cutWindows(0, body(255), specials, 256).map(({ weight }) => weight)).toEqual([127, 128]);
  });

  test('an empty text is the specials alone, and still has a weight', () => {
    expect(cutWindows(0, [], specials, 256)).toEqual([{ text: 0, ids: [101, 102], weight: 1 }]);
  });
});

describe('batches', () => {
  const windowsOf = (...lengths: number[]) => lengths.map((length, text) => ({ text, ids: body(length), weight: 1 }));

  test('the padded size stays within the budget, and like lengths go together', () => {
    const batches = batchWindows(windowsOf(9, 2, 4, 3, 8), 12);
    expect(batches.map((batch) => batch.map(({ ids }) => ids.length))).toEqual([[2, 3, 4], [8], [9]]);
  });

  test('a window over the budget goes alone, and none is lost', () => {
    expect(batchWindows(windowsOf(50, 1), 12).map((batch) => batch.map(({ text }) => text))).toEqual([[1], [0]]);
    expect(batchWindows([], 12)).toEqual([]);
  });
});
