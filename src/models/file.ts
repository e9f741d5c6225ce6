/** `provider: file`: answers somebody already has, as JSONL lines { "case", "answer", "sample"?, "finish_reason"?, "suite"? }. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { InputError, type Problem } from '../errors.ts';
import type { Answer, Model } from '../record.ts';
import { answerFromText, noAnswer } from './answer-from-text.ts';
import type { Provider } from './provider.ts';

const options = z.strictObject({ path: z.string() });

const line = z.object({
  case: z.string(),
  answer: z.string(),
  sample: z.int().min(0).default(0),
  finish_reason: z.string().nullable().default(null),
  suite: z.string().optional(),
});
type Line = z.infer<typeof line>;

/** Reads the whole file once; every malformed line is a problem with its place, and nothing is run. */
function readLines(model: Model, path: string): Line[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(
      {
        code: 'file/unreadable',
        at: model.at,
        what: `model "${model.name}" cannot read ${String(model.options['path'])} (${(cause as Error).message})`,
        fix: 'set path to a JSONL file; it is relative to models.yaml',
      },
      { cause },
    );
  }
  const problems: Problem[] = [];
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((raw, index) => {
      if (raw.trim() === '') return [];
      const parsed = parse(raw);
      if (parsed) return [parsed];
      const at = { file: String(model.options['path']), line: index + 1, column: 1 };
      problems.push({
        code: 'file/malformed-line',
        at,
        what: 'this line is not an answer',
        fix: 'write one JSON object a line: { "case": "name", "answer": "text" }',
      });
      return [];
    });
  if (problems.length > 0) throw new InputError(problems);
  return lines;
}

function parse(raw: string): Line | null {
  try {
    return line.parse(JSON.parse(raw));
  } catch {
    return null;
  }
}

function answersOf(model: Model, cwd: string): (call: { suite: string; case: string; sample: number }) => Answer {
  const path = String(model.options['path']);
  const key = (suite: string | undefined, name: string, sample: number) => JSON.stringify([suite ?? null, name, sample]);
  const index = new Map(readLines(model, resolve(cwd, model.at.file, '..', path)).map((l) => [key(l.suite, l.case, l.sample), l]));
  return (call) => {
    const of = { model: model.name, case: call.case, sample: call.sample, origin: 'file' as const };
    const found = index.get(key(call.suite, call.case, call.sample)) ?? index.get(key(undefined, call.case, call.sample));
    if (!found) return noAnswer(of, 'missing', `${path} holds no answer to this case`);
    return answerFromText({ ...of, text: found.answer, finish_reason: found.finish_reason, source: path });
  };
}

export const file: Provider = {
  options,
  open: (model, { cwd }) => {
    const answerTo = answersOf(model, cwd);
    return Promise.resolve({
      ask: (question) => Promise.resolve({ answer: answerTo(question), isTransient: false, retryAfterMs: null }),
      concurrency: 1,
      machine: 'file',
      loadsOnDemand: false,
      warmUp: null,
    });
  },
};
