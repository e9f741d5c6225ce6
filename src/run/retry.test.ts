import { describe, expect, test } from 'vitest';
import { noAnswer } from '../models/answer-from-text.ts';
import type { Attempt } from './engine.ts';
import { retrying } from './retry.ts';

const of = { model: 'm', case: 'c', sample: 0, origin: 'live' as const };
const call = { request: '', recorded_at: '', attempts: 1, provenance: {}, cost_usd: null, prices: null };
const failed = (retryAfterMs: number | null = null): Attempt => ({
  answer: { ...noAnswer(of, 'server_error', 'boom'), call },
  isTransient: true,
  retryAfterMs,
});

/** Tries until the end; each try takes `tryMs`. */
async function retry(random: number, attempt: Attempt, { tries = 4, totalMs = 60_000, tryMs = 0 } = {}) {
  let time = 0;
  const pauses: number[] = [];
  const never = new AbortController().signal;
  const answer = await retrying(
    (deadline) => {
      deadline();
      time += tryMs;
      return Promise.resolve(attempt);
    },
    {
      retry: { tries, totalMs, pauseMs: 500 },
      halt: never,
      force: never,
      now: () => time,
      sleep: (ms) => {
        pauses.push(ms);
        time += ms;
        return Promise.resolve();
      },
      random: () => random,
    },
  );
  return { pauses, answer, time };
}

describe('pauses', () => {
  test.each([
    ['at their shortest', 0, [250, 500, 1000]],
    ['at their longest', 1, [500, 1000, 2000]],
  ])('are doubled and jittered between half and the whole: %s', async (_, random, pauses) => {
    expect((await retry(random, failed())).pauses).toEqual(pauses);
  });

  test.each([
    ['0', 0],
    ['1 s', 1000],
    ['20 s', 20_000],
  ])('are those of Retry-After where it says %s', async (_, ms) => {
    expect((await retry(0.5, failed(ms), { totalMs: 1e6 })).pauses).toEqual([ms, ms, ms]);
  });
});

describe('the end', () => {
  test('comes with the last try, which says how many there were', async () => {
    const { answer, pauses } = await retry(0, failed(), { tries: 2 });
    expect(pauses).toHaveLength(1);
    expect(answer).toMatchObject({ state: 'server_error', why: 'boom (2 tries)', call: { attempts: 2 } });
  });

  test('comes when another try would start too late', async () => {
    const { answer, time } = await retry(1, failed(), { tries: 99, totalMs: 10_000, tryMs: 3000 });
    expect(time).toBeLessThanOrEqual(13_000);
    expect(answer?.why).toContain('no time for another');
  });

  test('comes at once when Retry-After is longer than there is time', async () => {
    const { answer, pauses } = await retry(1, failed(3_600_000));
    expect({ pauses, attempts: answer?.call?.attempts }).toEqual({ pauses: [], attempts: 1 });
  });
});
