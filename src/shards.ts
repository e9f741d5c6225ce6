/** A run in parts: who gets which cases, and what a part by itself may say. The verdict comes from the parts together: src/merged.ts. */
import { createHash } from 'node:crypto';
import { InputError } from './errors.ts';
import type { Case, Cases, RunRecord, Suite, Verdict } from './record.ts';
import { exitCodeOf } from './verdict/judge.ts';

/** `index` counts from 1 to `of`. */
export type Shard = NonNullable<RunRecord['shard']>;

/** `2/4`; throws InputError for anything else. */
export function parseShard(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= of) return { index, of };
  throw new InputError({
    code: 'cli/bad-shard',
    what: `--shard ${text} is not a part of a whole`,
    fix: 'write --shard 1/4 for the first of four parts',
  });
}

/**
 * The cases of one part. They are dealt in turn, so that the parts of a suite differ by one case at most, neighbours (often alike, and alike in
 * length) go to different parts, and cases added at the end move no other. Each suite begins at a part of its own, by a hash of its name: many
 * small suites would otherwise all weigh on the first part. Suites without a case in the part are left out. Throws InputError when nothing is left.
 */
export function dealCases(suites: readonly Suite[], shard: Shard): Suite[] {
  const dealt = suites.map((suite) => ({ ...suite, cases: partOf(suite.cases, shard, firstPart(suite.name, shard.of)) }));
  const left = dealt.filter(({ cases }) => cases.length > 0);
  if (left.length > 0) return left;
  const n = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  throw new InputError({
    code: 'cli/empty-shard',
    what: `part ${shard.index} of ${shard.of} has no case: there are ${n} in all`,
    fix: 'use fewer parts',
  });
}

const firstPart = (suite: string, of: number): number => createHash('sha256').update(suite).digest().readUInt32LE() % of;

function partOf(cases: Cases, { index, of }: Shard, first: number): Cases {
  const isMine = (place: number) => (place + first) % of === index - 1;
  const mine = { length: 0 };
  for (let place = 0; place < cases.length; place++) if (isMine(place)) mine.length++;
  return {
    ...mine,
    *[Symbol.iterator](): Generator<Case> {
      let place = 0;
      for (const one of cases) if (isMine(place++)) yield one;
    },
  };
}

/** A part has no verdict: similarity is measured on the scale of the whole suite, and the bounds want all cases. */
export function withoutVerdict(verdicts: readonly Verdict[], { index, of }: Shard): Verdict[] {
  return verdicts.map((verdict) => {
    const { incomplete } = verdict.counts;
    const missing = incomplete === 0 ? '' : `; ${incomplete} of its ${verdict.n} cases could not be judged`;
    const why = `part ${index} of ${of}: the verdict comes after onpar merge${missing}`;
    return { ...verdict, verdict: 'NEEDS_WORK', reason: 'incomplete', why, cases_to_settle: null };
  });
}

/**
 * 0 when every case of the part could be judged: a job of a CI matrix is green when it did its share, whatever the verdict will be. Else 3. The
 * gate is the exit code of the merge, where a part that is not there is 3.
 */
export function partExitCode(verdicts: readonly Verdict[]): number {
  const isWhole = verdicts.length > 0 && verdicts.every(({ counts }) => counts.incomplete === 0);
  return isWhole ? 0 : exitCodeOf(verdicts);
}
