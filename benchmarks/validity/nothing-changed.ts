/** The A/A control: what the harness says when nothing changed. */
import type { Verdict } from '../../src/record.ts';
import { figure, type Goal, type Section, table } from './page.ts';

export interface Control {
  suite: string;
  baseline: string;
  /** what plays the candidate */
  candidate: string;
  kind: 'the same weights' | 'the next version';
  n: number;
  target: number;
  parity: number | null;
  lower: number | null;
  upper: number | null;
}

/** From the verdicts of the shipped suites. */
export function measureNothingChanged(verdicts: readonly Verdict[]): Control[] {
  const local = verdicts.filter(({ suite }) => suite === 'local');
  const general = verdicts.filter(({ suite }) => suite === 'general');
  const again = local.filter(({ candidate }) => candidate === 'smollm2-again');
  return [
    ...selfOf(local.slice(0, 1), 'its third sample', 'the same weights'),
    ...again.map((v): Control => ({
      ...controlOf(v),
      candidate: 'smollm2-again (another seed)',
      kind: 'the same weights',
      n: v.n,
      ...boundsOf(v),
    })),
    ...selfOf(general.slice(0, 1), 'gpt-4-0613', 'the next version'),
  ];
}

const controlOf = ({ suite, baseline, parity_target: target }: Verdict) => ({ suite, baseline, target });
const boundsOf = ({ parity, lower, upper }: Pick<Control, 'parity' | 'lower' | 'upper'>) => ({ parity, lower, upper });

function selfOf(verdicts: readonly Verdict[], candidate: string, kind: Control['kind']): Control[] {
  return verdicts.flatMap((verdict) => {
    const self = verdict.self_parity;
    return self === null ? [] : [{ ...controlOf(verdict), candidate, kind, n: self.n, ...boundsOf(self) }];
  });
}

export function renderNothingChanged(controls: readonly Control[]): Section {
  const rows = controls.map((control) => {
    const { suite, baseline, candidate, kind, n, target, parity, lower, upper } = control;
    return [
      `${suite}: ${baseline} → ${candidate}`,
      kind,
      String(n),
      figure(parity),
      `${figure(lower)} to ${figure(upper)}`,
      `${wordOf(control)} at ${target}`,
    ];
  });
  const text = [
    'The baseline against itself, on shipped recordings, by the built command (`onpar eval --offline`). The cases of suite local were chosen where its baseline is steady (suites/local.yaml tells how).',
    table(['baseline → candidate', 'what changed', 'cases', 'parity', '95 % bounds', 'would be'], rows).replace('|---|---:|', '|---|---|'),
    'The same weights come out near 1, and a little below: an answer is compared with other samples, and never with itself. The next version of GPT-4 comes out about as far from GPT-4 as GPT-3.5 does on the same prompts: on open questions parity measures how alike two models answer, and two good models do not answer alike. So a target on open questions is to be read against this control, which every report prints where the baseline has two samples.',
  ].join('\n\n');
  return {
    title: 'What does it say when nothing changed?',
    text,
    charts: [],
    goals: controls.filter(({ kind }) => kind === 'the same weights').map(goalOf),
  };
}

function wordOf({ lower, upper, target }: Control): string {
  if (lower === null || upper === null) return 'inconclusive';
  return lower >= target ? 'PASS' : upper < target ? 'NEEDS_WORK, below target' : 'NEEDS_WORK, inconclusive';
}

const goalOf = (control: Control): Goal => ({
  goal: `suite ${control.suite}, ${control.baseline} → ${control.candidate}: the same weights PASS at ${control.target}`,
  measured: `${figure(control.parity)} (${figure(control.lower)} to ${figure(control.upper)})`,
  isMet: wordOf(control) === 'PASS',
});
