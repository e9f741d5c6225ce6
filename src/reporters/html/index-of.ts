/** The index of a report: what its list needs of every case, each text once. */
import type { CaseResult, RunRecord } from '../../record.ts';
import { oneLine } from '../text.ts';
import { chunkCounter } from './pack.ts';
import type { Columns, Comparison, Index } from './page/types.ts';

/** of a prompt, for the list and its search */
const LEAD_CHARACTERS = 140;

/** Numbers for values in the order in which they come. */
function numbered<T>(keyOf: (value: T) => string): { values: T[]; place: (value: T) => number } {
  const values: T[] = [];
  const places = new Map<string, number>();
  const place = (value: T) => {
    const key = keyOf(value);
    const known = places.get(key) ?? values.push(value) - 1;
    places.set(key, known);
    return known;
  };
  return { values, place };
}

const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1e4) / 1e4);

/** A decision, or `note` for a note alone. */
const reviewOf = ({ review }: CaseResult) => (review === undefined ? null : (review.decision ?? 'note'));

export function indexOf({ run, verdicts, review }: RunRecord, cases: Iterable<CaseResult>): Index {
  const capabilities = new Map(verdicts.map(({ suite, candidate, capability }) => [JSON.stringify([suite, candidate]), capability]));
  const comparisons = numbered<Comparison>(({ suite, candidate, baseline }) => JSON.stringify([suite, candidate, baseline]));
  for (const { suite, capability, baseline, candidate } of verdicts) comparisons.place({ suite, capability, baseline, candidate });
  const words = numbered<string>((word) => word);
  const leads = numbered<string>((lead) => lead);
  const word = (value: string | null | undefined) => (value === null || value === undefined ? -1 : words.place(value));
  const chunks: number[] = [];
  const beginsChunk = chunkCounter();
  const columns: Columns = {
    ...{ name: [], comparison: [], tags: [], passed: [], complete: [], critical: [], reason: [], why: [] },
    ...{ baseline: [], candidate: [], transition: [], quarantined: [], review: [], lead: [] },
  };
  for (const result of cases) {
    const { suite, candidate, baseline } = result;
    if (beginsChunk(result)) chunks.push(columns.name.length);
    columns.name.push(result.case);
    const capability = capabilities.get(JSON.stringify([suite, candidate])) ?? '';
    columns.comparison.push(comparisons.place({ suite, capability, baseline, candidate }));
    columns.tags.push(result.tags.map((tag) => words.place(tag)));
    columns.passed.push(Number(result.verdict === 'PASS'));
    columns.complete.push(Number(result.complete));
    columns.critical.push(Number(result.critical));
    columns.reason.push(word(result.reason));
    columns.why.push(result.verdict === 'PASS' ? '' : oneLine(result.why, 400));
    columns.baseline.push(rounded(result.quality_score.baseline));
    columns.candidate.push(rounded(result.quality_score.candidate));
    columns.transition.push(word(result.transition));
    columns.quarantined.push(Number(result.quarantine !== undefined));
    columns.review.push(word(reviewOf(result)));
    columns.lead.push(leads.place(oneLine(result.messages.at(-1)?.content.slice(0, 1_000) ?? '', LEAD_CHARACTERS)));
  }
  const sign_offs = review?.sign_offs ?? [];
  return { run, comparisons: comparisons.values, words: words.values, leads: leads.values, chunks, columns, sign_offs };
}
