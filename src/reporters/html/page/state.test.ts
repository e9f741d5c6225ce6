import { expect, test } from 'vitest';
import { LIST, NO_FILTERS, readHash, writeHash, type State } from './state.ts';

const key = { suite: 's/1', candidate: 'llama?3#', case: '../%2F &' };
test.each<State>([
  { filters: NO_FILTERS, page: LIST },
  { filters: { ...NO_FILTERS, q: 'a&b=c #?/%', tag: 'ä', sort: '-case', in: 'text', min: '0.5', change: 'broken' }, page: LIST },
  { filters: { ...NO_FILTERS, verdict: 'PASS' }, page: { kind: 'case', key, view: 'text' } },
  { filters: NO_FILTERS, page: { kind: 'case', key, view: 'diff' } },
  { filters: NO_FILTERS, page: { kind: 'review' } },
  { filters: NO_FILTERS, page: { kind: 'verdict', number: 12 } },
])('an address comes back as what it was made from: %j', (state) => {
  expect(readHash(writeHash(state))).toEqual(state);
});

test.each(['', '#', '#/', '#/nonsense', '#/case/only-suite', '#/verdict/x', '#/verdict/0', '#/?page=x', '#%', '#/?q', '#/?__proto__=1'])(
  'the address %j opens the list',
  (hash) => {
    expect(readHash(hash).page).toEqual(LIST);
  },
);

test('an unknown view is the text', () => {
  expect(readHash('#/case/a/b/c?view=constructor').page).toMatchObject({ view: 'text' });
});

test('a broken escape is read as it stands', () => {
  expect(readHash('#/?q=%E0%').filters.q).toBe('%E0%');
});

test('half a character in a name does not break its link', () => {
  const page = { kind: 'case', key: { suite: 's', candidate: 'c', case: '\uD83D' }, view: 'text' } as const;
  expect(writeHash({ filters: NO_FILTERS, page })).toBe('#/case/s/c/%EF%BF%BD');
});
