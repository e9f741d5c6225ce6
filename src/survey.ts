/** One pass over the answers of a run: who answered, what it cost, which baseline answers are no evidence. */
import type { Answers } from './collect.ts';
import { costCounter } from './priced.ts';
import type { Answer, Model, ModelCost, RunRecord, Suite } from './record.ts';
import { isUsableSample } from './verdict/quality.ts';

export interface SuiteSurvey {
  /** usable baseline samples of every case, in order */
  samples: number[];
  /** how many baseline answers were left out, by state */
  leftOut: Record<string, number>;
}

export interface Survey {
  suites: SuiteSurvey[];
  costs: ModelCost[];
  models: RunRecord['models'];
  /** what the figures alone would hide */
  warnings: string[];
}

export function surveyAnswers(suites: readonly Suite[], collected: readonly Answers[], models: ReadonlyMap<string, Model>): Survey {
  const cost = costCounter();
  const hybrid = new Map<string, { all: number; byFallback: number }>();
  const heard = new Map<string, { reported: Set<string>; sources: Set<string> }>();
  const note = (answer: Answer) => {
    cost.add(answer);
    noteFallback(answer, hybrid);
    const own = heard.get(answer.model) ?? { reported: new Set(), sources: new Set() };
    heard.set(answer.model, own);
    if (answer.reported_model !== null) own.reported.add(answer.reported_model);
    if (answer.source !== null) own.sources.add(`${answer.source}${answer.licence === null ? '' : ` (${answer.licence})`}`);
  };
  const surveys = suites.map((suite, i) => surveySuite(suite, collected[i] ?? [], note));
  return {
    suites: surveys,
    costs: cost.byModel(),
    models: [...heard].map(([name, { reported, sources }]) => {
      const { provider = '', model = '', answers = '' } = models.get(name) ?? {};
      return { name, provider, model, answers, reported_models: [...reported].sort(), sources: [...sources].sort() };
    }),
    warnings: [...hybrid].flatMap(([name, { all, byFallback }]) =>
      byFallback === 0 ? [] : [`${byFallback} of ${all} answers of "${name}" were given by its fallback`],
    ),
  };
}

/** A fallback's answer of a hybrid model counts, and must be seen. */
function noteFallback({ model, call }: Answer, hybrid: Map<string, { all: number; byFallback: number }>): void {
  const by = call?.provenance['answered_by'];
  if (by === undefined) return;
  const own = hybrid.get(model) ?? { all: 0, byFallback: 0 };
  hybrid.set(model, { all: own.all + 1, byFallback: own.byFallback + (by === 'baseline' ? 1 : 0) });
}

function surveySuite(suite: Suite, answers: Answers, note: (answer: Answer) => void): SuiteSurvey {
  const samples: number[] = [];
  const leftOut: Record<string, number> = {};
  for (const { baseline, candidate } of answers) {
    const own = baseline();
    own.forEach(note);
    for (const name of suite.candidates) note(candidate(name));
    samples.push(own.filter(isUsableSample).length);
    for (const { state } of own.filter((answer) => !isUsableSample(answer))) leftOut[state] = (leftOut[state] ?? 0) + 1;
  }
  return { samples, leftOut };
}
