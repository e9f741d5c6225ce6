import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

const file = join(mkdtempSync(join(tmpdir(), 'onpar-lines-')), 'file');
const CHUNK = 1 << 18;

/** Lines as they are found by holding all of it. */
function expected(text: string) {
  const pieces = text.split('\n');
  const last = pieces.pop() ?? '';
  let offset = 0;
  const line = (piece: string, isWhole: boolean) => {
    const length = Buffer.byteLength(piece);
    const found = { text: piece, offset, length, isWhole };
    offset += length + 1;
    return found;
  };
  return [...pieces.map((piece) => line(piece, true)), ...(last === '' ? [] : [line(last, false)])];
}

test.each([
  ['nothing', ''],
  ['one line', 'a\n'],
  ['a line that a crash cut', 'a\nb'],
  ['empty lines', '\n\na\n\n'],
  ['a carriage return, which is kept', 'a\r\nb\r\n'],
  ['letters of several bytes, wherever a chunk ends', 'ä𝄞é\n'.repeat(60_000)],
  ['a line of a chunk without its break', `${'x'.repeat(CHUNK)}\ny\n`],
  ['a line of a chunk with its break', `${'x'.repeat(CHUNK - 1)}\ny\n`],
  ['a line of many chunks', `a\n${'y'.repeat(5 * CHUNK)}\nb\n${'z'.repeat(3 * CHUNK)}`],
])('%s', (_, text) => {
  writeFileSync(file, text);
  expect([...linesOf(file)]).toEqual(expected(text));
  const handle = openSync(file, 'r');
  expect([...linesOf(handle)].length).toBe(expected(text).length);
  closeSync(handle);
});

test('another may be gone through meanwhile, and one may be left early', () => {
  writeFileSync(file, 'a\nb\nc\n');
  const seen: string[] = [];
  for (const { text } of linesOf(file)) for (const inner of linesOf(file)) if (seen.push(text + inner.text) && inner.text === 'b') break;
  expect(seen).toEqual(['aa', 'ab', 'ba', 'bb', 'ca', 'cb']);
});
