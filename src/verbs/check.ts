/** `onpar check`: judge the suite files without asking or scoring anything. */
import type { Call } from '../plan/plan-calls.ts';
import type { Case, Model, Suite } from '../record.ts';
import { plural, words } from '../reporters/text.ts';
import { type Loaded, loadForVerb } from './load.ts';
import { type Console, type FlagValues, suiteFlags, type Verb } from './verb.ts';

const SHOWN = 10;

export const check: Verb = {
  summary: 'judge the suite files without running them',
  usage: '[--suite NAME] [FLAGS]',
  flags: { ...suiteFlags, list: { type: 'boolean', help: 'list the cases' } },
  run: runCheck,
};

async function runCheck(values: FlagValues, _positionals: string[], console: Console): Promise<number> {
  const loaded = await loadForVerb(values, console);
  for (const warning of loaded.warnings) console.err(`warning: ${warning}\n`);
  for (const suite of loaded.suites) console.out(await describe(suite, loaded, console, values['list'] === true));
  const cases = loaded.suites.reduce((sum, s) => sum + s.cases.length, 0);
  console.out(`${plural(loaded.suites.length, 'suite')}, ${plural(cases, 'case')}: no problem that stops a run\n`);
  return 0;
}

async function describe(suite: Suite, loaded: Loaded, console: Console, isListed: boolean): Promise<string> {
  const echoes = await echoedElements(suite);
  const elements = [...suite.cases].reduce((sum, one) => sum + one.elements.length, 0);
  const lines = [
    `${suite.name}  ${suite.baseline} → ${suite.candidates.join(', ')}  target ${suite.parity_target}`,
    `  cases      ${suite.cases.length}, with ${elements} elements (${suite.file})`,
    `  calls      ${callsOf(suite)}`,
    `  proof      ${await proofOf(suite)}`,
    `  answers    ${await recordedOf(suite, loaded, console)}`,
    ...(await asksOf(suite, loaded)),
    ...(echoes.length === 0
      ? []
      : [`  echo       ${echoes.length} elements already occur in their prompt: repeating the prompt would earn them`]),
    ...echoes.slice(0, SHOWN).map(({ one, label, place }) => `    ${place}  case "${one.name}": ${label}`),
    ...(echoes.length > SHOWN ? [`    and ${echoes.length - SHOWN} more`] : []),
    ...(isListed ? [...suite.cases].map((one) => `  - ${one.name}${one.tags.length === 0 ? '' : `  [${one.tags.join(', ')}]`}`) : []),
  ];
  return `${lines.join('\n')}\n\n`;
}

function callsOf(suite: Suite): string {
  const perCase = suite.baseline_samples + (suite.self_parity === null ? 0 : 1) + suite.candidates.length;
  return `${perCase * suite.cases.length} answers in all (${perCase} a case)`;
}

/** Whether even a perfect candidate could reach the target with so many cases. */
async function proofOf(suite: Suite): Promise<string> {
  const { casesToProve } = await import('../verdict/bounds.ts');
  const needed = casesToProve(suite.parity_target);
  const n = suite.cases.length;
  if (suite.decision === 'point') return 'decided on the point estimate: nothing is proved';
  if (needed === null) return `no number of cases can prove a target of ${suite.parity_target}; lower it`;
  if (n < needed) return `TOO SMALL: even a perfect candidate needs ${needed} cases to prove ${suite.parity_target}, there are ${n}`;
  return `big enough: a perfect candidate needs ${needed} cases to prove ${suite.parity_target}`;
}

async function recordedOf(suite: Suite, loaded: Loaded, console: Console): Promise<string> {
  const [{ collectAnswers }, { openAsking }, { askingInput }, { NO_JOURNAL }] = await Promise.all([
    import('../collect.ts'),
    import('../asking.ts'),
    import('./ask-flags.ts'),
    import('../run/journal.ts'),
  ]);
  const never = new AbortController().signal;
  const parts = {
    journal: NO_JOURNAL,
    resumed: new Map<string, never>(),
    hosts: new Set<string>(),
    signals: { stop: never, force: never, release: () => undefined },
  };
  const input = askingInput({ offline: true }, loaded, console, { ...parts, priced: (_, answer) => answer, onAnswer: () => undefined });
  const byState = new Map<string, number>();
  for (const answers of await collectAnswers([suite], openAsking(input)))
    for (const { baseline, candidate } of answers)
      for (const { model, state } of [...baseline(), ...suite.candidates.map(candidate)]) {
        const kind = isAsked(loaded.models.get(model), state) ? 'to be asked' : state;
        byState.set(kind, (byState.get(kind) ?? 0) + 1);
      }
  return [...byState].map(([state, count]) => `${count} ${words(state)}`).join(', ');
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

interface Echo {
  one: Case;
  label: string;
  place: string;
}

/** Elements that the prompt itself would earn. `not` elements are left out: there an absence earns. */
async function echoedElements(suite: Suite): Promise<Echo[]> {
  const { elementKinds } = await import('../scorers/elements/index.ts');
  const { contextOf } = await import('../scorers/coverage.ts');
  const kinds: Record<string, { check: (options: never, part: string, context: { insights: string[] }) => { value: number } }> =
    elementKinds;
  const context = contextOf(suite.cases);
  return [...suite.cases].flatMap((one) => {
    const prompt = one.messages.map((m) => m.content).join('\n');
    return one.elements
      .filter(({ kind, options }) => kind !== 'not' && (kinds[kind]?.check(options as never, prompt, context).value ?? 0) >= 0.5)
      .map(({ label, at }) => ({ one, label, place: `${at.file}:${at.line}:${at.column}` }));
  });
}
