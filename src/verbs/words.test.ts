/** A word that means nothing to a verb is refused: it would judge every suite where one was meant. */
import { expect, test } from 'vitest';
import { main } from '../cli.ts';
import { verbs } from './index.ts';

const wordless = Object.entries(verbs).filter(([, { flagsForWord }]) => flagsForWord !== undefined);

async function told(argv: string[]): Promise<[number, string]> {
  let err = '';
  return [await main(argv, { err: (text) => void (err += text), out: () => undefined }), err];
}

test.each(wordless)('onpar %s', async (name, { flagsForWord = [], flags }) => {
  const [code, err] = await told([name, 'atlantis']);
  expect(code).toBe(2);
  expect(err).toContain(`"onpar ${name}" takes no word "atlantis"\n  fix: write --${flagsForWord[0] ?? ''} atlantis`);
  for (const flag of flagsForWord) expect(flags).toHaveProperty(flag);
});

test.each(['eval', 'check', 'doctor', 'record', 'suggest', 'trend', 'cost', 'scorecard'])('%s is one of them', (name) => {
  expect(wordless.map(([verb]) => verb)).toContain(name);
});

test('onpar report takes one', async () => {
  expect(await told(['report', 'a', 'b'])).toEqual([2, expect.stringContaining('"b" is one too many')]);
});
