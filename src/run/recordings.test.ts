import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readShelf, type Recording, recordingFile, writeRecordings } from './recordings.ts';
import { replay } from './replay.ts';

const temp = () => mkdtempSync(join(tmpdir(), 'onpar-recordings-'));
const hash = (n: number) => String(n).padStart(64, '0');

function recording(n: number, name: string, answer = `answer ${n}`): Recording {
  const unknown = {
    reasoning: null,
    finish_reason: null,
    usage: null,
    timings: null,
    reported_model: null,
    recorded_at: null,
    source: null,
    licence: null,
  };
  return {
    request: hash(n),
    case: name,
    sample: 0,
    model: 'm',
    messages: [{ role: 'user', content: 'q' }],
    params: {},
    answer,
    ...unknown,
  };
}

const call = (n: number, name: string) => ({ model: { name: 'm' }, case: name, sample: 0, request: hash(n), messages: [], params: {} });

test('recordings are kept in the order of the suite, and a second import replaces the same request only', () => {
  const file = recordingFile(temp(), 'm', 's');
  writeRecordings(file, [recording(2, 'b'), recording(1, 'a')], ['a', 'b']);
  writeRecordings(file, [recording(2, 'b', 'new')], ['a', 'b']);
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as Recording);
  expect(lines.map((l) => [l.case, l.answer])).toEqual([
    ['a', 'answer 1'],
    ['b', 'new'],
  ]);
});

test.each([0, 1_000_000])('a recording is found by its request in any suite of its model, with up to %d bytes held', (mostHeld) => {
  const folder = temp();
  writeRecordings(recordingFile(folder, 'm', 'one'), [recording(1, 'a')], ['a']);
  writeRecordings(recordingFile(folder, 'm', 'two'), [recording(2, 'b')], ['b']);
  const shelf = readShelf(folder, 'm', mostHeld);
  expect(Array.from(shelf.byRequest, ([request]) => request)).toEqual([hash(1), hash(2)]);
  expect(replay(call(1, 'a'), shelf)).toMatchObject({ recording: { answer: 'answer 1' } });
  expect(replay(call(2, 'other name, same request'), shelf)).toMatchObject({ recording: { answer: 'answer 2' } });
});

test('a changed prompt makes the recording stale, and a case without one is missing', () => {
  const folder = temp();
  writeRecordings(recordingFile(folder, 'm', 's'), [recording(1, 'a')], ['a']);
  const shelf = readShelf(folder, 'm');
  expect(replay(call(9, 'a'), shelf)).toMatchObject({ state: 'missing', why: expect.stringContaining('stale') as string });
  expect(replay(call(9, 'z'), shelf)).toMatchObject({ state: 'missing', why: expect.stringContaining('no recorded answer') as string });
  expect(replay(call(9, 'z'), readShelf(folder, 'nobody'))).toMatchObject({ state: 'missing' });
});

test('a broken line is malformed where its request can be read, and named where it cannot', () => {
  const folder = temp();
  const file = recordingFile(folder, 'm', 's');
  writeRecordings(file, [recording(1, 'a')], ['a']);
  appendFileSync(file, `{"request":"${hash(2)}","case":"b","answer":12}\nnot json at all\n`);
  const shelf = readShelf(folder, 'm');
  expect(replay(call(1, 'a'), shelf)).toMatchObject({ recording: { answer: 'answer 1' } });
  expect(replay(call(2, 'b'), shelf)).toMatchObject({ state: 'malformed' });
  expect(shelf.unreadable).toEqual([expect.stringMatching(/s\.jsonl:3$/)]);
});

test('a name cannot leave the folder of recordings', () => {
  expect(recordingFile('home', '../../etc', 'a/b').split(/[\\/]/)).toHaveLength(3);
  expect(recordingFile('home', '..', 'x').split(/[\\/]/)).not.toContain('..');
});
