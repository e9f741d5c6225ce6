import { expect, test } from 'vitest';
import { decode91, encode91 } from './base91.ts';

test.each([0, 1, 2, 3, 13, 14, 255, 1_000])('%i bytes come back as they were', (length) => {
  const patterns = [() => 0, () => 255, (at: number) => at % 256, (at: number) => (at * at * 31 + (at >> 3)) % 256];
  for (const pattern of patterns) {
    const bytes = Uint8Array.from({ length }, (_, at) => pattern(at));
    expect([...decode91(encode91(bytes))]).toEqual([...bytes]);
  }
});

test('all of it is printable, and none of it could end a script element', () => {
  const text = encode91(Uint8Array.from({ length: 60_000 }, (_, at) => (at * 7919) >> 4));
  expect(text).toMatch(/^[!-~]+$/);
  expect(text).not.toMatch(/[<&\\]/);
});
