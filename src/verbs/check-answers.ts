/** What the recorded answers tell of the elements of a suite: met by all, met by none. Nothing is embedded, nobody is asked. */
import type { AnsweredCase } from '../collect.ts';
import type { Answer, Case, Element, Suite } from '../record.ts';
import { UNHEARD_STATES } from '../record.ts';
import { type Checked, checkAnswer } from '../scorers/coverage.ts';
import type { CheckContext } from '../scorers/elements/kind.ts';
import type { Pair } from '../verdict/bounds.ts';
import { isUsableSample } from '../verdict/quality.ts';
import { inCase } from './check-case.ts';
import type { Finding } from './check-findings.ts';

/** Two answers that agree are no surprise: three of strong models miss one good element in fourteen together (suite general). */
const FEWEST_ANSWERS = 3;
/** Cases, evenly spaced, from which the spread is taken: enough to know it to a tenth. */
const SPREAD_CASES = 60;

/** One model's answer with its checks. */
interface Held {
  answer: Answer;
  checked: Checked;
  isBaseline: boolean;
}

/** What one case's recorded answers tell. */
export interface AnswerCheck {
  /** every answer there should be, of the baseline and then of the candidates */
  answers: Answer[];
  findings: Finding[];
  /** quality scores by candidate; none where similarity has a part in them, where the answers are not there, or outside the sample */
  pairs: Map<string, Pair>;
}

/** Gives the function that looks at one case with its answers, in order; those that are not `ok` are no evidence for or against an element. */
export function answerChecker(suite: Suite, context: CheckContext): (answered: AnsweredCase) => AnswerCheck {
  const step = Math.ceil(suite.cases.length / SPREAD_CASES);
  let index = -1;
  return ({ case: one, baseline, candidate }) => {
    index++;
    const own = baseline();
    const others = suite.candidates.map(candidate);
    const usable = own.filter(isUsableSample);
    const isForSpread = index % step === 0 && Object.entries(one.weights).every(([name, w]) => w === 0 || name === 'coverage');
    const check: AnswerCheck = { answers: [...own, ...others], findings: [], pairs: new Map() };
    if (usable.length === 0 || !(isForSpread || isTelling(one, usable.length))) return check;
    const hold = (isBaseline: boolean) => (answer: Answer) => ({ answer, isBaseline, checked: checkAnswer(answer, one, context) });
    const [samples, tried] = [usable.map(hold(true)), others.map(hold(false))];
    const ok = [...samples, ...tried].filter(({ answer }) => answer.state === 'ok');
    check.findings = one.elements.flatMap((element, i) => findingOf(one, element, i, ok) ?? []);
    if (isForSpread) for (const other of tried) addPair(check.pairs, samples, other);
    return check;
  };
}

/** One sample that is not the expected answer is wrong, which is no fault of the element; to read them all takes its time. */
function isTelling({ elements }: Case, samples: number): boolean {
  return samples >= FEWEST_ANSWERS || elements.some(({ kind }) => kind !== 'equals');
}

function findingOf(one: Case, element: Element, i: number, held: readonly Held[]): Finding | null {
  const found = (kind: Finding['kind']): Finding => ({ kind, at: element.at, what: inCase(one, element.label) });
  const isMet = ({ checked }: Held) => (checked.checks[i]?.value ?? 0) >= 0.5;
  const samples = held.filter(({ isBaseline }) => isBaseline);
  if (samples.length === 0) return null;
  if (element.kind === 'not') return samples.some((s) => isMet(s) || s.checked.rung === 'none') ? null : found('always_forbidden');
  if (held.every(isMet)) {
    const models = new Set(held.map(({ answer }) => answer.model)).size;
    return models >= 2 && held.length >= FEWEST_ANSWERS && !element.required ? found('always_met') : null;
  }
  if (samples.some(isMet)) return null;
  if (samples.length >= FEWEST_ANSWERS && !held.some(isMet)) return found('never_met');
  return element.kind === 'equals' ? null : found('baseline_misses');
}

/** A hard failure makes a quality score 0; of the baseline when every sample has it. */
function addPair(pairs: AnswerCheck['pairs'], samples: readonly Held[], { answer, checked }: Held): void {
  if (UNHEARD_STATES.some((state) => state === answer.state)) return;
  const isHard = samples.every((sample) => sample.checked.hard.length > 0);
  const mean = samples.reduce((sum, sample) => sum + sample.checked.value, 0) / samples.length;
  pairs.set(answer.model, { baseline: isHard ? 0 : mean, candidate: checked.hard.length > 0 ? 0 : checked.value });
}
