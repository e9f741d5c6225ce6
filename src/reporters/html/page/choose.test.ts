import { expect, test } from 'vitest';
import { chooseRows, searchable } from './choose.ts';
import { NO_FILTERS, type Filters } from './state.ts';
import type { Row } from './types.ts';

const row = (name: string, candidate: number | null, more: Partial<Row> = {}): Row => ({
  ...{
    suite: 's',
    case: name,
    baseline: 'b',
    candidate: 'c',
    tags: [],
    verdict: 'NEEDS_WORK',
    reason: 'below_target',
    why: '',
    complete: true,
    critical: false,
  },
  ...{ quality_score: { baseline: 1, candidate }, chunk: 0, place: 0, capability: 'general', transition: null },
  ...{ isQuarantined: false, review: null, lead: 'Say hello to Ana' },
  ...more,
});
const rows = [
  row('fine-2', 0.2, { verdict: 'PASS', reason: null }),
  row('half', 0.5, { tags: ['algebra'], lead: 'Count to TEN', capability: 'code' }),
  row('zero', 0, { suite: 't', candidate: 'd', reason: 'empty', transition: 'broken' }),
  row('zero-critical', 0, { critical: true }),
  row('none', null, { complete: false, reason: 'unreachable' }),
  row('fine-10', 0.9, { verdict: 'PASS', reason: null, review: 'accept' }),
];
const sources = { textOf: searchable(rows), found: new Set<Row>(), isReviewed: ({ review }: Row) => review !== null };
const names = (filters: Partial<Filters>, found = sources.found) =>
  chooseRows(rows, { ...NO_FILTERS, ...filters }, { ...sources, found }).map((chosen) => chosen.case);

test('the worst come first: not judged, then the farthest below the baseline, and what passed last', () => {
  expect(names({})).toEqual(['none', 'zero-critical', 'zero', 'half', 'fine-2', 'fine-10']);
  expect(names({ sort: '-worst' })).toEqual(['fine-10', 'fine-2', 'half', 'zero', 'zero-critical', 'none']);
});

test('names sort by the numbers in them', () => {
  expect(names({ sort: 'case', verdict: 'PASS' })).toEqual(['fine-2', 'fine-10']);
});

test('the order of the run is kept when asked for, and an unknown order is the default', () => {
  expect(names({ sort: 'order' })).toEqual(rows.map((one) => one.case));
  expect(names({ sort: 'constructor' })).toEqual(names({}));
});

test.each<[string, Partial<Filters>, string[]]>([
  ['verdict', { verdict: 'PASS' }, ['fine-2', 'fine-10']],
  ['suite', { suite: 't' }, ['zero']],
  ['candidate', { candidate: 'd' }, ['zero']],
  ['reason', { reason: 'unreachable' }, ['none']],
  ['tag', { tag: 'algebra' }, ['half']],
  ['words of the prompt, whatever their case and order', { q: 'ten count' }, ['half']],
  ['words of the name', { q: 'CRITICAL' }, ['zero-critical']],
  ['capability', { capability: 'code' }, ['half']],
  ['change since the last run', { change: 'broken' }, ['zero']],
  ['what was looked at', { review: 'any' }, ['fine-10']],
  ['what was not', { review: 'none', verdict: 'PASS' }, ['fine-2']],
  ['a range of scores, which an unknown score is not in', { min: '0', max: '0.5' }, ['zero-critical', 'zero', 'half', 'fine-2']],
  ['one end of a range', { min: '0.5' }, ['half', 'fine-10']],
  ['what is no number not at all', { min: 'x', verdict: 'PASS' }, ['fine-2', 'fine-10']],
  ['all of them at once', { q: 'ana', verdict: 'NEEDS_WORK', reason: 'empty' }, ['zero']],
  ['what nobody has', { q: 'oracle' }, []],
])('filters by %s', (_, filters, expected) => {
  expect(names(filters)).toEqual(expected);
});

test('what was found in whole texts is listed beside what the list itself holds', () => {
  expect(names({ q: 'ten' }, new Set(rows.slice(0, 1)))).toEqual(['half', 'fine-2']);
});
