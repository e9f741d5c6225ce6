import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { bars, escapeXml, linePanels, scatter, strips } from './charts.ts';

const axis = { title: 'a & b', from: 0, to: 1, ticks: [0, 1], show: (value: number) => `<${value}>` };
const nasty = 'R&D <b> "x" \u0007 \ud800';

test('what is drawn is XML whatever the names are', () => {
  const charts = [
    bars(nasty, [{ name: nasty, value: 0.3 }], 0.5),
    scatter(nasty, [{ name: nasty, x: 0.5, y: 0.5 }], axis, axis),
    strips(nasty, [{ name: nasty, values: [0.1, 0.2], mean: 0.15, interval: null }], axis, 0.5),
    linePanels(nasty, [{ title: nasty, series: [{ name: nasty, points: [[0, 1]] }] }], axis, axis, 0.5),
  ];
  for (const svg of charts) {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toContain('<b>');
    expect(svg).not.toContain('NaN');
  }
});

test('text is escaped for tags and attributes, and what XML forbids is replaced', () => {
  expect(escapeXml('a<b & "c">\u0000')).toBe('a&lt;b &amp; &quot;c&quot;&gt;\ufffd');
  expect(escapeXml('\ud800 😀')).toBe('\ufffd 😀');
});

test('the same values give the same bytes', () => {
  const draw = () => bars('t', [{ name: 'n', value: 1 / 3 }], null);
  expect(draw()).toBe(draw());
});
