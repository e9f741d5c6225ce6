import { expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';
import { costReport } from './report.ts';

const strategy = { baseline_usd_per_month: 1500, local_usd_per_month: 800, hardware_usd: 8000, development_usd: 15000 };

test('savings, break-even and present value of the worked numbers', () => {
  const { break_even_months, npv_usd, ...rest } = outcomeOf({ ...strategy, horizon_years: 5, discount_rate: 0.08 });
  expect(rest).toEqual({
    baseline_usd_per_month: 1500,
    local_usd_per_month: 800,
    savings_usd_per_month: 700,
    cost_reduction: 700 / 1500,
    investment_usd: 23_000,
  });
  expect(break_even_months).toBeCloseTo(32.857, 3);
  expect(npv_usd).toBeCloseTo(11_751.43, 2);
});

test('a value at 0 % is the plain sum', () => {
  expect(outcomeOf({ ...strategy, horizon_years: 5, discount_rate: 0 }).npv_usd).toBe(60 * 700 - 23_000);
});

test('use and prices make the bill, hours and watts the machine', () => {
  const use = { requests_per_month: 1000, input_tokens_per_request: 500, output_tokens_per_request: 250 };
  const prices = { input_usd_per_million: 2, output_usd_per_million: 8 };
  const machine = { machine_usd_per_hour: 0.001, machine_hours_per_month: 100, machine_watts: 500, usd_per_kwh: 0.02 };
  const outcome = outcomeOf({ ...use, ...prices, ...machine });
  expect(outcome.baseline_usd_per_month).toBeCloseTo(3, 12);
  expect(outcome.local_usd_per_month).toBeCloseTo(0.1 + 1, 12);
});

test('hardware that wears out is bought again, in the value and in the break-even', () => {
  const values = {
    baseline_usd_per_month: 100,
    hardware_usd: 1500,
    hardware_years: 1,
    development_usd: 0,
    horizon_years: 3,
    discount_rate: 0,
  };
  // 1,200 a year never pays for 1,500 a year
  expect(outcomeOf(values)).toMatchObject({ break_even_months: null, npv_usd: 3600 - 4500 });
  // 900 a year, of which 300 stay: 300 more for development are earned in the second year
  expect(outcomeOf({ ...values, hardware_usd: 900, development_usd: 400 }).break_even_months).toBe(22);
});

test('what costs more than today never pays', () => {
  expect(outcomeOf({ ...strategy, local_usd_per_month: 1500 }).break_even_months).toBeNull();
  expect(outcomeOf({ ...strategy, local_usd_per_month: 2000 }).savings_usd_per_month).toBe(-500);
  expect(outcomeOf({ baseline_usd_per_month: 0, local_usd_per_month: 1 }).cost_reduction).toBeNull();
});

test('best and worst are the best and the worst of all ends together', () => {
  // at the worst bill a longer horizon loses more, at the middle one it earns more
  const inputs = {
    baseline_usd_per_month: { low: 500, high: 1500 },
    local_usd_per_month: { low: 800, high: 800 },
    horizon_years: { low: 1, high: 10 },
  };
  const { best, worst } = costReport({ file: 'cost.yaml', inputs, from: {}, claimed: null });
  expect([best.npv_usd, worst.npv_usd]).toEqual([120 * 700, 120 * -300]);
});

test('the widest input comes first, and a range is moved over its own ends', () => {
  const one = (value: number) => ({ low: value, high: value });
  const inputs = {
    baseline_usd_per_month: one(100),
    local_usd_per_month: one(10),
    hardware_usd: { low: 0, high: 500 },
    horizon_years: one(1),
  };
  const report = costReport({ file: 'cost.yaml', inputs, from: {}, claimed: null });
  expect(report.sensitivity.map(({ input, low, high, assumed }) => [input, low, high, assumed])).toEqual([
    ['hardware_usd', 0, 500, false],
    ['baseline_usd_per_month', 80, 120, true],
    ['horizon_years', 0.8, 1.2, true],
    ['local_usd_per_month', 8, 12, true],
  ]);
  expect([report.best.npv_usd, report.middle.npv_usd, report.worst.npv_usd]).toEqual([1080, 830, 580]);
});
