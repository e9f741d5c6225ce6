import { describe, expect, test } from 'vitest';
import { readAnswer, readPart } from './read.ts';

const read = { json: 'answer' };

describe('a JSON answer is read on the first rung that works', () => {
  test.each([
    ['bare JSON', '{"reasoning": "r", "answer": "42"}', '42', 'strict'],
    ['a number keeps its digits', '{"answer": 42}', '42', 'strict'],
    ['a list stays JSON', '{"answer": [1, "a"]}', '[1,"a"]', 'strict'],
    ['true', '{"answer": true}', 'true', 'strict'],
    ['an empty text is an answer', '{"answer": ""}', '', 'strict'],
    ['a fence', '```json\n{"answer": "42"}\n```', '42', 'fenced'],
    ['a fence after chatter', 'Sure!\n```json\n{"answer": "42"}\n```\nDone.', '42', 'fenced'],
    ['the last of two fences', '```json\n{"answer": "1"}\n```\nNo:\n```json\n{"answer": "2"}\n```', '2', 'fenced'],
    ['an object in a sentence', 'The result is {"answer": "42"} as asked.', '42', 'extracted'],
    ['the last object that has the key', '{"answer": "1"} then {"answer": "2"} and {"x": 3}', '2', 'extracted'],
    ['a fence that is cut off', '```json\n{"answer": "42"}', '42', 'extracted'],
    ['raw newlines', '```json\n{"reasoning": "a\nb", "answer": "42"}\n```', '42', 'repaired'],
    ['LaTeX backslashes', '```json\n{"reasoning": "\\(x\\)", "answer": "\\sqrt{2}"}\n```', '\\sqrt{2}', 'repaired'],
    ['LaTeX that is valid JSON by accident', '{"answer": "\\frac{1}{2} \\times \\beta"}', '\\frac{1}{2} \\times \\beta', 'strict'],
    ['a real newline stays one', '{"answer": "a\\nb"}', 'a\nb', 'strict'],
    ['single quotes and a trailing comma', "{'answer': '42',}", '42', 'repaired'],
    ['a cut-off object', '{"reasoning": "long", "answer": "42"', '42', 'repaired'],
    ['bare quotes in another field', '{"reasoning": "the "best" way", "answer": "42"}', '42', 'repaired'],
    ['no JSON but a boxed answer', 'So the final answer is $\\boxed{\\frac{1}{2}}$.', '\\frac{1}{2}', 'extracted'],
    ['no object at all', 'The answer is 42.', '', 'none'],
    ['an object without the key', '{"result": "42"}', '', 'none'],
    ['nothing', '', '', 'none'],
    ['a number keeps its last zero', '{"answer": 1.50}', '1.50', 'strict'],
    ['a long number keeps all digits', '{"answer": 12345678901234567890}', '12345678901234567890', 'strict'],
    ['numbers in a list, too', '{"answer": [1.0, {"a": 2.50}]}', '[1.0,{"a":2.50}]', 'strict'],
    ['digits in a text are left alone', '{"answer": "a 1.50 \\"2.0\\""}', 'a 1.50 "2.0"', 'strict'],
    ['a tuple of Python', '{"answer": (1, (2, 3))}', '(1, (2, 3))', 'repaired'],
    ['an escaped single quote', '{"answer": "it\\\'s"}', "it's", 'repaired'],
    ['single quotes with one inside', "{'answer': 'it\\'s'}", "it's", 'repaired'],
    ['None', '{"answer": None}', 'null', 'repaired'],
  ])('%s', (_, answer, text, rung) => {
    expect(readAnswer(answer, read)).toEqual({ text, rung });
  });
});

test('a path goes into nested objects, and never into what is inherited', () => {
  expect(readAnswer('{"a": {"b": "c"}}', { json: 'a.b' })).toEqual({ text: 'c', rung: 'strict' });
  expect(readAnswer('{"a": 1}', { json: 'constructor.name' })).toEqual({ text: '', rung: 'none' });
});

test('without `read` the whole answer is judged', () => {
  expect(readAnswer('as it is', null)).toEqual({ text: 'as it is', rung: 'whole' });
});

test('`after` takes what follows the last marker', () => {
  expect(readAnswer('Answer: 1\nanswer: 2', { after: 'Answer:' })).toEqual({ text: '2', rung: 'extracted' });
  expect(readAnswer('none here', { after: 'Answer:' })).toEqual({ text: '', rung: 'none' });
});

test('a huge broken answer is read in bounded work', () => {
  const broken = `{"reasoning": "${'{"'.repeat(200_000)}`;
  expect(readAnswer(broken, read).rung).toBe('none');
});

test.each([
  ['{"reasoning": "5", "answer": "5", "sure": "5"}', read, 30],
  ['{"answer": 5}', read, 11],
  ['so \\boxed{7} and 7', read, 10],
  ['{"answer": "a\\nb"}', read, null],
  ['whole', null, 0],
  ['Answer: 5', { after: 'Answer:' }, 8],
])('the part of %j starts where it stands', (answer, how, start) => {
  expect(readPart(answer, how).start).toBe(start);
});
