/**
 * The adversarial corpus (fixtures/adversarial), judged by the functions that judge a run: which wrong answers are accepted, which right
 * ones rejected. Every answer plays the candidate once, in a suite of all cases, so that similarity is calibrated as in a run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { providers } from '../../src/models/index.ts';
import type { Case, Embedder, HardFailure, Scorer, ScorerResult, ScoringCase, Weights } from '../../src/record.ts';
import { elementKinds } from '../../src/scorers/elements/index.ts';
import { openGuards } from '../../src/scorers/guards/index.ts';
import { scorers } from '../../src/scorers/index.ts';
import { loadSuites } from '../../src/suite/load-suites.ts';
import { judgeCase } from '../../src/verdict/quality.ts';
import { answerOf } from '../made-up-case.ts';

/** How a case is judged: by which scorers, and whether guards count. `both` is what a suite gets that says nothing. */
export const RULES: Record<string, { weights: Weights; guarded: boolean }> = {
  'similarity alone': { weights: { similarity: 1 }, guarded: false },
  'elements alone': { weights: { coverage: 1 }, guarded: false },
  'elements and guards': { weights: { coverage: 1 }, guarded: true },
  'both, half and half': { weights: { coverage: 0.5, similarity: 0.5 }, guarded: true },
};

export interface AdversarialPair {
  case: string;
  kind: string;
  isRight: boolean;
  heldOut: boolean;
  text: string;
  /** by rule: whether the case's label is PASS, and why it is what it is */
  labels: Record<string, { accepted: boolean; why: string }>;
}

export interface KindCount {
  kind: string;
  isRight: boolean;
  n: number;
  /** by rule: wrong answers accepted, or right ones rejected */
  mistakes: Record<string, number>;
}

export interface Adversarial {
  parity_target: number;
  encoder: string;
  pairs: AdversarialPair[];
  /** the kinds of each part, wrong ones first; then both sums, their kind being 'all' */
  counts: Record<'tuned' | 'held_out', KindCount[]>;
}

interface Written {
  baseline: string[];
  wrong: { kind: string; text: string }[];
  right: { kind: string; text: string }[];
}

/** `folder` holds suite.yaml, models.yaml and answers.yaml. */
export async function measureAdversarial(folder: string, embedder: Embedder): Promise<Adversarial> {
  const { cases, parity_target } = await readSuite(folder);
  const answers = parse(readFileSync(join(folder, 'answers.yaml'), 'utf8')) as Record<string, Written>;
  const all = [...cases].map((one) => ({ one, written: answers[one.name] as Written }));
  const rounds = Math.max(...all.map(({ written }) => triedOf(written).length));
  const pairs: AdversarialPair[] = [];
  for (let round = 0; round < rounds; round++) {
    const scorings = all.map(({ one, written }) => scoringOf(one, written, triedOf(written)[round]?.text ?? written.baseline[0]!));
    const labels = await judgeRound(scorings, parity_target, embedder);
    all.forEach(({ one, written }, i) => {
      const tried = triedOf(written)[round];
      if (tried) pairs.push({ case: one.name, heldOut: one.tags.includes('held_out'), ...tried, labels: labels[i]! });
    });
  }
  const counts = { tuned: countKinds(pairs.filter((pair) => !pair.heldOut)), held_out: countKinds(pairs.filter((pair) => pair.heldOut)) };
  return { parity_target, encoder: `${embedder.identity.id} ${embedder.identity.revision}`, pairs, counts };
}

async function readSuite(folder: string) {
  const { suites } = await loadSuites({
    cwd: folder,
    models: 'models.yaml',
    suites: ['./suite.yaml'],
    suitesDir: '.',
    elementKinds,
    scorerNames: Object.keys(scorers),
    providers,
    env: {},
    today: '2026-01-01',
    hold: (own) => [...own],
  });
  return suites[0]!;
}

function triedOf({ wrong, right }: Written) {
  return [...wrong.map((one) => ({ ...one, isRight: false })), ...right.map((one) => ({ ...one, isRight: true }))];
}

function scoringOf(one: Case, { baseline }: Written, text: string): ScoringCase {
  return {
    case: one,
    samples: baseline.map((answer, i) => answerOf('good', answer, i)),
    candidate: answerOf('tried', text),
    candidate_is_sample: null,
  };
}

/** Labels by rule, one entry a case. */
async function judgeRound(scorings: ScoringCase[], parityTarget: number, embedder: Embedder): Promise<AdversarialPair['labels'][]> {
  const suite = { cases: scorings.map((scoring) => scoring.case), answered: scorings };
  const open: [string, Awaited<ReturnType<Scorer>>][] = [];
  for (const [name, scorer] of Object.entries(scorers)) open.push([name, await scorer(suite, { embedder })]);
  const guard = await openGuards(scorings);
  return scorings.map((scoring, i) => {
    const scores = Object.fromEntries(open.map(([name, score]) => [name, score(scoring, i)]));
    const guards = guard(scoring);
    return Object.fromEntries(
      Object.entries(RULES).map(([rule, { weights, guarded }]) => [
        rule,
        labelOf(scoring, weights, scores, guarded ? guards : [], parityTarget),
      ]),
    );
  });
}

function labelOf(
  scoring: ScoringCase,
  weights: Weights,
  all: Record<string, ScorerResult>,
  guards: HardFailure[],
  parityTarget: number,
): { accepted: boolean; why: string } {
  const scores = Object.fromEntries(Object.entries(all).filter(([name]) => name in weights));
  const weighted = { ...scoring, case: { ...scoring.case, weights } };
  const names = { suite: 'adversarial', baseline: 'good', candidate: 'tried' };
  const { verdict, reason, why } = judgeCase({
    ...names,
    parityTarget,
    scoring: weighted,
    scores,
    guards,
    baselineAnswers: scoring.samples,
  });
  return { accepted: verdict === 'PASS', why: reason === null ? why : `${reason}: ${why}` };
}

function countKinds(pairs: readonly AdversarialPair[]): KindCount[] {
  return [false, true].flatMap((isRight) => {
    const group = pairs.filter((pair) => pair.isRight === isRight);
    const kinds = [...new Set(group.map(({ kind }) => kind))].sort();
    return [
      ...kinds.map((kind) =>
        count(
          kind,
          isRight,
          group.filter((pair) => pair.kind === kind),
        ),
      ),
      count('all', isRight, group),
    ];
  });
}

function count(kind: string, isRight: boolean, pairs: readonly AdversarialPair[]): KindCount {
  const mistakes = Object.keys(RULES).map((rule) => [rule, pairs.filter(({ labels }) => labels[rule]!.accepted !== isRight).length]);
  return { kind, isRight, n: pairs.length, mistakes: Object.fromEntries(mistakes) as Record<string, number> };
}
