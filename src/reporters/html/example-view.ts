/** The example run with everything that a record may hold beside: speed and cost, distributions, earlier runs, reviews. For tests. */
import type { CaseResult, HistoryLine, Kpis, Quantiles, RunRecord } from '../../record.ts';
import { exampleRun, type ExampleRun } from '../example-run.ts';

const quantiles = (middle: number, n = 40): Quantiles => ({
  n,
  p5: n < 20 ? null : middle * 0.6,
  p25: middle * 0.8,
  p50: middle,
  p75: middle * 1.3,
  p95: n < 20 ? null : middle * 1.9,
});

const kpis = (middle: number): Kpis => ({
  answers: 40,
  first_token_ms: quantiles(middle),
  total_ms: quantiles(middle * 6, 12),
  tokens_per_second: null,
  output_tokens: quantiles(180),
  cost_usd: middle > 300 ? null : 0.0421,
});

const CHANGES = ['fixed', 'broken', 'new', 'same'] as const;

function withFindings(result: CaseResult, at: number): CaseResult {
  const change = CHANGES[at % CHANGES.length];
  return {
    ...result,
    ...(change === undefined ? {} : { transition: change }),
    ...(at === 3 ? { quarantine: { until: '2027-01-31', why: 'the tool that it needs is flaky' } } : {}),
    ...(at === 5
      ? { review: { decision: 'accept', by: 'Ana', reason: 'a fair rewording', note: '', at: '2026-11-20T10:00:00.000Z' } }
      : {}),
  };
}

function history({ verdicts, score_identity }: RunRecord): HistoryLine[] {
  return [0.86, 0.88, null, 0.91].flatMap((parity, at) =>
    verdicts.slice(0, 2).map(({ suite, baseline, candidate, parity_target, n }): HistoryLine => ({
      ...{ run: `2026110${at + 1}`, finished_at: `2026-11-0${at + 1}T10:00:00.000Z`, suite, baseline, candidate, parity_target, parity },
      ...{ lower: parity === null ? null : parity - 0.05, upper: parity === null ? null : parity + 0.05 },
      ...{ verdict: 'NEEDS_WORK', reason: parity === null ? 'incomplete' : 'inconclusive', n, score_identity },
    })),
  );
}

export function exampleView(): ExampleRun {
  const { record, results } = exampleRun();
  const verdicts = record.verdicts.map((verdict, at) => ({
    ...verdict,
    counts: { ...verdict.counts, quarantined: at === 0 ? 1 : 0 },
    kpis: { baseline: kpis(420), candidate: kpis(250) },
    distribution: { baseline: [0, 0, 0, 0, 1, 2, 0, 3, 4, 6], candidate: [2, 1, 0, 0, 1, 2, 3, 1, 4, 2] },
    ...{ p_value: 0.012, p_holm: 0.08 },
    ...(at === 1 ? {} : { previous: { run: '20261104', parity: 0.91, verdict: 'NEEDS_WORK' as const, new: 1, fixed: 2, broken: 3 } }),
  }));
  const [first] = record.verdicts;
  const sign_off = {
    suite: first?.suite ?? '',
    candidate: first?.candidate ?? '',
    by: 'Ana',
    reason: 'read every case',
    at: '2026-11-20T11:00:00.000Z',
  };
  return {
    record: {
      ...record,
      verdicts,
      history: history(record),
      review: { by: ['Ana'], accepted: 1, rejected: 0, expired: 2, sign_offs: [{ ...sign_off, decision: 'approve' }] },
    },
    results: results.map(withFindings),
  };
}
