/** The order of a run, top to bottom: plan → answers → scores → verdicts → run record. */
import type { Asking } from './asking.ts';
import { type Answers, collectAnswers } from './collect.ts';
import { type Past, withHistory } from './past.ts';
import type {
  Answer,
  Case,
  CaseResult,
  Egress,
  Embedder,
  RunRecord,
  RunView,
  ScoreIdentity,
  Scorer,
  ScorerResult,
  ScoringCase,
  Suite,
  Verdict,
} from './record.ts';
import type { RunFolder } from './run/run-folder.ts';
import { openGuards } from './scorers/guards/index.ts';
import { SCORING_VERSION, scorers } from './scorers/index.ts';
import { ceilingMethod } from './scorers/similarity.ts';
import { partExitCode, type Shard, withoutVerdict } from './shards.ts';
import { type Survey, surveyAnswers, type SuiteSurvey } from './survey.ts';
import { exitCodeOf, judge, selfParityOf, withHolm } from './verdict/judge.ts';
import { isUsableSample, judgeCase } from './verdict/quality.ts';
import type { Reviewing } from './verdict/review.ts';

const METHOD = 'floor: prompt echo or other cases; ceiling: half case, half suite mean; bounds: Fieller, 95 % one-sided, one pseudo-case';

/** Where no encoder was opened, none is asked for. */
const NO_EMBEDDER: Embedder = {
  identity: { id: 'none', revision: '', dimensions: 0, pooling: 'none', bundled: false },
  embed: () => Promise.reject(new Error('no encoder was opened')),
  stats: () => ({ texts: 0, cached: 0, computed: 0, seconds: 0 }),
  close: () => Promise.resolve(),
};

/** Told what is going on; `done` of `total` texts for the step named. */
export type OnProgress = (step: string, done: number, total: number) => void;

export interface RunInput extends JudgeInput {
  asking: Asking;
}

/** All that judging answers takes, wherever they are from. */
export interface JudgeInput {
  suites: readonly Suite[];
  asking: Pick<Asking, 'models' | 'warnings'>;
  /** hosts that requests went to, filled while the run goes on */
  hosts: ReadonlySet<string>;
  /** what went over the sockets so far */
  egress: () => Egress[];
  /** null where no case names similarity in its weights */
  embedder: Embedder | null;
  /** null where no review file was given */
  reviews: Reviewing | null;
  folder: RunFolder;
  command: string[];
  version: string;
  warnings: string[];
  now: () => Date;
  onProgress: OnProgress;
  past: Past;
  /** null for a run of all cases */
  shard: Shard | null;
}

/** Asks everything first, then judges suite by suite. Answers and results are read from disk where they are needed, and not held. */
export async function evaluate(input: RunInput): Promise<RunView> {
  return judgeAnswers(await collectAnswers(input.suites, input.asking), input);
}

/** `answers` are those of each suite, same order. */
export async function judgeAnswers(answers: readonly Answers[], input: JudgeInput): Promise<RunView> {
  const survey = surveyAnswers(input.suites, answers, input.asking.models);
  const verdicts: Verdict[] = [];
  for (const [i, suite] of input.suites.entries())
    verdicts.push(...(await judgeSuite(suite, answers[i] ?? [], survey.suites[i] as SuiteSurvey, input)));
  const record = withHistory(recordOf(input, withHolm(verdicts), survey), input.past);
  return { record, results: input.folder.finish(record) };
}

async function judgeSuite(suite: Suite, answers: Answers, survey: SuiteSurvey, input: JudgeInput): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const ceilingFrom = ceilingMethod(survey.samples);
  const selfParity = selfParityOf(await judgeBaselineAgainstItself(suite, answers, survey, input));
  for (const candidate of suite.candidates) {
    const since = input.past.since(suite, candidate, scoreIdentityOf(input.embedder));
    const scored = await judgeCases(
      suite,
      candidate,
      again(() => entries(answers, candidate)),
      input,
    );
    const judged = input.reviews?.fold(scored) ?? scored;
    const results = kept(since?.mark(judged) ?? judged, input.folder);
    const { samples, leftOut: baselineLeftOut } = survey;
    const signOff = input.reviews?.signOff(suite.name, candidate);
    const verdict = judge({ suite, candidate, results, selfParity, ceilingFrom, samples, baselineLeftOut, signOff });
    verdicts.push(since === null ? verdict : { ...verdict, previous: since.previous() });
  }
  return verdicts;
}

/** Writes each result down as it goes by. */
function* kept(results: Iterable<CaseResult>, folder: RunFolder): Generator<CaseResult> {
  for (const result of results) {
    folder.add(result);
    yield result;
  }
}

/** What is scored, with all baseline answers: those that are no evidence are shown, too. */
interface Entry {
  scoring: ScoringCase;
  baselineAnswers: Answer[];
}

function* entries(answers: Answers, candidate: string): Generator<Entry> {
  for (const one of answers) {
    const baselineAnswers = one.baseline();
    const samples = baselineAnswers.filter(isUsableSample);
    yield { scoring: { case: one.case, samples, candidate: one.candidate(candidate), candidate_is_sample: null }, baselineAnswers };
  }
}

/** The A/A control: the last sample of every case plays the candidate. Nothing unless every case has two samples or more. */
async function judgeBaselineAgainstItself(
  suite: Suite,
  answers: Answers,
  { samples }: SuiteSurvey,
  input: JudgeInput,
): Promise<Iterable<CaseResult>> {
  if (samples.some((count) => count < 2)) return [];
  return judgeCases(
    suite,
    suite.baseline,
    again(() => selfEntries(answers)),
    input,
  );
}

function* selfEntries(answers: Answers): Generator<Entry> {
  for (const one of answers) {
    const baselineAnswers = one.baseline();
    const samples = baselineAnswers.filter(isUsableSample);
    const last = samples.length - 1;
    const candidate = samples[last] as ScoringCase['candidate'];
    yield { scoring: { case: one.case, samples, candidate, candidate_is_sample: last }, baselineAnswers };
  }
}

/** Scores are had suite by suite, results case by case. */
async function judgeCases(suite: Suite, candidate: string, all: Iterable<Entry>, input: JudgeInput): Promise<Iterable<CaseResult>> {
  const open = await openScorers(suite, all, input);
  const guard = await openGuards(
    again(function* () {
      for (const { scoring } of all) yield scoring;
    }),
  );
  const { name, baseline, parity_target: parityTarget } = suite;
  return again(function* () {
    const places = new Map<string, number>();
    for (const { scoring, baselineAnswers } of all) {
      const scores: Record<string, ScorerResult> = {};
      for (const [scorer, score] of open) {
        if (!isNamed(scorer, scoring.case)) continue;
        const place = places.get(scorer) ?? 0;
        scores[scorer] = score(scoring, place);
        places.set(scorer, place + 1);
      }
      const guards = guard(scoring);
      yield judgeCase({ suite: name, baseline, candidate, parityTarget, scoring, scores, guards, baselineAnswers });
    }
  });
}

/** A scorer sees the cases whose weights name it, and is not run where none does. */
const isNamed = (scorer: string, { weights }: Case): boolean => scorer in weights;

async function openScorers(suite: Suite, all: Iterable<Entry>, { embedder, onProgress }: JudgeInput) {
  const open = new Map<string, Awaited<ReturnType<Scorer>>>();
  for (const [name, scorer] of Object.entries(scorers as Record<string, Scorer>)) {
    if (!some(suite.cases, (one) => isNamed(name, one))) continue;
    const own = again(function* () {
      for (const one of suite.cases) if (isNamed(name, one)) yield one;
    });
    const answered = again(function* () {
      for (const { scoring } of all) if (isNamed(name, scoring.case)) yield scoring;
    });
    const progress = (done: number, total: number) => onProgress(`${suite.name}: ${name}`, done, total);
    open.set(name, await scorer({ cases: own, answered }, { embedder: embedder ?? NO_EMBEDDER, onProgress: progress }));
  }
  return open;
}

function some<T>(items: Iterable<T>, is: (item: T) => boolean): boolean {
  for (const item of items) if (is(item)) return true;
  return false;
}

/** An iterable that begins anew each time it is gone through. */
function again<T>(begin: () => Iterator<T>): Iterable<T> {
  return { [Symbol.iterator]: begin };
}

export function scoreIdentityOf(embedder: Pick<Embedder, 'identity'> | null): ScoreIdentity {
  return { scoring_version: SCORING_VERSION, encoder: embedder?.identity ?? null, method: METHOD };
}

function recordOf(input: JudgeInput, all: Verdict[], { models, costs, warnings }: Survey): RunRecord {
  const { shard } = input;
  const verdicts = shard === null ? all : withoutVerdict(all, shard);
  const review = input.reviews?.summary(verdicts);
  return {
    format: 1,
    onpar: input.version,
    node: process.version,
    run: input.folder.run,
    started_at: input.folder.startedAt,
    finished_at: input.now().toISOString(),
    command: input.command,
    exit_code: shard === null ? exitCodeOf(verdicts) : partExitCode(verdicts),
    score_identity: scoreIdentityOf(input.embedder),
    suites: input.suites.map(({ name, file, hash, cases, parity_target }) => ({ name, file, hash, cases: cases.length, parity_target })),
    models,
    verdicts,
    embedding: input.embedder?.stats() ?? null,
    cost: costs,
    hosts_contacted: [...input.hosts].sort(),
    egress: input.egress(),
    warnings: [...input.warnings, ...warnings, ...input.asking.warnings()],
    ...(review && { review }),
    ...(shard !== null && { shard }),
  };
}
