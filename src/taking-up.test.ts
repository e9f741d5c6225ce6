import { expect, test } from 'vitest';
import type { Jobs } from './run/jobs.ts';
import type { Recording } from './run/recordings.ts';
import { isSettled } from './taking-up.ts';

const jobs = { get: (key: string) => (key === 'deep aa' ? 'resp_1' : null) } as Jobs;
const answer = (request: string, state: Recording['state']) => ({ entry: 'deep', request, state }) as Recording;

test.each([
  ['an answer', answer('aa', 'ok'), true, true],
  ['an empty one', answer('aa', 'empty'), true, true],
  ['an error', answer('bb', 'timed_out'), true, false],
  ['an error whose job runs on', answer('aa', 'timed_out'), false, false],
])('%s is kept by --resume, by --retry-errors', (_, recording, byResume, byRetry) => {
  expect([isSettled(recording, jobs, false), isSettled(recording, jobs, true)]).toEqual([byResume, byRetry]);
});
