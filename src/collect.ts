/** Every answer of a run, from wherever each model's come: a recording, a file, the journal of a resumed run, a live model. */
import { type Asking, laneOf, type Part, type Seated } from './asking.ts';
import type { Answer, Suite } from './record.ts';
import { askAll, type Lane } from './run/engine.ts';
import { isUsableSample } from './verdict/quality.ts';

/** The answers of one suite. Outer arrays run in the order of its cases. */
export interface Answers {
  /** every baseline answer, those of the self-parity model last */
  baseline: Answer[][];
  /** those of them that can serve as evidence */
  samples: Answer[][];
  /** how many baseline answers were left out, by state */
  leftOut: Record<string, number>;
  /** one answer a case, by candidate */
  candidates: Map<string, Answer[]>;
}

/** The run was stopped before every call had its answer; what was answered is in the journal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * One result a suite, same order. A model is asked for all suites in one go, so that a machine that loads on demand loads
 * each model once. Rejects with `Interrupted`, or with an InputError for what is wrong before anything is asked.
 */
export async function collectAnswers(suites: readonly Suite[], asking: Asking): Promise<Answers[]> {
  const parts = suites.flatMap(partsOf);
  const lanes: Lane<Seated>[] = [];
  for (const model of new Set(parts.map((part) => part.model))) {
    const lane = await laneOf(
      model,
      parts.filter((part) => part.model === model),
      asking,
    );
    if (lane) lanes.push(lane);
  }
  try {
    await askAll(lanes, asking.engine);
  } finally {
    for (const suite of suites) asking.record(suite);
  }
  const wanted = parts.reduce((sum, { samples, suite }) => sum + samples * suite.cases.length, 0);
  const had = parts.reduce((sum, { seats }) => sum + seats.filter(Boolean).length, 0);
  if (had < wanted) throw new Interrupted(`${wanted - had} of ${wanted} answers are still to be asked for`);
  return suites.map((suite) => assemble(suite, (model) => parts.find((part) => part.suite === suite && part.model === model)?.seats ?? []));
}

/** Who is asked how often a case: the baseline, its sibling, the candidates. */
export function partsOf(suite: Suite): Part[] {
  const part = (model: string, samples: number): Part => ({ suite, model, samples, seats: [] });
  return [
    part(suite.baseline, suite.baseline_samples),
    ...(suite.self_parity === null ? [] : [part(suite.self_parity, 1)]),
    ...suite.candidates.map((model) => part(model, 1)),
  ];
}

function assemble(suite: Suite, seatsOf: (model: string) => Answer[]): Answers {
  const perCase = (model: string, samples: number) => suite.cases.map((_, i) => seatsOf(model).slice(i * samples, (i + 1) * samples));
  const own = perCase(suite.baseline, suite.baseline_samples);
  const sibling = suite.self_parity === null ? [] : perCase(suite.self_parity, 1);
  const baseline = own.map((answers, i) => [...answers, ...(sibling[i] ?? [])]);
  const leftOut: Record<string, number> = {};
  for (const { state } of baseline.flat().filter((a) => !isUsableSample(a))) leftOut[state] = (leftOut[state] ?? 0) + 1;
  const candidates = new Map(suite.candidates.map((name) => [name, seatsOf(name)]));
  return { baseline, samples: baseline.map((answers) => answers.filter(isUsableSample)), leftOut, candidates };
}
