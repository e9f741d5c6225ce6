import { expect, test } from 'vitest';
import { NO_FILTERS, readHash, writeHash, type State } from './state.ts';

test.each<State>([
  { filters: NO_FILTERS, page: 1, open: null },
  { filters: { ...NO_FILTERS, q: 'a&b=c #?/%', tag: 'ä', sort: '-case' }, page: 7, open: null },
  { filters: { ...NO_FILTERS, verdict: 'PASS' }, page: 1, open: { suite: 's/1', candidate: 'llama?3#', case: '../%2F &' } },
])('an address comes back as what it was made from: %j', (state) => {
  expect(readHash(writeHash(state))).toEqual(state);
});

test.each(['', '#', '#/', '#/nonsense', '#/case/only-suite', '#/?page=-3', '#/?page=x', '#%', '#/?q', '#/?__proto__=1'])(
  'the address %j opens the list',
  (hash) => {
    expect(readHash(hash)).toMatchObject({ page: 1, open: null });
  },
);

test('a broken escape is read as it stands', () => {
  expect(readHash('#/?q=%E0%').filters.q).toBe('%E0%');
});

test('half a character in a name does not break its link', () => {
  expect(writeHash({ filters: NO_FILTERS, page: 1, open: { suite: 's', candidate: 'c', case: '\uD83D' } })).toBe('#/case/s/c/%EF%BF%BD');
});
