import { expect, test } from 'vitest';
import { render, variables } from './render.ts';

const fill = (text: string, values: Record<string, unknown> = {}) => render(text, variables(values));
const problemOf = (text: string, values: Record<string, unknown> = {}) => {
  const rendered = fill(text, values);
  return 'problem' in rendered ? rendered.problem.code : `rendered: ${rendered.text}`;
};

test.each([
  ['{{x}} & {{{x}}}', '<b>"&\' & <b>"&\''],
  ['\\frac{a}{b} and \\n', '\\frac{a}{b} and \\n'],
  ['\\{{x}} {{x}}', '{{x}} <b>"&\''],
  ['{{#if missing}}a{{else}}b{{/if}}', 'b'],
  ['{{#each list}}{{@index}}{{this}} {{/each}}', '0p 1q '],
  ['{{map.part}}{{zero}}{{empty}}', 'deep0'],
])('%s is filled in without escaping', (text, wanted) => {
  const values = { x: '<b>"&\'', list: ['p', 'q'], map: { part: 'deep' }, zero: 0, empty: '' };
  expect(fill(text, values)).toEqual({ text: wanted });
});

test.each([
  ['{{missing}}', 'suite/missing-variable'],
  ['{{nothing}}', 'suite/missing-variable'],
  ['{{map.missing}}', 'suite/missing-variable'],
  ['{{#each missing}}x{{/each}}', 'suite/missing-variable'],
  ['{{constructor}}', 'suite/missing-variable'],
  ['{{__proto__}}', 'suite/missing-variable'],
  ['{{map.constructor}}', 'suite/missing-variable'],
  ['{{list}}', 'suite/not-text'],
  ['{{map}}', 'suite/not-text'],
  ['{{x', 'suite/template-syntax'],
  ['{{#if x}}', 'suite/template-syntax'],
  ['{{x.length.y}}', 'suite/template-syntax'],
  ['{{lookup map "constructor"}}', 'suite/template-syntax'],
  ['{{log x}}', 'suite/template-syntax'],
  ['{{> partial}}', 'suite/template-syntax'],
])('%s is a problem, never an empty text', (text, code) => {
  expect(problemOf(text, { x: 'x', list: ['p'], map: { part: 'deep' }, nothing: null })).toBe(code);
});

test('a value is never a template itself', () => {
  expect(fill('{{x}}', { x: '{{y}}' })).toEqual({ text: '{{y}}' });
});
