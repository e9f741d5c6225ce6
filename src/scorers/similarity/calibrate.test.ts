import { expect, test } from 'vitest';
import { calibrate as open } from './calibrate.ts';
import { type Measure, openMeasures } from './measures.ts';

/** Of all cases, in order; from columns, as in a run. */
function calibrate(measures: Measure[]) {
  const columns = openMeasures(measures.length);
  measures.forEach((measure, i) => columns.put(i, measure));
  return measures.map((_, i) => open(columns)(i));
}

const measure = (changes: Partial<Measure>): Measure => ({ raw: 0.7, echo: 0.4, cross: 0.1, own: 0.8, ...changes });

test('half case, half suite mean is the ceiling; the larger of echo and other cases is the floor', () => {
  const parts = calibrate([measure({ own: 0.8 }), measure({ own: 0.6, raw: 0.5, cross: 0.45 })]);
  expect(parts[0]).toMatchObject({
    raw: 0.7,
    floor: 0.4,
    ceiling: expect.closeTo(0.75, 12) as number,
    value: expect.closeTo(0.3 / 0.35, 12) as number,
  });
  expect(parts[1]).toMatchObject({ floor: 0.45, ceiling: expect.closeTo(0.65, 12) as number, value: expect.closeTo(0.25, 12) as number });
});

test('a case with one sample takes the suite mean; a suite with one each asks for 1', () => {
  expect(calibrate([measure({ own: 0.8 }), measure({ own: null })])[1]!.ceiling).toBeCloseTo(0.8, 12);
  expect(calibrate([measure({ own: null })])[0]).toMatchObject({ ceiling: 1, value: expect.closeTo(0.5, 12) as number });
});

test('above the ceiling is 1, below the floor is 0', () => {
  expect(calibrate([measure({ raw: 0.95 }), measure({ raw: -0.2 })]).map(({ value }) => value)).toEqual([1, 0]);
});

test('a range below a quarter of the median is not informative, whatever the answer earned', () => {
  const parts = calibrate([measure({}), measure({}), measure({}), measure({ echo: 0.71 }), measure({ echo: 0.69 })]);
  expect(parts.map(({ value }) => value === null)).toEqual([false, false, false, true, false]);
});

test('a suite whose prompts are the answers is not informative at all', () => {
  expect(calibrate([measure({ echo: 0.8, raw: 0.9 }), measure({ echo: 0.9 })]).map(({ value }) => value)).toEqual([null, null]);
});

test('without a sample, or without an answer, there is no value', () => {
  const none: Measure = { raw: null, echo: null, cross: null, own: null };
  const parts = calibrate([none, measure({ raw: null }), measure({})]);
  expect(parts[0]).toEqual({ value: null, raw: null, floor: null, ceiling: null });
  expect(parts[1]).toMatchObject({ value: null, raw: null, floor: 0.4, ceiling: expect.closeTo(0.8, 12) as number });
  expect(parts[2]!.value).toBeCloseTo(0.75, 12);
});

test('no case gives no result', () => {
  expect(calibrate([])).toEqual([]);
});
