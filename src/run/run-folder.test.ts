import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import type { CaseResult, RunRecord } from '../record.ts';
import { createRunFolder, readRun } from './run-folder.ts';

const startedAt = new Date('2026-01-02T03:04:05Z');
const record = {
  format: 1,
  run: 'r',
  verdicts: [{ suite: 's', parity: 0.9, similarity: { not_informative: null } }],
} as unknown as RunRecord;

test('a run is read back as it was written, also through latest', () => {
  const out = mkdtempSync(join(tmpdir(), 'onpar-run-'));
  const folder = createRunFolder(out, startedAt, 's');
  folder.add({ case: 'a' } as CaseResult);
  folder.finish(record);
  expect(readFileSync(join(folder.path, 'results.jsonl'), 'utf8')).toBe('{"case":"a"}\n');
  const read = readRun(join(out, 'latest'));
  expect(read.record).toEqual(record);
  expect([...read.results]).toEqual([{ case: 'a' }]);
  expect(readRun(join(folder.path, 'run.json')).results).toHaveLength(1);
  expect(readFileSync(join(out, 'history.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test('results of many pieces are all there, in order', () => {
  const folder = createRunFolder(mkdtempSync(join(tmpdir(), 'onpar-run-')), startedAt, 's');
  const names = Array.from({ length: 5_000 }, (_, i) => `case ä ${i} ${'x'.repeat(i % 100)}`);
  for (const name of names) folder.add({ case: name } as CaseResult);
  const results = folder.finish(record);
  expect(results).toHaveLength(5_000);
  expect(Array.from(results, (one) => one.case)).toEqual(names);
});

test('two runs in the same second do not share a folder, and latest is the newer', () => {
  const out = mkdtempSync(join(tmpdir(), 'onpar-run-'));
  const [first, second] = [createRunFolder(out, startedAt, 's'), createRunFolder(out, startedAt, 's')];
  expect(first.run).toBe('20260102-030405-s');
  expect(second.run).toBe('20260102-030405-s-2');
  first.finish({ ...record, run: first.run });
  second.finish({ ...record, run: second.run });
  expect(readRun(join(out, 'latest')).record.run).toBe(second.run);
  expect(readdirSync(out).filter((f) => f.startsWith('.'))).toEqual([]);
});

test('a run that never finished cannot be reported', () => {
  const out = mkdtempSync(join(tmpdir(), 'onpar-run-'));
  const folder = createRunFolder(out, startedAt, 's');
  expect(() => readRun(folder.path)).toThrow(InputError);
});
