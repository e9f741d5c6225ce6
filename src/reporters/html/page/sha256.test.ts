import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from './sha256.ts';

test('every length around the ends of a block, and texts beyond ASCII, as node:crypto has them', () => {
  const texts = Array.from({ length: 200 }, (_, n) => 'abc é 漢字 🦦 '.repeat(20).slice(0, n)).concat('x'.repeat(100_000), '\ud800 lone');
  for (const text of texts) expect(sha256(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
});
