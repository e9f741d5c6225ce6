import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { daysUntil, retirementWarning, shutdownDates } from './shutdown-dates.ts';
import { modelFor, type Seen, serve, type TestServer, toolsFor } from './test-server.ts';

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function datesFrom(answer: (seen: Seen, response: ServerResponse) => void, ids = ['gpt-4.1', 'gpt-5']) {
  server = await serve(answer);
  const options = { base_url: `${server.origin}/v1`, api_key: 'sk-0123456789' };
  return shutdownDates(
    ids.map((id) => ({ ...modelFor('openai', id, options), name: `my-${id}` })),
    toolsFor(),
  );
}

const list = (data: unknown) => (_: Seen, response: ServerResponse) => void response.end(JSON.stringify({ object: 'list', data }));

test('dates are those of the ids, by name, after one request an endpoint', async () => {
  const data = [{ id: 'gpt-4.1', shutdown_date: '2027-01-14' }, { id: 'gpt-5', shutdown_date: null }, { id: 'o3' }, 'odd'];
  expect([...(await datesFrom(list(data)))]).toEqual([['my-gpt-4.1', '2027-01-14']]);
  expect(server?.seen.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
    ['GET', '/v1/models', 'Bearer sk-0123456789'],
  ]);
});

test.each([
  ['HTML', (_: Seen, response: ServerResponse) => void response.end('<html>')],
  ['an error', (_: Seen, response: ServerResponse) => void response.writeHead(500).end('{"error":{"message":"no"}}')],
  ['another shape', list({})],
  ['a date that is none', list([{ id: 'gpt-4.1', shutdown_date: 'soon' }])],
  ['nothing', (_: Seen, response: ServerResponse) => void response.destroy()],
])('a server that answers with %s knows no date', async (_, answer) => {
  expect((await datesFrom(answer)).size).toBe(0);
});

test('a server that says nothing is not waited for long', async () => {
  const startedAt = Date.now();
  expect((await datesFrom((_, response) => void response.write('{'))).size).toBe(0);
  expect(Date.now() - startedAt).toBeLessThan(8_000);
});

test('a model without a key, or from a file, is not asked about', async () => {
  expect(
    (await shutdownDates([modelFor('openai', 'gpt-4.1', {}), modelFor('file', 'logs', { path: 'logs.jsonl' })], toolsFor())).size,
  ).toBe(0);
});

const now = new Date('2026-11-25T23:30:00Z');

test.each([
  ['2026-11-25', 0],
  ['2026-11-26', 1],
  ['2026-10-23', -33],
  ['2027-01-14', 50],
])('%s is %d days away', (date, days) => {
  expect(daysUntil(date, now)).toBe(days);
});

test.each([
  ['2027-01-24', /in 60 days, on 2027-01-24/],
  ['2026-11-26', /in 1 day, on/],
  ['2026-11-25', /today/],
  ['2026-11-24', /was to be shut down on 2026-11-24/],
])('a model that goes on %s is warned of', (date, words) => {
  expect(retirementWarning('gpt', date, now)).toMatch(words);
});

test.each(['2027-01-25', '9999-99-99'])('one that goes on %s is not', (date) => {
  expect(retirementWarning('gpt', date, now)).toBeNull();
});
