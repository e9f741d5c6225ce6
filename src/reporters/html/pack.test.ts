import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Answer } from '../../record.ts';
import { exampleRun, manyCases, withResult } from '../example-run.ts';
import { indexOf } from './index-of.ts';
import { chooseCases, MOST_CASES, packChunks } from './pack.ts';
import { decode91 } from './page/base91.ts';
import { fromChunk, type Chunk } from './page/chunk.ts';
import { rowsOf } from './page/rows.ts';

const opened = (cases: Parameters<typeof packChunks>[0]) =>
  [...packChunks(cases)].map((data) => fromChunk(JSON.parse(gunzipSync(decode91(data)).toString()) as Chunk));

test('every row of the index leads to its own case', () => {
  const { record, results } = manyCases(170);
  const long = results.map((result, at) =>
    at === 60 ? { ...result, messages: [{ role: 'user' as const, content: 'x'.repeat(500_000) }] } : result,
  );
  const chunks = opened(long);
  const rows = rowsOf(indexOf(record, long));
  expect(chunks.map(({ length }) => length)).toEqual([50, 10, 1, 50, 50, 9]);
  expect(rows.map(({ chunk, place }) => chunks[chunk]?.[place]?.case)).toEqual(long.map((result) => result.case));
});

test('a row says of its case what the case says of itself', () => {
  const { record, results } = withResult((result) => ({
    ...result,
    transition: 'broken',
    quarantine: { until: '2027-01-01', why: 'a flaky tool' },
    review: { decision: null, by: 'Ana', reason: '', note: 'look again', at: '2026-11-24T09:00:00Z' },
    critical: true,
    verdict: 'NEEDS_WORK',
    reason: 'below_target',
  }));
  const [row] = rowsOf(indexOf(record, results));
  const { suite, case: name, baseline, candidate, tags, quality_score, why } = results[0] ?? {};
  expect(row).toMatchObject({ suite, case: name, baseline, candidate, tags, quality_score, why, critical: true, capability: 'reasoning' });
  expect(row).toMatchObject({ transition: 'broken', isQuarantined: true, review: 'note', verdict: 'NEEDS_WORK', reason: 'below_target' });
});

test('a packed case is the case, with the beginning of the hashes of its requests', () => {
  const { results } = exampleRun();
  const shortened = (answers: Answer[]) =>
    answers.map(({ call, ...answer }) => ({
      ...answer,
      call: call === null ? null : { ...call, request: `${call.request.slice(0, 16)}…` },
    }));
  const expected = results.map((result) => {
    const { baseline, candidate } = result.answers;
    return {
      ...result,
      answers: { baseline: shortened(baseline), candidate: shortened(candidate) },
    };
  });
  expect(opened(results).flat()).toEqual(expected);
});

test('the prompt of several candidates is kept once', () => {
  const { record, results } = exampleRun();
  expect(indexOf(record, results).leads).toHaveLength(new Set(results.map(({ messages }) => messages.at(-1)?.content)).size);
});

test('a lone surrogate survives', () => {
  const { results } = withResult((result) => ({ ...result, why: 'half \uD83D' }));
  expect(opened(results)[0]?.[0]?.why).toBe('half \uD83D');
});

test('of more cases than a page holds, all failures are kept, in the order of the run', () => {
  const { results } = manyCases(200);
  const failures = results.filter(({ verdict }) => verdict !== 'PASS');
  const chosen = [...chooseCases(results, failures.length + 10)];
  expect(chosen).toHaveLength(failures.length + 10);
  expect(chosen.filter(({ verdict }) => verdict !== 'PASS')).toEqual(failures);
  expect(chosen).toEqual(results.filter((result) => chosen.includes(result)));
  expect([...chooseCases(results, 5)]).toEqual(failures.slice(0, 5));
});

test('a page never holds more than its limit, and every comparison of the run can be signed', () => {
  const { record, results } = manyCases(MOST_CASES + 3);
  const index = indexOf(record, chooseCases(results));
  expect(index.columns.name).toHaveLength(MOST_CASES);
  expect(index.comparisons.map(({ suite, candidate }) => [suite, candidate])).toEqual(
    record.verdicts.map(({ suite, candidate }) => [suite, candidate]),
  );
});
