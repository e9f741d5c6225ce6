import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldLeftovers, openRecordingJournal, readLeftovers } from './recording-journal.ts';
import { type Recording, recordingFile, writeRecordings } from './recordings.ts';

const now = () => 0;
const folder = () => join(mkdtempSync(join(tmpdir(), 'onpar-journal-')), 'recordings');
const to = { model: 'gpt', suite: 'capitals' };
/** No process has this number. */
const DEAD = 2 ** 30;

const recording = (name: string, answer = 'Paris', change: Partial<Recording> = {}): Recording => ({
  request: name.padEnd(64, '0'),
  case: name,
  sample: 0,
  model: 'gpt-4.1',
  messages: [{ role: 'user', content: 'Which one?' }],
  params: {},
  answer,
  reasoning: null,
  finish_reason: 'stop',
  usage: null,
  timings: null,
  reported_model: null,
  recorded_at: null,
  source: null,
  licence: null,
  ...change,
});

function leaveBehind(recordings: string, lines: string[], pid = DEAD): string {
  mkdirSync(join(recordings, '.journal'), { recursive: true });
  const file = join(recordings, '.journal', `${pid}-0a1b2c3d.jsonl`);
  writeFileSync(file, lines.join('\n'));
  writeFileSync(`${file}.lock`, String(pid));
  return file;
}
const line = (one: Recording, destination = to) => JSON.stringify({ ...one, to: destination });
const casesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => (JSON.parse(text) as Recording).case);

test('an answer is on disk when it is added, can be read back as it was, and leaves no trace when it is discarded', () => {
  const recordings = folder();
  const journal = openRecordingJournal(recordings, now);
  expect(existsSync(recordings)).toBe(false);
  const place = journal.add(recording('france'), to);
  journal.add(recording('peru', 'Lima ✓'), to);
  expect(journal.read(place)).toEqual(recording('france'));
  const [name] = readdirSync(join(recordings, '.journal')).filter((file) => file.endsWith('.jsonl'));
  expect(readFileSync(join(recordings, '.journal', name ?? ''), 'utf8')).toContain('Lima ✓');
  expect(readLeftovers(recordings)).toEqual({ leftovers: [], running: [] });
  journal.discard();
  expect(readdirSync(recordings)).toEqual([]);
});

test('what a dead process left behind is recorded: the latest answer to a request, no failure, no line that was cut', () => {
  const recordings = folder();
  leaveBehind(recordings, [
    line(recording('peru', 'Cusco')),
    line(recording('france')),
    line(recording('peru', 'Lima')),
    line(recording('cuba', '', { state: 'unreachable', why: 'gone' })),
    line(recording('chile')).slice(0, 90),
  ]);
  expect(readLeftovers(recordings).leftovers.map((one) => one.recording.answer)).toEqual(['Lima', 'Paris']);
  foldLeftovers(recordings, () => ['france', 'peru', 'cuba', 'chile']);
  const file = recordingFile(recordings, 'gpt', 'capitals');
  expect(casesIn(file)).toEqual(['france', 'peru']);
  expect(readFileSync(file, 'utf8')).not.toContain('"to"');
  expect(readdirSync(recordings)).toEqual(['gpt']);
});

test('a suite that is not loaded keeps the order of its file', () => {
  const recordings = folder();
  const file = recordingFile(recordings, 'gpt', 'capitals');
  const twice = (name: string) => [recording(name), recording(name, 'again', { sample: 1, request: name.padEnd(64, '1') })];
  writeRecordings(file, [...twice('peru'), ...twice('france')], ['peru', 'france']);
  leaveBehind(recordings, [line(recording('cuba')), line(recording('france', 'Paris!'))]);
  foldLeftovers(recordings, () => null);
  expect(casesIn(file)).toEqual(['peru', 'peru', 'france', 'france', 'cuba']);
});

test('the journal of a process that runs is left alone, and it is named', () => {
  const recordings = folder();
  const file = leaveBehind(recordings, [line(recording('france'))], process.ppid);
  appendFileSync(file, '\n');
  expect(foldLeftovers(recordings, () => null)).toEqual([]);
  expect(readLeftovers(recordings)).toEqual({ leftovers: [], running: [process.ppid] });
  expect(existsSync(file)).toBe(true);
});

test('a journal under the number of this process is one of an earlier process', () => {
  const recordings = folder();
  leaveBehind(recordings, [line(recording('france'))], process.pid);
  expect(foldLeftovers(recordings, () => null)).toHaveLength(1);
});
