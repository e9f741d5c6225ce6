/** The answers of a suite, from wherever each model's come: a recording, a file, the journal of a resumed run, a live model. */
import { type Asking, laneOf, type Seated } from './asking.ts';
import type { Answer, Suite } from './record.ts';
import { askAll, type Lane } from './run/engine.ts';
import { isUsableSample } from './verdict/quality.ts';

/** Outer arrays run in the order of the suite's cases. */
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

/** Rejects with `Interrupted`, or with an InputError for what is wrong before anything is asked, such as a missing key. */
export async function collectAnswers(suite: Suite, asking: Asking): Promise<Answers> {
  const seats = new Map<string, Answer[]>();
  const lanes: Lane<Seated>[] = [];
  for (const { model, samples } of partsOf(suite)) {
    const own: Answer[] = [];
    seats.set(model, own);
    const lane = laneOf(suite, model, samples, own, asking);
    if (lane) lanes.push(lane);
  }
  try {
    await askAll(lanes, asking.engine);
  } finally {
    asking.record(suite);
  }
  const wanted = partsOf(suite).reduce((sum, { samples }) => sum + samples * suite.cases.length, 0);
  const had = [...seats.values()].reduce((sum, own) => sum + own.filter(Boolean).length, 0);
  if (had < wanted) throw new Interrupted(`${wanted - had} of ${wanted} answers of suite "${suite.name}" are still to be asked for`);
  return assemble(suite, seats);
}

/** Who is asked how often a case: the baseline, its sibling, the candidates. */
function partsOf(suite: Suite): { model: string; samples: number }[] {
  const sibling = suite.self_parity === null ? [] : [{ model: suite.self_parity, samples: 1 }];
  return [
    { model: suite.baseline, samples: suite.baseline_samples },
    ...sibling,
    ...suite.candidates.map((model) => ({ model, samples: 1 })),
  ];
}

function assemble(suite: Suite, seats: ReadonlyMap<string, Answer[]>): Answers {
  const perCase = (model: string, samples: number) =>
    suite.cases.map((_, i) => (seats.get(model) ?? []).slice(i * samples, (i + 1) * samples));
  const own = perCase(suite.baseline, suite.baseline_samples);
  const sibling = suite.self_parity === null ? [] : perCase(suite.self_parity, 1);
  const baseline = own.map((answers, i) => [...answers, ...(sibling[i] ?? [])]);
  const leftOut: Record<string, number> = {};
  for (const { state } of baseline.flat().filter((a) => !isUsableSample(a))) leftOut[state] = (leftOut[state] ?? 0) + 1;
  const candidates = new Map(suite.candidates.map((name) => [name, seats.get(name) ?? []]));
  return { baseline, samples: baseline.map((answers) => answers.filter(isUsableSample)), leftOut, candidates };
}
