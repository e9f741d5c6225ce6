import { expect, test } from 'vitest';
import type { Probe } from '../record.ts';
import { uptimeBounds, uptimeOf } from './uptime.ts';

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

test('bounds are exact, and failures in one stretch tell less than as many apart', () => {
  const of = (isUp: (i: number) => boolean) => uptimeBounds(Array.from({ length: 2000 }, (_, i) => isUp(i)));
  const apart = of((i) => i % 200 !== 100);
  const together = of((i) => i < 500 || i >= 510);
  expect(together.lower).toBeLessThan(apart.lower);
  expect(together.upper).toBeGreaterThan(apart.upper);
  // the tails of the binomial distribution, summed elsewhere; neighbours do not go together
  expect(apart.lower).toBeCloseTo(0.9915337, 6);
  expect(apart.upper).toBeCloseTo(0.9972849, 6);
});

test('time is watched between the probes of a series', () => {
  expect(uptimeOf(series('+++++'))[0]).toMatchObject({ probes: 5, up: 5, share: 1, observed_seconds: 240, gaps: 0, longest_outage: null });
});

test('an outage lasts until the next probe that is answered; the longest is told', () => {
  const [uptime] = uptimeOf(series('+-++---+'));
  expect(uptime).toMatchObject({ probes: 8, up: 4, outages: 2 });
  expect(uptime?.longest_outage).toEqual({ from: '2026-11-25T10:04:00.000Z', to: '2026-11-25T10:07:00.000Z', seconds: 180 });
});

test('one that is not over has no end', () => {
  expect(uptimeOf(series('++--'))[0]?.longest_outage).toEqual({ from: '2026-11-25T10:02:00.000Z', to: null, seconds: 60 });
});

test('a gap is neither up nor down, and no outage goes across it', () => {
  const [uptime] = uptimeOf(series('++-    -++'));
  expect(uptime).toMatchObject({ probes: 6, up: 4, observed_seconds: 240, gaps: 1, gap_seconds: 300, outages: 2 });
  expect(uptime?.longest_outage).toEqual({ from: '2026-11-25T10:07:00.000Z', to: '2026-11-25T10:08:00.000Z', seconds: 60 });
});

test('a probe of no series speaks for ten minutes', () => {
  expect(uptimeOf(series('+-+', null))[0]).toMatchObject({ probes: 3, observed_seconds: 120, gaps: 0, longest_outage: { seconds: 60 } });
  const [early, late] = series('+          +', null);
  expect(uptimeOf([early!, late!])[0]).toMatchObject({ observed_seconds: 0, gaps: 1, gap_seconds: 660 });
});

test('lines may come in any order, and models do not mix', () => {
  const other = series('---').map((probe) => ({ ...probe, model: 'n' }));
  const all = uptimeOf([...series('+-+').reverse(), ...other]);
  expect(all.map(({ model, share }) => ({ model, share }))).toEqual([
    { model: 'm', share: 2 / 3 },
    { model: 'n', share: 0 },
  ]);
});
