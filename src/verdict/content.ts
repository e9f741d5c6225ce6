/** What a case asks and expects, as a short text: a case that differs in it is another case, whatever it is called. */
import { createHash } from 'node:crypto';
import type { CaseResult } from '../record.ts';

export function contentOf({ messages, elements }: Pick<CaseResult, 'messages' | 'elements'>): string {
  const expected = elements.map(({ label, kind, weight, required }) => ({ label, kind, weight, required }));
  return digest({ messages, expected });
}

export const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64');
