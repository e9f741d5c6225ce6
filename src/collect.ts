/** Every answer of a run, from wherever each model's come: a recording, a file, the journal of a resumed run, a live model. */
import { type Asking, laneOf, type Part, type Seated } from './asking.ts';
import { planCall } from './plan/plan-calls.ts';
import type { Answer, Case, Model, Suite } from './record.ts';
import { askAll, type Lane } from './run/engine.ts';

/** A case with its answers. Each is read when it is asked for; those of a long run are not kept. */
export interface AnsweredCase {
  case: Case;
  /** every baseline answer, those of the self-parity model last */
  baseline: () => Answer[];
  candidate: (name: string) => Answer;
}

/** The cases of one suite with their answers, in order; may be gone through again and again. */
export type Answers = Iterable<AnsweredCase>;

/** The run was stopped before every call had its answer; what was answered is in the journal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * One result a suite, same order. A model is asked for all suites in one go, so that a machine that loads on demand loads
 * each model once. Rejects with `Interrupted`, or with an InputError for what is wrong before anything is asked.
 */
export async function collectAnswers(suites: readonly Suite[], asking: Asking): Promise<Answers[]> {
  const seatings = suites.map((suite) => seatingOf(suite, asking));
  const parts = seatings.flatMap(({ all }) => all);
  const lanes: Lane<Seated>[] = [];
  for (const model of new Set(parts.map((part) => part.model))) {
    const own = parts.filter((part) => part.model === model);
    const lane = await laneOf(model, own, asking);
    if (lane) lanes.push(lane);
  }
  try {
    await askAll(lanes, asking.engine);
  } finally {
    for (const suite of suites) asking.record(suite);
  }
  const left = parts.reduce((sum, { seats }) => sum + seats.empty(), 0);
  const wanted = parts.reduce((sum, { samples, suite }) => sum + samples * suite.cases.length, 0);
  if (left > 0) throw new Interrupted(`${left} of ${wanted} answers are still to be asked for`);
  return seatings.map((seating) => {
    const all = { [Symbol.iterator]: () => answered(seating, asking.models) };
    return wanted > MOST_HELD ? all : Array.from(all, held);
  });
}

/** So many answers are read once: judging goes through them several times. */
const MOST_HELD = 1_000;

function held({ case: one, baseline, candidate }: AnsweredCase): AnsweredCase {
  let own: Answer[] | null = null;
  const others = new Map<string, Answer>();
  return {
    case: one,
    baseline: () => (own ??= baseline()),
    candidate(name) {
      const answer = others.get(name) ?? candidate(name);
      others.set(name, answer);
      return answer;
    },
  };
}

/** Who sits where: the baseline, its sibling, the candidates. */
interface Seating {
  suite: Suite;
  baseline: Part[];
  candidates: Map<string, Part>;
  all: Part[];
}

function seatingOf(suite: Suite, { partOf }: Asking): Seating {
  const own = partOf(suite, suite.baseline, suite.baseline_samples);
  const baseline = suite.self_parity === null ? [own] : [own, partOf(suite, suite.self_parity, 1)];
  const candidates = new Map(suite.candidates.map((name) => [name, partOf(suite, name, 1)]));
  return { suite, baseline, candidates, all: [...baseline, ...candidates.values()] };
}

function* answered({ suite, baseline, candidates }: Seating, models: ReadonlyMap<string, Model>): Generator<AnsweredCase> {
  let index = 0;
  for (const one of suite.cases) {
    const place = index++;
    const read = ({ model, samples, seats }: Part, sample: number) =>
      seats.get(place * samples + sample, planCall(suite.name, one, models.get(model) as Model, sample));
    yield {
      case: one,
      baseline: () => baseline.flatMap((part) => Array.from({ length: part.samples }, (_, sample) => read(part, sample))),
      candidate: (name) => read(candidates.get(name) as Part, 0),
    };
  }
}
