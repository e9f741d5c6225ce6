/** Token ids against the Rust tokenizers: fixtures/models/tools/token_ids.py made what is expected, of texts that lie in fixtures/. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutoTokenizer } from '@xenova/transformers';
import { expect, test } from 'vitest';
import { bundledModelsDir } from './folders.ts';

interface Expected {
  files: string[];
  count: number;
  group: number;
  step: number;
  texts: string;
  odd: string[];
  ids: Record<string, { groups: string[]; sorted: string[]; odd: number[][] }>;
}

const expected = JSON.parse(readFileSync(join(bundledModelsDir(), 'token-ids.json'), 'utf8')) as Expected;
const sha = (lines: string[]) => hash('sha256', lines.join('\n'));

function readTexts(): string[] {
  const texts = new Set<string>();
  for (const file of expected.files) {
    const lines = readFileSync(join(bundledModelsDir(), '../recordings', file), 'utf8')
      .trimEnd()
      .split('\n');
    for (const line of lines) {
      const { answer } = JSON.parse(line) as { answer: string };
      for (const text of [answer, ...answer.split('\n')]) if (text !== '') texts.add(text);
    }
  }
  return [...texts].filter((_, i) => i % expected.step === 0).slice(0, expected.count);
}

const texts = readTexts();

test('the texts are those that the reference was made of (else: run fixtures/models/tools/token_ids.py again)', () => {
  expect(texts).toHaveLength(4_000);
  expect(sha(texts.map((text) => JSON.stringify(text)))).toBe(expected.texts);
});

/**
 * Groups in which the order of two tokens differs. A Unigram tokenizer takes the likeliest pieces, and where ")))" is as likely cut
 * "))" + ")" as ")" + "))" the two libraries choose differently: 2 of 4,000 texts.
 */
const TIES: Record<string, number[]> = { 'all-MiniLM-L6-v2': [], 'for-tests/tiny-xlmr': [21] };

test.each(Object.keys(expected.ids))('%s: the ids of 4,000 texts, and of odd ones, are those of the Rust tokenizers', async (name) => {
  const tokenizer = await AutoTokenizer.from_pretrained(join(bundledModelsDir(), name), { local_files_only: true });
  const idsOf = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  const { groups, sorted, odd } = expected.ids[name]!;
  expect(expected.odd.map(idsOf)).toEqual(odd);
  const ids = texts.map(idsOf);
  const groupsOf = (told: string[]) => groups.map((_, g) => sha(told.slice(g * expected.group, (g + 1) * expected.group)).slice(0, 16));
  expect(groupsOf(ids.map((one) => [...one].sort((a, b) => a - b).join(' ')))).toEqual(sorted);
  const others = groupsOf(ids.map((one) => one.join(' '))).flatMap((group, g) => (group === groups[g] ? [] : [g]));
  expect(others).toEqual(TIES[name]);
});
