import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { CannotHave } from './cannot-have.ts';
import { nearOnly } from './served-address.ts';

const look = (hostname: string, all: boolean) =>
  new Promise<string | LookupAddress[]>((resolve, reject) =>
    nearOnly({})(hostname, { all }, (error, found) => (error ? reject(error) : resolve(found))),
  );

// names that are addresses are looked up without asking anybody
test('a name is taken when all that it stands for is near', async () => {
  expect(await look('localhost', false)).toMatch(/^(?:127\.|::1)/);
  expect(await look('10.0.0.1', true)).toEqual([{ address: '10.0.0.1', family: 4 }]);
});

test('and refused when it stands for an address elsewhere, whatever the name looks like', async () => {
  await expect(look('8.8.8.8', true)).rejects.toThrow(CannotHave);
  await expect(look('8.8.8.8', false)).rejects.toThrow(/outside this machine/);
});
