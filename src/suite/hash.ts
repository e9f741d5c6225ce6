/** What a suite means, as a number: two suites of one hash ask and judge the same, wherever they lie. */
import { createHash } from 'node:crypto';
import type { Case, Suite } from '../record.ts';

/** sha256, hex. Places, descriptions and labels do not count, nor do scorers of weight 0. */
export function hashSuite(suite: Omit<Suite, 'hash'>): string {
  const hash = createHash('sha256').update(canonical({ ...suite, description: undefined, file: undefined, cases: undefined }));
  for (const one of suite.cases) hash.update(`\n${canonical(meaningOf(one))}`);
  return hash.digest('hex');
}

function meaningOf(one: Case) {
  return {
    ...one,
    at: undefined,
    quarantine: one.quarantine?.until,
    weights: Object.fromEntries(Object.entries(one.weights).filter(([, weight]) => weight !== 0)),
    elements: one.elements.map(({ kind, options, weight, required }) => ({ kind, options, weight, required })),
  };
}

/** JSON with sorted keys, so that the order in which a map was written does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
