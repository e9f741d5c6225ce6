import { describe, expect, test } from 'vitest';
import { elementKinds } from './index.ts';
import { matches } from './matches.ts';
import { not } from './not.ts';
import { text } from './text.ts';

const none = { insights: [] };
const has = (wanted: string, part: string) => text.check({ any_of: [wanted] }, part, none).value === 1;

describe('a text element is found', () => {
  test.each([
    ['scalability', 'Its Scalability is limited.'],
    ['scale', 'It is scaling well'],
    ['policy', 'Several policies apply'],
    ['user experience', 'the USER\nexperience'],
    ['cool-down', 'a cooldown follows'],
    ['cooldown', 'a cool-down follows'],
    ['cool down', 'a cool-down follows'],
    ['café', 'the cafe'],
    ['cafe', 'the café'],
    ['UX', 'good UX.'],
    ['C++', 'written in C++.'],
    ['99.5%', 'at least 99.5% uptime'],
    ['$5', 'costs $5'],
    ['O(n log n)', 'sorts in O(n log n) time'],
    ['30 days', 'within 30 days'],
    ["customer's", 'the customers'],
    ['東京', '首都は東京です'],
    ['node.js', 'runs on Node.js'],
    ['index', 'all indices'],
    ['organise', 'we organize'],
    ['colour', 'many colors'],
    ['email', 'an e-mail'],
    ['UX', 'two UXs'],
    ['US', 'the US market'],
    ['C#', 'in C#.'],
    ['.NET', 'the .NET platform'],
    ['1,000', '1000 users'],
    ['1000', '1,000 users'],
    ['GPT-4', 'gpt 4 and'],
    ['5', 'GPT-5'],
    ['99.5%', '99.5 % uptime'],
    ['x = 5', 'so x=5'],
    ['Straße', 'STRASSE'],
    ['한국', '한국어는'],
    ['パン', 'パンです'],
    ['CO2', 'CO₂'],
    ['scalability', 'scal\u00adability'],
    ['😀', 'hi 😀'],
    ['30 days', 'a 30-day window'],
    ['30 days', 'a 30 day window'],
    ['30 days', '30\u00a0days'],
    ['5 mg', '5mg'],
    ['15 minute', '15 minutes'],
    ['16-byte', 'a 16 byte block'],
    ['1000', '1\u202f000 users'],
    ['1000', "1'000 users"],
    ['130 days', 'page 1. 130 days'],
    ['30', 'from 10 to 30'],
  ])('%j in %j', (wanted, part) => {
    expect(has(wanted, part)).toBe(true);
  });
});

describe('a text element is not found', () => {
  test.each([
    ['art', 'a party'],
    ['UX', 'the flux'],
    ['C', 'CSS and C3'],
    ['5', '50 or 5.3 or 1,500'],
    ['30 days', '130 days'],
    ['30 days', '30 long days'],
    ['user experience', 'experience of the user'],
    ['cat', 'concatenate'],
    ['scalability', ''],
    ['O(n)', 'O(n log n)'],
    ['US', 'join us'],
    ['IT', 'it is'],
    ['C', 'C++ and C# and Objective-C'],
    ['R', 'our R&D'],
    ['universe', 'the university'],
    ['general', 'generate'],
    ['new', 'news'],
    ['business', 'busy'],
    ['organ', 'organization'],
    ['5', '-5'],
    ['GPT-4', 'GPT-4o'],
    ['$5', '$50'],
    ['node.js', 'a node. Js is'],
    ['か', 'が'],
    ['й', 'и'],
    ['하', '한'],
    ['1', '1st'],
    ['10', '10,000'],
    ['30 days', '30.5 days'],
    ['30 days', '30,5 days'],
    ['30 days', '-30 days'],
    ['30 days', '−30 days'],
    ['30 days', '1,30 days'],
    ['30 days', '.30 days'],
    ['130 days', '1\u00a0130 days'],
    ['130 days', "1'130 days"],
    ['5', 'p < .5'],
    ['$5', '-$5'],
    ['5 mg', '5 mgs or 0.5 mg'],
    ['16-byte', 'allocate 16 bytes'],
  ])('%j in %j', (wanted, part) => {
    expect(has(wanted, part)).toBe(false);
  });
});

test('spans point into the text as it was written', () => {
  const part = 'The Ünïcode — CAFÉ and cafés; $5 fee';
  const spans = (wanted: string) => text.check({ any_of: [wanted] }, part, none).spans.map(([start, end]) => part.slice(start, end));
  expect(spans('cafe')).toEqual(['CAFÉ', 'cafés']);
  expect(spans('$5')).toEqual(['$5']);
  expect(text.check({ any_of: ['😀'] }, 'a 😀 b', none).spans).toEqual([[2, 4]]);
  expect(text.check({ any_of: ['é1'] }, 'x e\u03011 b', none).spans).toEqual([[2, 5]]);
});

test('any of several words will do', () => {
  expect(text.check({ any_of: ['UX', 'user experience'] }, 'a good user experience', none).value).toBe(1);
});

describe('an element that must be affirmed', () => {
  const affirmed = (wanted: string, part: string) => text.check({ any_of: [wanted], affirmed: true }, part, none).value === 1;
  test.each([
    ['scale', 'It scales well.'],
    ['UX', 'not only UX, but cost'],
    ['UX', 'It is not just the UX that matters'],
    ['scale', 'It does not scale at first. Later it scales.'],
    ['drain', 'Never restart the node; drain it'],
    ['drain', 'do not restart without draining'],
    ['cycle', 'a never-ending cycle'],
    ['refund', 'There is no exchange, only a refund'],
    ['refund', 'It was not exchanged but refunded'],
    ['cheap', 'It lacks features, however cheap it is'],
  ])('%j in %j', (wanted, part) => {
    expect(affirmed(wanted, part)).toBe(true);
  });
  test.each([
    ['scale', 'It does not scale.'],
    ['scale', "It doesn't scale"],
    ['scale', 'It doesn’t really scale'],
    ['scale', 'It never scales'],
    ['monitoring', 'works without any monitoring'],
    ['scalable', 'it is no longer scalable'],
    ['scalable', "it isn't scalable"],
    ['refunds', 'refunds are not given'],
    ['refund', 'A refund is never paid'],
    ['30 days', 'it cannot be returned within 30 days'],
    ['scale', 'nothing of the kind'],
  ])('%j is not in %j', (wanted, part) => {
    expect(affirmed(wanted, part)).toBe(false);
  });
  test('says so, marks only the places that count, and is not the default', () => {
    const part = 'It does not scale, but it scales later';
    expect(text.check({ any_of: ['scale'], affirmed: true }, part, none).spans.map(([start, end]) => part.slice(start, end))).toEqual([
      'scales',
    ]);
    expect(text.check({ any_of: ['scale'], affirmed: true }, 'no scaling', none).why).toBe('"scale" is only there negated');
    expect(has('scale', 'It does not scale')).toBe(true);
    expect(text.label({ any_of: ['a', 'b'], affirmed: true })).toBe('a | b (affirmed)');
  });
});

test('a pattern runs in linear time whatever it is, and one that cannot is refused', () => {
  expect(matches.check({ matches: '(a+)+$' }, `${'a'.repeat(50_000)}!`, none).value).toBe(0);
  expect(matches.check({ matches: 'x\\s*=\\s*-8' }, 'so x = -8', none)).toMatchObject({ value: 1, spans: [[3, 9]] });
  expect(matches.problem?.({ matches: '(' })).toMatchObject({ what: expect.stringContaining('"("') as string });
  expect(matches.problem?.({ matches: '(a)\\1' })?.fix).toContain('linear');
  expect(matches.problem?.({ matches: 'fine' })).toBeNull();
});

test('not is met by absence', () => {
  expect(not.check({ not: 'as an AI' }, 'Paris', none).value).toBe(1);
  expect(not.check({ not: 'as an AI' }, 'As an AI, I', none)).toMatchObject({ value: 0, spans: [[0, 8]] });
  expect(not.check({ not: ['sorry', 'cannot'] }, 'I cannot', none).value).toBe(0);
  expect(not.check({ not: { matches: '\\d+' } }, 'no digits', none).value).toBe(1);
});

describe.each(Object.entries(elementKinds))('the kind %s', (_, kind) => {
  const samples: Record<string, unknown> = {
    text: { any_of: ['x'] },
    insight: { insight: 'x' },
    matches: { matches: 'x' },
    equals: { equals: 'x' },
    not: { not: 'x' },
  };
  const options = samples[kind.key];
  test('accepts its own options, refuses a misspelt one, and has a label', () => {
    expect(kind.schema.safeParse(options).success).toBe(true);
    expect(kind.schema.safeParse({ ...(options as object), wieght: 1 }).success).toBe(false);
    expect(kind.label(options as never)).not.toBe('');
  });
  test('gives a value from 0 to 1 and spans within the text, for any text', () => {
    for (const part of ['', 'x', 'X x\u0000\ud800 \u202e', 'x'.repeat(10_000)]) {
      const { value, spans } = kind.check(options as never, part, none);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      for (const [start, end] of spans) expect(0 <= start && start <= end && end <= part.length).toBe(true);
    }
  });
});
