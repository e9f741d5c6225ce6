import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { exampleRun, manyCases, withResult } from '../example-run.ts';
import { chooseCases, MOST_CASES, packCases } from './pack.ts';
import type { Index } from './page/types.ts';

const unpack = (data: string): unknown => JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());

test('every row of the index leads to its own case', () => {
  const { results } = exampleRun();
  const packed = packCases(results);
  const index = unpack(packed.index) as Index;
  const chunks = packed.chunks.map(({ data }) => unpack(data) as unknown[]);
  expect(index.rows.map(({ chunk, place }) => chunks[chunk]?.[place])).toEqual(results);
});

test('the prompt of several candidates is kept once', () => {
  const { results } = exampleRun();
  const index = unpack(packCases(results).index) as Index;
  expect(index.prompts).toHaveLength(new Set(results.map(({ messages }) => JSON.stringify(messages))).size);
});

test('a lone surrogate survives', () => {
  const { results } = withResult((result) => ({ ...result, why: 'half \uD83D' }));
  expect((unpack(packCases(results).chunks[0]?.data ?? '') as { why: string }[])[0]?.why).toBe('half \uD83D');
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

test('a page never holds more than its limit', () => {
  expect(packCases(manyCases(MOST_CASES + 3).results).shown).toBe(MOST_CASES);
});
