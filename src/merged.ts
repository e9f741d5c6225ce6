/**
 * The answers of a run that was made in parts. They are taken from the results of the parts, which hold every answer whole, wherever it came from
 * (a server, a recording, a file); so nothing is asked, and no recording is read. Scores are made anew, for all cases together.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { AnsweredCase, Answers } from './collect.ts';
import { InputError } from './errors.ts';
import { noAnswer } from './models/answer-from-text.ts';
import type { Answer, Case, CaseResult, Suite } from './record.ts';
import { linesOf } from './run/lines.ts';
import type { ShardRun } from './run/read-shards.ts';

/** Where the result of a case for a candidate stands. */
interface Place {
  part: number;
  offset: number;
  length: number;
}

export interface MergedAnswers {
  /** those of each suite, same order; a case that no part holds has answers that are `missing`, and say why */
  answers: Answers[];
  /** one sentence for parts and cases that are not there; null when all are */
  missing: string | null;
  close: () => void;
}

/** Answers are read where they are needed, and not held. Throws InputError for a case that two parts hold, and for a line that is no result. */
export function openMerged(suites: readonly Suite[], shards: readonly ShardRun[]): MergedAnswers {
  const { places, handles } = indexResults(shards);
  const absent = absentParts(shards);
  const why = absent === null ? 'no part that was merged holds this case' : `${absent} not among those merged`;
  let lost = 0;
  const answers = suites.map((suite) => {
    for (const one of suite.cases) if (!places.has(keyOf(suite.name, suite.candidates[0] ?? '', one.name))) lost++;
    return answersOf(suite, (candidate, name) => read(handles, places.get(keyOf(suite.name, candidate, name))), why);
  });
  const missing = lost === 0 ? null : `${lost} cases have no answers: ${why}`;
  return { answers, missing, close: () => handles.forEach((handle) => closeSync(handle)) };
}

const keyOf = (suite: string, candidate: string, name: string): string => JSON.stringify([suite, candidate, name]);

function indexResults(shards: readonly ShardRun[]): { places: Map<string, Place>; handles: number[] } {
  const places = new Map<string, Place>();
  for (const [part, { path }] of shards.entries()) {
    const file = join(path, 'results.jsonl');
    let number = 0;
    for (const { text, offset, length } of linesOf(file)) {
      number++;
      if (text === '') continue;
      const { suite, candidate, case: name } = parse(text, file, number);
      const key = keyOf(suite, candidate, name);
      const before = places.get(key);
      if (before)
        throw new InputError({
          code: 'merge/case-twice',
          at: { file, line: number, column: 1 },
          what: `case "${name}" of suite "${suite}" is in ${shards[before.part]?.path ?? ''}, too`,
          fix: 'merge the parts of one run',
        });
      places.set(key, { part, offset, length });
    }
  }
  return { places, handles: shards.map(({ path }) => openSync(join(path, 'results.jsonl'), 'r')) };
}

function parse(text: string, file: string, line: number): CaseResult {
  try {
    return JSON.parse(text) as CaseResult;
  } catch (cause) {
    const what = 'this is not valid JSON';
    throw new InputError({ code: 'run/malformed', at: { file, line, column: 1 }, what, fix: 'run this part again' }, { cause });
  }
}

function read(handles: readonly number[], place: Place | undefined): CaseResult | null {
  const handle = place === undefined ? undefined : handles[place.part];
  if (place === undefined || handle === undefined) return null;
  const bytes = Buffer.allocUnsafe(place.length);
  readSync(handle, bytes, 0, place.length, place.offset);
  return JSON.parse(bytes.toString('utf8')) as CaseResult;
}

/** `part 2 of 4 is`, `parts 2, 3 of 4 are`; null when every part is there. */
function absentParts(shards: readonly ShardRun[]): string | null {
  const of = shards[0]?.record.shard.of ?? 0;
  const there = new Set(shards.map(({ record }) => record.shard.index));
  const absent = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !there.has(index));
  if (absent.length === 0) return null;
  return `part${absent.length === 1 ? '' : 's'} ${absent.join(', ')} of ${of} ${absent.length === 1 ? 'is' : 'are'}`;
}

function answersOf(suite: Suite, resultOf: (candidate: string, name: string) => CaseResult | null, why: string): Answers {
  const lost = (one: Case, model: string, sample: number): Answer =>
    noAnswer({ model, case: one.name, sample, origin: 'recording' }, 'missing', why);
  const samples = Array.from({ length: suite.baseline_samples }, (_, sample) => [suite.baseline, sample] as const);
  const seats = suite.self_parity === null ? samples : [...samples, [suite.self_parity, 0] as const];
  return {
    *[Symbol.iterator](): Generator<AnsweredCase> {
      for (const one of suite.cases)
        yield {
          case: one,
          baseline: () =>
            resultOf(suite.candidates[0] ?? '', one.name)?.answers.baseline ?? seats.map(([model, sample]) => lost(one, model, sample)),
          candidate: (name) => resultOf(name, one.name)?.answers.candidate[0] ?? lost(one, name, 0),
        };
    },
  };
}
