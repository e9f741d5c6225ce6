/** `onpar check`: judge the suite files without asking or scoring anything. */
import type { Call } from '../plan/plan-calls.ts';
import type { Answer, Case, Model, Suite } from '../record.ts';
import { plural, words } from '../reporters/text.ts';
import type { Pair } from '../verdict/bounds.ts';
import type { Findings } from './check-findings.ts';
import { type Loaded, loadForVerb } from './load.ts';
import { type Console, type FlagValues, suiteFlags, type Verb } from './verb.ts';

export const check: Verb = {
  summary: 'judge the suite files without running them',
  usage: '[--suite NAME] [FLAGS]',
  flags: {
    ...suiteFlags,
    list: { type: 'boolean', help: 'list the cases, and every warning and note about an element' },
    strict: { type: 'boolean', help: 'end with code 2 when there is a warning' },
  },
  flagsForWord: ['suite'],
  run: runCheck,
};

async function runCheck(values: FlagValues, _: string[], console: Console): Promise<number> {
  const loaded = await loadForVerb(values, console);
  const { findingLines, warningsAmong } = await import('./check-findings.ts');
  for (const warning of loaded.warnings) console.err(`warning: ${warning}\n`);
  let warnings = loaded.warnings.length;
  const isListed = values['list'] === true;
  for (const suite of loaded.suites) {
    const heard = await surveyOf(suite, loaded, console, isListed);
    const lines = await describe(suite, loaded, heard);
    const cases = isListed ? Array.from(suite.cases, caseLine) : [];
    console.out(`${[...lines, ...findingLines(heard.findings), ...cases].join('\n')}\n\n`);
    warnings += warningsAmong(heard.findings);
  }
  const cases = loaded.suites.reduce((sum, s) => sum + s.cases.length, 0);
  const found = warnings === 0 ? '' : `, ${plural(warnings, 'warning')}`;
  console.out(`${plural(loaded.suites.length, 'suite')}, ${plural(cases, 'case')}: no problem that stops a run${found}\n`);
  return values['strict'] === true && warnings > 0 ? 2 : 0;
}

const caseLine = ({ name, tags }: Case): string => `  - ${name}${tags.length === 0 ? '' : `  [${tags.join(', ')}]`}`;

async function describe(suite: Suite, loaded: Loaded, { elements, states, pairs, quarantined }: Survey): Promise<string[]> {
  const { proofLines } = await import('./check-proof.ts');
  return [
    `${suite.name}  ${suite.baseline} → ${suite.candidates.join(', ')}  target ${suite.parity_target}`,
    `  cases      ${suite.cases.length}, with ${elements} elements (${suite.file})`,
    `  calls      ${callsOf(suite)}`,
    ...(quarantined === 0
      ? []
      : [`  quarantine ${plural(quarantined, 'case')} of them, which do${quarantined === 1 ? 'es' : ''} not count`]),
    ...proofLines(suite, suite.cases.length - quarantined, pairs),
    `  answers    ${[...states].map(([state, count]) => `${count} ${words(state)}`).join(', ')}`,
    ...(await asksOf(suite, loaded)),
  ];
}

function callsOf(suite: Suite): string {
  const perCase = suite.baseline_samples + (suite.self_parity === null ? 0 : 1) + suite.candidates.length;
  return `${perCase * suite.cases.length} answers in all (${perCase} a case)`;
}

/** What is to be had of a suite with no model asked. */
interface Survey {
  elements: number;
  quarantined: number;
  /** answers by state, and those `to be asked` */
  states: Map<string, number>;
  findings: Findings;
  /** quality scores by candidate, of cases where coverage alone makes them */
  pairs: Map<string, Pair[]>;
}

async function surveyOf(suite: Suite, loaded: Loaded, console: Console, isListed: boolean): Promise<Survey> {
  const [{ offlineAnswers }, { caseChecker }, { answerChecker }, { contextOf }, { addFindings }] = await Promise.all([
    import('./offline-answers.ts'),
    import('./check-case.ts'),
    import('./check-answers.ts'),
    import('../scorers/coverage.ts'),
    import('./check-findings.ts'),
  ]);
  const states = new Map<string, number>();
  const count = ({ model, state }: Pick<Answer, 'model' | 'state'>) => {
    const kind = isAsked(loaded.models.get(model), state) ? 'to be asked' : state;
    states.set(kind, (states.get(kind) ?? 0) + 1);
  };
  const findings: Findings = new Map();
  const pairs = new Map<string, Pair[]>(suite.candidates.map((name) => [name, []]));
  const context = contextOf(suite.cases);
  const [checkCase, checkAnswers] = [caseChecker(context), answerChecker(suite, context)];
  let [elements, quarantined] = [0, 0];
  for (const answers of await offlineAnswers([suite], loaded, console))
    for (const answered of answers) {
      const told = checkAnswers(answered);
      told.answers.forEach(count);
      elements += answered.case.elements.length;
      addFindings(findings, [...checkCase(answered.case), ...told.findings], isListed);
      if (answered.case.quarantine) quarantined++;
      else for (const [name, pair] of told.pairs) pairs.get(name)?.push(pair);
    }
  return { elements, quarantined, states, findings, pairs };
}

function isAsked(model: Model | undefined, state: string): boolean {
  if (model === undefined || model.provider === 'file') return false;
  return model.answers === 'live' || (model.answers === 'auto' && state === 'missing');
}

/** What a run would ask, a line a model; nothing where everything is recorded. */
async function asksOf(suite: Suite, { models, recordings }: Loaded): Promise<string[]> {
  const [{ estimateParts }, { takes }, { readShelf }] = await Promise.all([
    import('./record-plan.ts'),
    import('./record-text.ts'),
    import('../run/recordings.ts'),
  ]);
  const roles = new Map([...suite.candidates, ...(suite.self_parity === null ? [] : [suite.self_parity])].map((name) => [name, 1]));
  const parts = [...roles.set(suite.baseline, suite.baseline_samples)].flatMap(([name, samples]) => {
    const model = models.get(name);
    return model && isAsked(model, 'missing') ? [{ suite, model, samples, isBaseline: name === suite.baseline }] : [];
  });
  const shelves = new Map(parts.map(({ model }) => [model.name, readShelf(recordings, model.name)]));
  const isKnown = ({ model, request }: Call) => model.answers === 'auto' && shelves.get(model.name)?.byRequest.has(request) === true;
  const estimates = estimateParts(parts, isKnown, { recordings, concurrency: null });
  return parts.flatMap(({ model }, i) => {
    const estimate = estimates[i];
    return estimate && estimate.toAsk > 0 ? [`  asks       ${model.name}`, `             ${takes(estimate)}`] : [];
  });
}
