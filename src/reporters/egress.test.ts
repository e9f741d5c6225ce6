import { expect, test } from 'vitest';
import type { Egress } from '../record.ts';
import { egressText } from './egress.ts';

const sent = (host: string, bytes_out: number, loopback = false): Egress => ({
  ...{ host, address: '192.0.2.1', purpose: 'asking m', bytes_out, bytes_in: 9, loopback },
});

test.each<[string, Egress[] | undefined, string[], string | null]>([
  ['records without a ledger say nothing', undefined, [], null],
  ['a replay', [], [], 'nothing left this machine'],
  ['local servers', [sent('localhost:1234', 9000, true)], [], 'nothing left this machine'],
  ['a connection that did not come about', [sent('gone.test:443', 0)], [], 'nothing left this machine'],
  [
    'several purposes are one host, the largest comes first',
    [sent('10.0.0.5:8080', 812), sent('api.openai.com:443', 7000), sent('api.openai.com:443', 5000)],
    [],
    'left this machine: 12 KB to api.openai.com, 812 B to 10.0.0.5:8080',
  ],
  ['a run that was resumed', [], ['eval', '--resume'], 'since it was resumed, nothing left this machine'],
])('%s', (_, egress, command, text) => {
  expect(egressText({ command, ...(egress && { egress }) })).toBe(text);
});
