/** The order of a run, top to bottom: plan → answers → scores → verdicts → run record. */
import type { Asking } from './asking.ts';
import { type Answers, collectAnswers } from './collect.ts';
import { costByModel } from './priced.ts';
import type { Answer, CaseResult, Embedder, RunRecord, RunView, ScorerResult, ScoringCase, Suite, Verdict } from './record.ts';
import type { RunFolder } from './run/run-folder.ts';
import { guardFailures } from './scorers/guards/index.ts';
import { SCORING_VERSION, scorers } from './scorers/index.ts';
import { ceilingMethod } from './scorers/similarity.ts';
import { exitCodeOf, judge } from './verdict/judge.ts';
import { judgeCase } from './verdict/quality.ts';

const METHOD = 'floor: prompt echo or other cases; ceiling: half case, half suite mean; bounds: Fieller, 95 % one-sided, one pseudo-case';

/** Told what is going on; `done` of `total` texts for the step named. */
export type OnProgress = (step: string, done: number, total: number) => void;

export interface RunInput {
  suites: readonly Suite[];
  asking: Asking;
  /** hosts that requests went to, filled while the run goes on */
  hosts: ReadonlySet<string>;
  embedder: Embedder;
  folder: RunFolder;
  command: string[];
  version: string;
  warnings: string[];
  now: () => Date;
  onProgress: OnProgress;
}

/** Asks everything first, then judges suite by suite; each case's result is on disk before the next suite is scored. */
export async function evaluate(input: RunInput): Promise<RunView> {
  const verdicts: Verdict[] = [];
  const results: CaseResult[] = [];
  const answers = await collectAnswers(input.suites, input.asking);
  for (const [i, suite] of input.suites.entries()) {
    const judged = await judgeSuite(suite, answers[i] as Answers, input);
    for (const result of judged.results) input.folder.add(result);
    results.push(...judged.results);
    verdicts.push(...judged.verdicts);
  }
  const record = recordOf(input, verdicts, answers);
  input.folder.finish(record);
  return { record, results };
}

async function judgeSuite(suite: Suite, answers: Answers, input: RunInput): Promise<{ results: CaseResult[]; verdicts: Verdict[] }> {
  const selfResults = await judgeBaselineAgainstItself(suite, answers, input);
  const judged = { results: [] as CaseResult[], verdicts: [] as Verdict[] };
  for (const [candidate, candidateAnswers] of answers.candidates) {
    const cases = suite.cases.map((one, i): ScoringCase => ({
      case: one,
      samples: answers.samples[i] ?? [],
      candidate: candidateAnswers[i] as ScoringCase['candidate'],
      candidate_is_sample: null,
    }));
    const results = await judgeCases(suite, candidate, cases, answers, input);
    const evidence = { suite, candidate, results, selfResults, ceilingFrom: ceilingMethod(cases), baselineLeftOut: answers.leftOut };
    judged.results.push(...results);
    judged.verdicts.push(judge(evidence));
  }
  return judged;
}

/** The A/A control: the last sample of every case plays the candidate. [] unless every case has two samples or more. */
async function judgeBaselineAgainstItself(suite: Suite, answers: Answers, input: RunInput): Promise<CaseResult[]> {
  const cases = suite.cases.flatMap((one, i): ScoringCase[] => {
    const samples = answers.samples[i] ?? [];
    const last = samples.at(-1);
    return last && samples.length > 1 ? [{ case: one, samples, candidate: last, candidate_is_sample: samples.length - 1 }] : [];
  });
  return cases.length < suite.cases.length ? [] : judgeCases(suite, suite.baseline, cases, answers, input);
}

async function judgeCases(suite: Suite, candidate: string, cases: ScoringCase[], answers: Answers, input: RunInput): Promise<CaseResult[]> {
  const scored: Record<string, ScorerResult[]> = {};
  for (const [name, scorer] of Object.entries(scorers)) {
    const onProgress = (done: number, total: number) => input.onProgress(`${suite.name}: ${name}`, done, total);
    scored[name] = await scorer(cases, { embedder: input.embedder, onProgress });
  }
  return cases.map((scoring, i) =>
    judgeCase({
      suite: suite.name,
      baseline: suite.baseline,
      candidate,
      parityTarget: suite.parity_target,
      scoring,
      scores: Object.fromEntries(Object.entries(scored).map(([name, list]) => [name, list[i] as ScorerResult])),
      guards: guardFailures(scoring.case, scoring.samples, scoring.candidate),
      baselineAnswers: answers.baseline[i] ?? [],
    }),
  );
}

function recordOf(input: RunInput, verdicts: Verdict[], collected: Answers[]): RunRecord {
  const answers = collected.flatMap((a) => [...a.baseline.flat(), ...[...a.candidates.values()].flat()]);
  return {
    format: 1,
    onpar: input.version,
    node: process.version,
    run: input.folder.run,
    started_at: input.folder.startedAt,
    finished_at: input.now().toISOString(),
    command: input.command,
    exit_code: exitCodeOf(verdicts),
    score_identity: { scoring_version: SCORING_VERSION, encoder: input.embedder.identity, method: METHOD },
    suites: input.suites.map(({ name, file, hash, cases, parity_target }) => ({ name, file, hash, cases: cases.length, parity_target })),
    models: modelsOf(input, answers),
    verdicts,
    embedding: input.embedder.stats(),
    cost: costByModel(answers),
    hosts_contacted: [...input.hosts].sort(),
    warnings: [...input.warnings, ...input.asking.warnings()],
  };
}

function modelsOf({ asking: { models } }: RunInput, all: readonly Answer[]): RunRecord['models'] {
  const distinct = (values: (string | null)[]) => [...new Set(values.filter((v) => v !== null))].sort();
  return [...new Set(all.map((a) => a.model))].map((name) => {
    const own = all.filter((a) => a.model === name);
    const { provider = '', model = '', answers: mode = '' } = models.get(name) ?? {};
    const sources = distinct(own.map((a) => (a.source === null ? null : `${a.source}${a.licence === null ? '' : ` (${a.licence})`}`)));
    return { name, provider, model, answers: mode, reported_models: distinct(own.map((a) => a.reported_model)), sources };
  });
}
