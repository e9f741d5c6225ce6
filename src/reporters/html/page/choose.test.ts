import { expect, test } from 'vitest';
import { chooseRows, searchable } from './choose.ts';
import { NO_FILTERS, type Filters } from './state.ts';
import type { Index, Row } from './types.ts';

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
  ...{ quality_score: { baseline: 1, candidate }, prompt: 0, chunk: 0, place: 0 },
  ...more,
});
const index: Index = {
  prompts: [
    { text: 'Say hello\nto Ana', lead: 'Say hello' },
    { text: 'Count to TEN', lead: 'Count' },
  ],
  rows: [
    row('fine-2', 0.2, { verdict: 'PASS', reason: null }),
    row('half', 0.5, { tags: ['algebra'], prompt: 1 }),
    row('zero', 0, { suite: 't', candidate: 'd', reason: 'empty' }),
    row('zero-critical', 0, { critical: true }),
    row('none', null, { complete: false, reason: 'unreachable' }),
    row('fine-10', 0.9, { verdict: 'PASS', reason: null }),
  ],
};
const names = (filters: Partial<Filters>) =>
  chooseRows(index.rows, { ...NO_FILTERS, ...filters }, searchable(index)).map((chosen) => chosen.case);

test('the worst come first: not judged, then the farthest below the baseline, and what passed last', () => {
  expect(names({})).toEqual(['none', 'zero-critical', 'zero', 'half', 'fine-2', 'fine-10']);
  expect(names({ sort: '-worst' })).toEqual(['fine-10', 'fine-2', 'half', 'zero', 'zero-critical', 'none']);
});

test('names sort by the numbers in them', () => {
  expect(names({ sort: 'case', verdict: 'PASS' })).toEqual(['fine-2', 'fine-10']);
});

test('the order of the run is kept when asked for, and an unknown order is the default', () => {
  expect(names({ sort: 'order' })).toEqual(index.rows.map((one) => one.case));
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
  ['all of them at once', { q: 'ana', verdict: 'NEEDS_WORK', reason: 'empty' }, ['zero']],
  ['what nobody has', { q: 'oracle' }, []],
])('filters by %s', (_, filters, expected) => {
  expect(names(filters)).toEqual(expected);
});
