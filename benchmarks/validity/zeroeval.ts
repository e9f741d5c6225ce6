/** Coverage on closed questions: the accuracy that `read: { json: answer }` and `equals` give each recorded model. */
import type { Rung } from '../../src/record.ts';
import { isEqual } from '../../src/scorers/equals/index.ts';
import { readAnswer } from '../../src/scorers/read.ts';
import { mean, spearman } from './statistics.ts';
import { type AnswerSet, SETS, type SetName } from './zeroeval-answers.ts';
import { zeroevalSays } from './zeroeval-evaluator.ts';

export interface ModelRow {
  model: string;
  /** shares of right answers on these problems, 0..1: by our reader, and by ZeroEval's evaluator */
  ours: number;
  theirs: number;
  /** ZeroEval's published accuracy on the whole set, 0..1; null where there is none */
  published: number | null;
  /** answers by the rung on which they were read */
  rungs: Partial<Record<Rung, number>>;
  /** answers that one takes for right and the other does not */
  onlyOurs: number;
  onlyTheirs: number;
}

export interface SetResult {
  set: SetName;
  problems: number;
  /** from the best model to the worst, by ZeroEval's evaluator */
  rows: ModelRow[];
  /** between ours and theirs, over the models */
  spearman: number;
  /** largest |ours - theirs|, 0..1 */
  largest: number;
  /** model → 1 (right by our reader) or 0 for each problem, in one order for all models */
  right: Map<string, number[]>;
}

/** An answer on which the two evaluators differ. */
export interface Difference {
  set: SetName;
  model: string;
  id: string;
  expected: string;
  read: string;
  rung: Rung;
  output: string;
  isRight: boolean;
}

/** `published` is keyed `set/model`, per cent. */
export function measureZeroEval(
  sets: readonly AnswerSet[],
  published: ReadonlyMap<string, number>,
  onDifference: (difference: Difference) => void = () => {},
): SetResult[] {
  return sets.map(({ set, truth, answers }) => {
    const right: SetResult['right'] = new Map();
    const rows = [...answers].map(([model, said]): ModelRow => {
      const percent = published.get(`${set}/${model}`);
      const row: ModelRow = { model, ours: 0, theirs: 0, published: null, rungs: {}, onlyOurs: 0, onlyTheirs: 0 };
      if (percent !== undefined) row.published = percent / 100;
      const judged = [...truth].map(([id, expected]) => {
        const output = said.get(id) ?? '';
        const { text, rung } = readAnswer(output, { json: 'answer' });
        const isRight = rung !== 'none' && isEqual(expected, text, SETS[set].as);
        const isRightByTheirs = zeroevalSays(set, model, expected, output);
        row.rungs[rung] = (row.rungs[rung] ?? 0) + 1;
        if (isRight && !isRightByTheirs) row.onlyOurs++;
        if (!isRight && isRightByTheirs) row.onlyTheirs++;
        if (isRight !== isRightByTheirs) onDifference({ set, model, id, expected, read: text, rung, output, isRight });
        return [isRight, isRightByTheirs].map(Number) as [number, number];
      });
      right.set(
        model,
        judged.map(([ours]) => ours),
      );
      return { ...row, ours: mean(judged.map(([ours]) => ours)), theirs: mean(judged.map(([, theirs]) => theirs)) };
    });
    rows.sort((a, b) => b.theirs - a.theirs || (a.model < b.model ? -1 : 1));
    const sides = [rows.map((r) => r.ours), rows.map((r) => r.theirs)] as const;
    const largest = Math.max(...rows.map((r) => Math.abs(r.ours - r.theirs)));
    return { set, problems: truth.size, rows, spearman: spearman(...sides), largest, right };
  });
}
