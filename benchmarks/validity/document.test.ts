import { expect, test } from 'vitest';
import { documentOf } from './document.ts';
import { notMeasured, points, table } from './page.ts';

test('what was not measured stands in the table and in the text', () => {
  const text = documentOf([notMeasured('Does it?', 'no data', ['it does'])], 'Measured today.');
  expect(text).toContain('| it does | not measured: no data | not measured |');
  expect(text).toContain('## Does it?\n\n**Not measured in this run:** no data.');
});

test('a bar in a cell does not end it', () => {
  expect(table(['a', 'b'], [['x|y', '1']])).toBe('| a | b |\n|---|---:|\n| x\\|y | 1 |');
});

test('no difference has no sign', () => {
  expect([points(0.0123), points(-0.0123), points(-0.000001)]).toEqual(['+1.23', '−1.23', '0.00']);
});
