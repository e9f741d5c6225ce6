/** Keys that a case and the defaults of its suite share, beyond what a schema can say. */
import { nearestName } from '../errors.ts';
import type { Params, Read } from '../record.ts';
import type { Place } from './check-fields.ts';
import { KNOWN_PARAMS, RESERVED_PARAMS } from './schema.ts';

export function readRead(
  read: { json?: string | undefined; after?: string | undefined } | undefined,
  { source, path }: Place,
  problems: Place['problems'],
): Read {
  if (read === undefined) return null;
  const { json, after } = read;
  if (json !== undefined && after === undefined) return { json };
  if (after !== undefined && json === undefined) return { after };
  const what = json === undefined ? 'read says neither json nor after' : 'read says both json and after';
  problems.push({ code: 'suite/bad-read', at: source.at(path), what, fix: 'write read: { json: path }, or read: { after: text }' });
  return null;
}

/** Parameters of unknown servers pass; a slip in a known one, or one that onpar sets, does not. */
export function checkParams(params: Params | undefined, { source, path, problems }: Place): void {
  for (const key of Object.keys(params ?? {})) {
    const at = source.keyAt([...path, key]);
    if (RESERVED_PARAMS.includes(key))
      problems.push({ code: 'suite/reserved-param', at, what: `the parameter "${key}" is set by onpar`, fix: 'remove it' });
    else if (!KNOWN_PARAMS.includes(key) && key.length > 4) {
      const near = nearestName(
        key,
        KNOWN_PARAMS.filter((known) => Math.abs(known.length - key.length) <= 2),
      );
      if (near !== null)
        problems.push({ code: 'suite/unknown-key', at, what: `unknown parameter "${key}"`, fix: `did you mean "${near}"?` });
    }
  }
}
