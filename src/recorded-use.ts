/** Tokens a request and frozen prices, from the answers that a run holds of one model. */
import { InputError, suggestName } from './errors.ts';
import type { Answer, Prices, RunView } from './record.ts';

export interface RecordedUse {
  run: string;
  model: string;
  /** answers that tell their tokens */
  answers: number;
  input_tokens: number;
  output_tokens: number;
  /** as they were when the answers were asked; null when unknown, or not the same for all */
  prices: Prices | null;
}

/** Null `suite` and `model`: all suites, and the baseline of the first. Throws InputError where no answer tells its tokens. */
export function recordedUse({ record, results }: RunView, suite: string | null, model: string | null): RecordedUse {
  const suites = [...new Set(record.verdicts.map((one) => one.suite))];
  if (suite !== null && !suites.includes(suite))
    throw new InputError({
      code: 'cost/unknown-suite',
      what: `run ${record.run} has no suite "${suite}"`,
      fix: suggestName(suite, suites),
    });
  const name = model ?? record.verdicts.find((one) => suite === null || one.suite === suite)?.baseline ?? '';
  const names = record.models.map((one) => one.name);
  if (!names.includes(name))
    throw new InputError({
      code: 'cost/unknown-model',
      what: `run ${record.run} has no answers of "${name}"`,
      fix: suggestName(name, names),
    });
  const seen = new Map<string, Answer>();
  for (const result of results) {
    if (suite !== null && result.suite !== suite) continue;
    // a baseline's answers stand beside every candidate
    for (const answer of [...result.answers.baseline, ...result.answers.candidate])
      if (answer.model === name && answer.usage !== null) seen.set(JSON.stringify([result.suite, answer.case, answer.sample]), answer);
  }
  const answers = [...seen.values()];
  if (answers.length === 0)
    throw new InputError({
      code: 'cost/no-usage',
      what: `no answer of ${name} in run ${record.run} tells its tokens: recordings that were imported have none`,
      fix: 'record the model anew, or write use: { input_tokens: …, output_tokens: … }',
    });
  const mean = (of: (answer: Answer) => number) => answers.reduce((sum, answer) => sum + of(answer), 0) / answers.length;
  return {
    run: record.run,
    model: name,
    answers: answers.length,
    input_tokens: mean(({ usage }) => usage?.input_tokens ?? 0),
    output_tokens: mean(({ usage }) => usage?.output_tokens ?? 0),
    prices: onePrice(answers.map(({ call }) => call?.prices ?? null)),
  };
}

function onePrice(all: readonly (Prices | null)[]): Prices | null {
  const distinct = new Set(all.map((one) => JSON.stringify(one && [one.input_per_million, one.output_per_million])));
  const [first] = all;
  return distinct.size === 1 && first ? first : null;
}
