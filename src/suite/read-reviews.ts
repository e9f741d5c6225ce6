/** Review files → what people decided. JSON, checked like a suite: every problem with its place. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { InputError, type Position, type Problem } from '../errors.ts';
import type { CaseReview, SignOff } from '../record.ts';
import { checkFields } from './check-fields.ts';
import { fixedSource, type Source } from './positions.ts';
import { fileName, readText } from './read-text.ts';
import { readYaml } from './read-yaml.ts';

/** `answer`: sha256, hex, of the text that was looked at, in UTF-8. */
export interface ReviewFile {
  cases: (Omit<CaseReview, 'scored'> & { suite: string; candidate: string; case: string; answer: string })[];
  sign_offs: SignOff[];
}

const must = <T extends z.ZodType>(type: T, text: string) => type.meta({ must: text });
const name = must(z.string().min(1), 'text');
const at = must(z.iso.datetime({ offset: true }), 'a time such as 2026-11-25T17:00:00Z');
const needsReason = { message: 'a decision needs a reason', path: ['reason'], params: { fix: 'say in a few words why' } };
const hasReason = ({ decision, reason }: { decision: string | null; reason: string }) => decision === null || reason.trim() !== '';

const reviewedCase = z
  .strictObject({
    suite: name,
    candidate: name,
    case: name,
    answer: must(z.string().regex(/^[0-9a-f]{64}$/), 'a sha256 in hex'),
    decision: must(z.enum(['accept', 'reject']).nullable(), 'accept, reject or null'),
    reason: z.string(),
    note: z.string(),
    by: name,
    at,
  })
  .refine(hasReason, needsReason);

const signOff = z
  .strictObject({ suite: name, candidate: name, decision: z.enum(['approve', 'reject']), reason: z.string(), by: name, at })
  .refine(hasReason, needsReason);

const schema = z.strictObject({
  format: must(z.literal(1), '1, the one that this onpar reads'),
  run: z.string(),
  reviewer: z.string(),
  cases: must(z.array(reviewedCase), 'a list'),
  sign_offs: must(z.array(signOff), 'a list'),
});

/** All files as one. Throws an InputError with every problem of every file. */
export async function readReviews(cwd: string, paths: readonly string[]): Promise<ReviewFile> {
  const problems: Problem[] = [];
  const all: ReviewFile = { cases: [], sign_offs: [] };
  for (const path of paths) {
    const file = fileName(cwd, resolve(cwd, path));
    const text = await readText({ path: resolve(cwd, path), file, what: 'review' });
    const { cases = [], sign_offs = [] } = checkFields(
      schema,
      parseJson(text, file),
      { source: placesIn(text, file), path: [], problems },
      'the review',
    );
    all.cases.push(...cases);
    all.sign_offs.push(...sign_offs);
  }
  if (problems.length > 0) throw new InputError(problems);
  return all;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const offset = /at position (\d+)/.exec((cause as Error).message)?.[1];
    const position = placeOf(text, offset === undefined ? text.length : Number(offset), file);
    throw new InputError({ code: 'suite/syntax', at: position, what: 'this is not valid JSON', fix: 'export the review again' }, { cause });
  }
}

function placeOf(text: string, offset: number, file: string): Position {
  const lines = text.slice(0, offset).split('\n');
  return { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** JSON is YAML, whose parser knows places. It is far slower, so it is asked only when there is a problem. */
function placesIn(text: string, file: string): Source {
  let source: Source | null = null;
  const places = () => (source ??= attempt(text, file));
  return { file, at: (path) => places().at(path), keyAt: (path) => places().keyAt(path), written: (path) => places().written(path) };
}

function attempt(text: string, file: string): Source {
  try {
    return readYaml(text, file).source;
  } catch {
    return fixedSource({ file, line: 1, column: 1 });
  }
}
