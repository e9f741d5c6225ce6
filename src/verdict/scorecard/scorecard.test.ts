import { expect, test } from 'vitest';
import type { Agent, KpiRow, MigrationMap, Probe, Scorecard, Verdict } from '../../record.ts';
import { shareBounds } from '../binomial.ts';
import type { Evidence, Measured, Watched, Work } from './evidence.ts';
import { isLoopback } from './privacy.ts';
import { ratioOfSums, typicalRatio } from './ratio.ts';
import { scorecardOf } from './scorecard.ts';

const agent: Agent = {
  name: 'summary',
  description: null,
  capability: 'general',
  today: 'old',
  candidate: 'new',
  fallback: null,
  suites: ['small'],
  parity_target: 0.95,
  phase: 1,
  critical: false,
  claimed: null,
  at: { file: 'migration.yaml', line: 1, column: 1 },
};
const targets = { speed: 3, uptime: { share: 0.995, hours: 24 }, cost_reduction: 0.8, local_hosts: [] };
const nothing: Evidence = { measured: [], watched: [], probes: null };
const cardOf = (evidence: Partial<Evidence>, agents: Agent[] = [agent], local_hosts: string[] = []): Scorecard =>
  scorecardOf({ file: 'migration.yaml', targets: { ...targets, local_hosts }, agents } satisfies MigrationMap, { ...nothing, ...evidence });
const rowOf = (card: Scorecard, kpi: string): KpiRow => {
  const found = card.rows.find((row) => row.kpi === kpi);
  if (!found) throw new Error(`no row ${kpi}`);
  return found;
};

function measured(bounds: [number, number, number], more: Partial<Measured> = {}, verdict: Partial<Verdict> = {}): Measured {
  const [lower, parity, upper] = bounds;
  const told = {
    suite: 'small',
    baseline: 'old',
    candidate: 'new',
    parity,
    lower,
    upper,
    n: 40,
    parity_target: 0.95,
    reason: null,
    cases_to_settle: null,
  };
  return {
    verdict: { ...told, ...verdict } as Verdict,
    run: 'r1',
    path: 'reports/r1/run.json',
    finishedAt: '2026-11-25T10:00:00Z',
    stale: null,
    work: [],
    ...more,
  };
}
const effort = (total_ms: number | null, tokens_per_second: number | null, cost_usd: number | null) => ({
  total_ms,
  tokens_per_second,
  cost_usd,
});
const work = (n: number, of: (i: number) => Work): Work[] => Array.from({ length: n }, (_, i) => of(i));

test('bounds of a share are exact: 598 probes without a failure show 99.5 %, 597 do not', () => {
  expect(shareBounds(598, 598).lower).toBeGreaterThanOrEqual(0.995);
  expect(shareBounds(597, 597).lower).toBeLessThan(0.995);
  expect(shareBounds(598, 598).upper).toBe(1);
  // of ten, eight or more have probability 5 % at the lower, eight or fewer at the upper
  expect(shareBounds(8, 10).lower).toBeCloseTo(0.4930987, 6);
  expect(shareBounds(8, 10).upper).toBeCloseTo(0.9632284, 6);
});

test('ratios have the bounds of their worked numbers', () => {
  expect(typicalRatio([2, 8])?.value).toBeCloseTo(4, 12);
  expect(typicalRatio([2, 8])?.lower).toBeCloseTo(0.0503, 4);
  expect(typicalRatio([5])).toEqual({ value: 5, lower: null, upper: null });
  expect(typicalRatio([])).toBeNull();
  const sums = ratioOfSums([1, 2, 3].map((under) => ({ over: under / 2, under })));
  expect([sums?.value, sums?.lower, sums?.upper].map((one) => one?.toFixed(9))).toEqual(['0.500000000', '0.500000000', '0.500000000']);
  expect(ratioOfSums([{ over: 1, under: 0 }])).toBeNull();
});

test('quality is judged by its bounds against the target of the map', () => {
  const verdictOf = (bounds: [number, number, number], more?: Partial<Measured>, verdict?: Partial<Verdict>) => {
    const { verdict: told, reason, value } = rowOf(cardOf({ measured: [measured(bounds, more, verdict)] }), 'quality');
    return [told, reason, value];
  };
  expect(verdictOf([0.95, 0.97, 1])).toEqual(['PASS', null, 0.97]);
  expect(verdictOf([0.9, 0.97, 1])).toEqual(['NEEDS_WORK', 'inconclusive', 0.97]);
  expect(verdictOf([0.8, 0.9, 0.94])).toEqual(['NEEDS_WORK', 'below_target', 0.9]);
  // a run that passed its suite's own, lower target does not pass the map's
  expect(verdictOf([0.86, 0.9, 0.94], {}, { parity_target: 0.85, verdict: 'PASS' })).toEqual(['NEEDS_WORK', 'below_target', 0.9]);
  expect(verdictOf([0.96, 0.97, 1], {}, { reason: 'incomplete' })).toEqual(['NEEDS_WORK', 'incomplete', 0.97]);
  expect(verdictOf([0.96, 0.97, 1], {}, { reason: 'critical_case' })).toEqual(['NEEDS_WORK', 'critical_case', 0.97]);
  expect(verdictOf([0.96, 0.97, 1], { stale: 'the suite has changed since' })).toEqual(['NOT_MEASURED', null, null]);
});

test('a pair that nobody measured says whose runs there are', () => {
  const row = rowOf(cardOf({ measured: [measured([1, 1, 1], {}, { candidate: 'other' })] }), 'quality');
  expect([row.verdict, row.sources]).toEqual(['NOT_MEASURED', []]);
  expect(row.why).toContain('old → other');
});

test('speed is a ratio paired by case, and cost one of sums', () => {
  const quick = work(12, (i) => ({ baseline: effort(4000 + i, 10, 0.02), candidate: effort(1000 + i, 35 + (i % 3), 0.001) }));
  const card = cardOf({ measured: [measured([1, 1, 1], { work: quick })] });
  expect(rowOf(card, 'total_time')).toMatchObject({ verdict: 'PASS', n: 12 });
  expect(rowOf(card, 'total_time').value).toBeCloseTo(3.98, 2);
  expect(rowOf(card, 'tokens_per_second')).toMatchObject({ verdict: 'PASS' });
  expect(rowOf(card, 'cost')).toMatchObject({ verdict: 'PASS', n: 12 });
  expect(rowOf(card, 'cost').value).toBeCloseTo(0.95, 12);
  const same = work(12, (i) => ({ baseline: effort(1000 + i, 10, 0.02), candidate: effort(1000 + i, 10, 0.02) }));
  const slow = cardOf({ measured: [measured([1, 1, 1], { work: same })] });
  expect(rowOf(slow, 'total_time')).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target', value: 1 });
  expect(rowOf(slow, 'cost')).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target', value: 0 });
});

test('answers without timings have no speed, and say whose they are', () => {
  const untimed = work(3, () => ({ baseline: effort(null, null, null), candidate: effort(100, 10, null) }));
  const row = rowOf(cardOf({ measured: [measured([1, 1, 1], { work: untimed })] }), 'total_time');
  expect(row).toMatchObject({ verdict: 'NOT_MEASURED', value: null, lower: null });
  expect(row.why).toContain('answers of the baseline do not tell their time');
});

const probes = (n: number, isUp: (i: number) => boolean, every = 60): Probe[] =>
  Array.from({ length: n }, (_, i) => ({
    at: new Date(Date.UTC(2026, 10, 1) + i * every * 1000).toISOString(),
    model: 'new',
    host: '127.0.0.1',
    ok: isUp(i),
    ms: 5,
    why: null,
    every_seconds: every,
  }));
const uptime = (lines: Probe[]) => rowOf(cardOf({ probes: { path: 'reports/probes.jsonl', lines, unreadable: 0 } }), 'uptime');

test('uptime needs its hours, and a bound that reaches the target', () => {
  expect(uptime(probes(2000, () => true))).toMatchObject({
    verdict: 'PASS',
    value: 1,
    n: 2000,
    sources: [{ path: 'reports/probes.jsonl' }],
  });
  expect(uptime(probes(1000, () => true))).toMatchObject({ verdict: 'NOT_MEASURED', value: null });
  expect(uptime(probes(100, () => true, 1800))).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'inconclusive', value: 1 });
  expect(uptime(probes(2000, (i) => i % 10 !== 0))).toMatchObject({ verdict: 'NEEDS_WORK', reason: 'below_target' });
  expect(uptime(probes(2000, () => true).map((one) => ({ ...one, model: 'other' })))).toMatchObject({ verdict: 'NOT_MEASURED' });
});

const watched = (more: Partial<Watched>): Watched => ({
  model: 'new',
  run: 'r2',
  path: 'reports/r2/run.json',
  finishedAt: '2026-11-25T10:00:00Z',
  hosts: [],
  egress: undefined,
  live: ['new'],
  ...more,
});
const sent = (host: string, purpose: string, bytes_out: number) => ({
  host,
  address: null,
  purpose,
  bytes_out,
  bytes_in: 1,
  loopback: isLoopback(host),
});

test('privacy is what the ledger says of the candidate, or else the hosts', () => {
  const of = (more: Partial<Watched>, local: string[] = []) => {
    const { verdict, value } = rowOf(cardOf({ watched: [watched(more)] }, [agent], local), 'privacy');
    return [verdict, value];
  };
  expect(of({ egress: [sent('127.0.0.1:1234', 'model new', 900)] })).toEqual(['PASS', 1]);
  expect(of({ egress: [sent('127.0.0.1:1234', 'model new', 900), sent('api.example', 'model new', 100)] })).toEqual(['NEEDS_WORK', 0.9]);
  // the baseline is somewhere else by its nature
  expect(of({ live: ['old', 'new'], egress: [sent('::1', 'model new', 9), sent('api.openai.com', 'model old', 100)] })).toEqual([
    'PASS',
    1,
  ]);
  expect(of({ egress: [sent('gpu-1.example', 'model new', 9)] }, ['gpu-1.example'])).toEqual(['PASS', 1]);
  expect(of({ egress: [] })).toEqual(['NOT_MEASURED', null]);
  expect(of({ hosts: ['localhost:1234'] })).toEqual(['PASS', 1]);
  expect(of({ hosts: ['api.example'] })).toEqual(['NEEDS_WORK', 0]);
  expect(of({ hosts: ['localhost:1234', 'api.openai.com'], live: ['old', 'new'] })).toEqual(['NOT_MEASURED', null]);
  expect(rowOf(cardOf({}), 'privacy').verdict).toBe('NOT_MEASURED');
});

test.each([
  ['127.0.0.1:80', true],
  ['127.8.9.10', true],
  ['[::1]:1234', true],
  ['::1', true],
  ['LOCALHOST', true],
  ['127.0.0.1.example.org', false],
  ['localhost.example.org', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (host, is) => expect(isLoopback(host)).toBe(is));

test('ready needs every suite and nothing against it; the order is phase, then readiness', () => {
  const agents: Agent[] = [
    { ...agent, name: 'late', phase: 2, critical: true },
    { ...agent, name: 'falls', suites: ['other'] },
    { ...agent, name: 'unknown', suites: ['small', 'nobody'] },
    { ...agent, name: 'good' },
    { ...agent, name: 'bare', phase: 0, suites: [] },
  ];
  const found = [measured([0.96, 0.97, 1]), measured([0.1, 0.2, 0.3], {}, { suite: 'other' })];
  const card = cardOf({ measured: found }, agents);
  expect(card.agents.map(({ order, agent: name, readiness, waits_for }) => [order, name, readiness, waits_for])).toEqual([
    [1, 'bare', 'cannot_tell', []],
    [2, 'good', 'ready', []],
    [3, 'unknown', 'cannot_tell', []],
    [4, 'falls', 'not_ready', []],
    [5, 'late', 'ready', ['falls', 'unknown']],
  ]);
  expect(card.agents[1]?.not_measured).toEqual(['total_time', 'tokens_per_second', 'cost', 'uptime', 'privacy']);
  expect(card.exit_code).toBe(1);
});

test('an agent whose suite passes is held back by a figure that falls short', () => {
  const same = work(12, () => ({ baseline: effort(1000, 10, 0.02), candidate: effort(1000, 10, 0.02) }));
  expect(cardOf({ measured: [measured([0.96, 0.97, 1], { work: same })] }).agents[0]?.readiness).toBe('not_ready');
});

test('a fallback is shown and decides nothing', () => {
  const withFallback = { ...agent, fallback: 'spare' };
  const card = cardOf({ measured: [measured([0.96, 0.97, 1]), measured([0.1, 0.2, 0.3], {}, { candidate: 'spare' })] }, [withFallback]);
  expect(card.rows.filter(({ kpi }) => kpi === 'quality').map(({ role, candidate, verdict }) => [role, candidate, verdict])).toEqual([
    ['candidate', 'new', 'PASS'],
    ['fallback', 'spare', 'NEEDS_WORK'],
  ]);
  expect([card.agents[0]?.readiness, card.exit_code]).toEqual(['ready', 3]);
});

test('all PASS ends with 0, and nothing at all with 3', () => {
  const quick = work(30, (i) => ({ baseline: effort(4000 + i, 10, 0.02), candidate: effort(1000, 40 + (i % 2), 0.001) }));
  const all = {
    measured: [measured([0.96, 0.97, 1], { work: quick })],
    watched: [watched({ hosts: ['127.0.0.1'] })],
    probes: { path: 'p', lines: probes(2000, () => true), unreadable: 0 },
  };
  expect(cardOf(all).exit_code).toBe(0);
  expect(cardOf(all).summary.map(({ verdict }) => verdict)).toEqual(['PASS', 'PASS', 'PASS', 'PASS', 'PASS', 'PASS']);
  expect([cardOf({}).exit_code, cardOf({}).as_of]).toEqual([3, null]);
  expect(cardOf({}, []).exit_code).toBe(3);
});
