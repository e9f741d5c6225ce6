import { expect, test } from 'vitest';
import { answerFromText } from './answer-from-text.ts';
import { separateReasoning } from './separate-reasoning.ts';

test.each([
  ['plain text', 'The answer is 4.', 'The answer is 4.', null, false],
  ['a thought before the answer', '<think>\n2+2\n</think>\n\nThe answer is 4.', 'The answer is 4.', '2+2', false],
  ['only a closing tag', '2+2 is 4 </think> The answer is 4.', 'The answer is 4.', '2+2 is 4', false],
  ['two thoughts', '<think>a</think> 3 <think>b</think> 4', '4', 'a</think> 3 <think>b', false],
  ['a thought that never ends', '<think> The answer is 4', '', 'The answer is 4', true],
  ['an answer cut by a new thought', '<think>a</think> It is <think>hm', 'It is', 'a\n\nhm', true],
  [
    'harmony channels',
    '<|channel|>analysis<|message|>2+2<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>',
    '4',
    '2+2',
    false,
  ],
  ['a harmony thought without a final channel', '<|channel|>analysis<|message|>2+2', '', '2+2', true],
  ['an empty text', '', '', null, false],
])('%s', (_, raw, answer, reasoning, isUnclosed) => {
  expect(separateReasoning(raw)).toEqual({ answer, reasoning, isUnclosed });
});

const of = { model: 'm', case: 'c', sample: 0, origin: 'file' as const };

test.each([
  ['an answer', 'x', null, 'ok'],
  ['an answer that says it stopped', 'x', 'stop', 'ok'],
  ['nothing', ' \n', 'stop', 'empty'],
  ['nothing but a thought', '<think>x</think>', 'stop', 'empty'],
  ['a thought without an end', '<think>x', 'stop', 'truncated'],
  ['an answer cut at its limit', 'x', 'length', 'truncated'],
  ['an answer stopped by a filter', 'x', 'content_filter', 'refused'],
] as const)('%s has its state named', (_, text, finish_reason, state) => {
  const { state: got, why } = answerFromText({ ...of, text, finish_reason });
  expect(got).toBe(state);
  expect(why === null).toBe(state === 'ok');
});
