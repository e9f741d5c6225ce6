import { expect, test } from 'vitest';
import type { Probe } from '../record.ts';
import { uptimeOf, wilson } from './uptime.ts';

const START = Date.parse('2026-11-25T10:00:00Z');
/** `++-` are probes of one series a minute apart; a blank is a minute in which nobody looked. */
const series = (marks: string, every: number | null = 60): Probe[] =>
  [...marks].flatMap((mark, minute) =>
    mark === ' '
      ? []
      : [
          {
            at: new Date(START + minute * 60_000).toISOString(),
            model: 'm',
            host: 'h',
            ok: mark === '+',
            ms: mark === '+' ? 5 : null,
            why: mark === '+' ? null : 'down',
            every_seconds: every,
          },
        ],
  );

test.each([
  // statsmodels.stats.proportion.proportion_confint(…, method="wilson")
  [4, 100, 0.015664, 0.098371],
  [100, 100, 0.963005, 1],
  [0, 1, 0, 0.793451],
])('the interval of %i of %i', (up, all, low, high) => {
  expect(wilson(up, all).low).toBeCloseTo(low, 5);
  expect(wilson(up, all).high).toBeCloseTo(high, 5);
});

test('time is watched between the probes of a series', () => {
  expect(uptimeOf(series('+++++'))[0]).toMatchObject({ probes: 5, up: 5, share: 1, observed_seconds: 240, gaps: 0, longest_outage: null });
});

test('an outage lasts until the next probe that is answered; the longest is told', () => {
  const [uptime] = uptimeOf(series('+-++---+'));
  expect(uptime).toMatchObject({ probes: 8, up: 4 });
  expect(uptime?.longest_outage).toEqual({ from: '2026-11-25T10:04:00.000Z', to: '2026-11-25T10:07:00.000Z', seconds: 180 });
});

test('one that is not over has no end', () => {
  expect(uptimeOf(series('++--'))[0]?.longest_outage).toEqual({ from: '2026-11-25T10:02:00.000Z', to: null, seconds: 60 });
});

test('a gap is neither up nor down, and no outage goes across it', () => {
  const [uptime] = uptimeOf(series('++-    -++'));
  expect(uptime).toMatchObject({ probes: 6, up: 4, observed_seconds: 240, gaps: 1, gap_seconds: 300 });
  expect(uptime?.longest_outage).toEqual({ from: '2026-11-25T10:07:00.000Z', to: '2026-11-25T10:08:00.000Z', seconds: 60 });
});

test('single probes watch no time and make no gaps', () => {
  expect(uptimeOf(series('+-+', null))[0]).toMatchObject({
    probes: 3,
    observed_seconds: 0,
    gaps: 0,
    longest_outage: { to: null, seconds: 0 },
  });
});

test('lines may come in any order, and models do not mix', () => {
  const other = series('---').map((probe) => ({ ...probe, model: 'n' }));
  const all = uptimeOf([...series('+-+').reverse(), ...other]);
  expect(all.map(({ model, share }) => ({ model, share }))).toEqual([
    { model: 'm', share: 2 / 3 },
    { model: 'n', share: 0 },
  ]);
});
