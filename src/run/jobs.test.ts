import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../errors.ts';
import { joinJobs, openJobs } from './jobs.ts';

const place = (name = 'jobs.json') => join(mkdtempSync(join(tmpdir(), 'onpar-jobs-')), name);

test('a job is on disk from its start to its end, and two who share the file keep each their own', () => {
  const file = place();
  const [one, other] = [openJobs(file), openJobs(file)];
  one.started('deep a', 'resp_1');
  other.started('deep b', 'resp_2');
  const later = openJobs(file);
  expect(['deep a', 'deep b', 'deep c'].map(later.get)).toEqual(['resp_1', 'resp_2', null]);
  one.ended('deep a');
  one.ended('deep b');
  expect(openJobs(file).get('deep b')).toBe('resp_2');
  other.ended('deep b');
  expect(existsSync(file)).toBe(false);
  later.ended('deep a');
  expect(later.get('deep a')).toBe(null);
});

test('the open jobs of the parts of a run are those of the whole', () => {
  const [first, second, third, whole] = [place(), place(), place(), place()];
  openJobs(first).started('deep a', 'resp_1');
  openJobs(second).started('deep b', 'resp_2');
  joinJobs([first, second, third], whole);
  expect(['deep a', 'deep b'].map(openJobs(whole).get)).toEqual(['resp_1', 'resp_2']);
});

test('a file that is none of its own is bad input', () => {
  const file = place();
  writeFileSync(file, '{ "deep a": 1 }');
  expect(() => openJobs(file)).toThrow(InputError);
});
