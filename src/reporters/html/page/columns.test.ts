import { expect, test } from 'vitest';
import { exampleRun } from '../../example-run.ts';
import { fromColumns, toColumns } from './columns.ts';

const through = (values: unknown[]) => fromColumns(JSON.parse(JSON.stringify(toColumns(values))) as ReturnType<typeof toColumns>);

test.each<[string, unknown[]]>([
  ['nothing', []],
  ['plain values', [1, 'a', null, true]],
  ['objects, one of them null', [{ a: 1 }, null, { a: 2 }]],
  ['objects of different keys', [{ a: 1 }, { b: [1] }, {}, { a: null, b: [] }]],
  ['objects without keys', [{}, null, {}]],
  [
    'lists of lists',
    [
      [
        [0, 1],
        [2, 3],
      ],
      [],
      null,
      [[4, 5]],
    ],
  ],
  ['a mixture that has no columns', [[1], { a: 1 }, 'x']],
  ['a key that means something', [JSON.parse('{"__proto__": 1, "constructor": 2}')]],
])('%s come back', (_, values) => {
  expect(through(values)).toEqual(values);
});

test('the cases of a run come back', () => {
  const { results } = exampleRun();
  expect(through(results)).toEqual(results);
});
