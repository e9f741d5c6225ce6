import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InputError, type Position } from '../errors.ts';
import { readReviews } from './read-reviews.ts';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'onpar-reviews-'))));
afterEach(() => rmSync(cwd, { recursive: true }));

const one = {
  ...{ suite: 's', candidate: 'c', case: 'a', answer: 'a'.repeat(64), decision: 'accept', reason: 'fine', note: '' },
  ...{ by: 'Ann', at: '2026-11-25T12:00:00.000Z' },
};
const signOff = { suite: 's', candidate: 'c', decision: 'approve', reason: 'read them all', by: 'Ann', at: '2026-11-25T12:00:00+01:00' };
const file = (change: object = {}) => ({ format: 1, run: 'r', reviewer: 'Ann', cases: [one], sign_offs: [signOff], ...change });

const formatPlace = (at: Position | undefined) => (at === undefined ? 'nowhere' : `${at.file}:${at.line}:${at.column}`);

async function read(texts: string[]) {
  const names = texts.map((text, i) => {
    writeFileSync(join(cwd, `${i}.json`), text);
    return `${i}.json`;
  });
  try {
    return await readReviews(cwd, names);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ code, at, what }) => [formatPlace(at), code, what].join(' '));
  }
}

test('several files are one', async () => {
  const note = { ...one, decision: null, reason: '', note: 'ask the vendor' };
  const both = [JSON.stringify(file()), JSON.stringify(file({ cases: [note], sign_offs: [] }), null, '\t')];
  expect(await read(both)).toEqual({ cases: [one, note], sign_offs: [signOff] });
});

test.each([
  ['a decision without a reason', { ...one, reason: ' ' }, '0.json:12:17 suite/bad-value a decision needs a reason'],
  ['a time that is none', { ...one, at: 'yesterday' }, /^0\.json:15:13 suite\/bad-value at is "yesterday"; it must be a time such as/],
  ['a decision that is none', { ...one, decision: 'maybe' }, /^0\.json:11:19 suite\/\S+ decision is "maybe"/],
  ['a hash that is none', { ...one, answer: 'abc' }, /^0\.json:10:17 suite\/bad-value answer is "abc"; it must be a sha256/],
  ['an unknown key', { ...one, decison: 'accept' }, /^0\.json:16:7 suite\/unknown-key unknown key "decison"/],
])('%s is an error with its place', async (_, wrong, message) => {
  const problems = await read([JSON.stringify(file({ cases: [wrong] }), null, 2)]);
  expect(problems).toEqual([typeof message === 'string' ? message : (expect.stringMatching(message) as string)]);
});

test('a later format is refused, and what is no JSON has its place', async () => {
  expect(await read([JSON.stringify(file({ format: 2 }))])).toEqual([expect.stringMatching(/^0\.json:1:11 suite\/\S+ format is 2/)]);
  expect(await read(['{\n  "format": 1,\n  "run" "r"\n}'])).toEqual([expect.stringMatching(/^0\.json:3:9 suite\/syntax/)]);
  expect(await read(['{ "format": 1'])).toEqual([expect.stringMatching(/^0\.json:1:\d+ suite\/syntax/)]);
});

test('a missing file is named', async () => {
  await expect(readReviews(cwd, ['nowhere.json'])).rejects.toThrow(/there is no review nowhere\.json/);
});
