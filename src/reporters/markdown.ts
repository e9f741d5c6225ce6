/** A summary for a step of a CI job: verdicts first, then failing cases only, far below GitHub's limit of 1 MiB. */
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { failingCases } from './cases-by-verdict.ts';
import { COST_HEAD, COST_NUMBERS, costRow, costsToShow } from './cost.ts';
import { egressText } from './egress.ts';
import { bounds, counts, fixed, luckText, missingElements, oneLine, plural, words } from './text.ts';

/** Failing cases shown in all; at most 500 characters a row, so that the file stays under 150 KB. */
const MOST_CASES = 200;

/** Every character that Markdown or HTML could take for markup, as a reference; `@` cannot then mention anybody. */
export const markdownText = (value: string, limit = 160) =>
  oneLine(value, limit)
    .replace(/[&<>"'`*_{}[\]()#|~\\!$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '&#64;\u2060');

const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
export const markdownTable = (head: string[], rows: (string | number)[][], right: number[]) =>
  [line(head), line(head.map((_, column) => (right.includes(column) ? '--:' : '---'))), ...rows.map(line)].join('\n');

const label = (verdict: 'PASS' | 'NEEDS_WORK') => (verdict === 'PASS' ? '✅ PASS' : '❌ NEEDS_WORK');
const models = ({ baseline, candidate }: { baseline: string; candidate: string }) =>
  `${markdownText(baseline, 60)} → ${markdownText(candidate, 60)}`;

const verdictRow = (verdict: Verdict) => [
  markdownText(verdict.suite, 60),
  models(verdict),
  label(verdict.verdict),
  fixed(verdict.parity),
  bounds(verdict.lower, verdict.upper),
  fixed(verdict.parity_target, 2),
  `${fixed(verdict.coverage.baseline, 2)} → ${fixed(verdict.coverage.candidate, 2)}`,
  fixed(verdict.similarity.candidate, 2),
  verdict.n,
];

const caseRow = (result: CaseResult) => [
  markdownText(result.case, 80),
  markdownText(words(result.reason ?? ''), 60),
  fixed(result.quality_score.baseline, 2),
  fixed(result.quality_score.candidate, 2),
  markdownText(missingElements(result).join(', ') || result.why),
];

function caseList({ verdict, count, first: shown }: ReturnType<typeof failingCases>[number]): string {
  const more = count > shown.length ? `\n\n${plural(count - shown.length, 'more case')} in report.html and report.csv.` : '';
  const cases = markdownTable(['case', 'reason', 'baseline', 'candidate', 'missing, or why'], shown.map(caseRow), [2, 3]);
  const title = `${markdownText(verdict.suite, 60)}, ${models(verdict)}: ${plural(count, 'case')} to look at`;
  return `<details><summary>${title}</summary>\n\n${shown.length === 0 ? '' : cases}${more}\n\n</details>`;
}

/** What a verdict rests on beside the answers: errors, samples left out, the control. Nothing when all is well. */
function notes(verdict: Verdict): string {
  const control = verdict.self_parity;
  const all = [
    verdict.reason === null ? '' : `**${words(verdict.reason)}**: ${markdownText(verdict.why, 400)}`,
    verdict.counts.incomplete === 0 ? '' : `${plural(verdict.counts.incomplete, 'case')} could not be judged`,
    luckText(verdict),
    counts(verdict.baseline_left_out) === '' ? '' : `baseline samples left out: ${counts(verdict.baseline_left_out)}`,
    control === null ? '' : `baseline against itself: ${fixed(control.parity)} (${bounds(control.lower, control.upper)})`,
  ].filter((note) => note !== '');
  return all.length === 0 ? '' : `- ${markdownText(verdict.suite, 60)}, ${models(verdict)}: ${all.join('; ')}`;
}

export const markdown = {
  file: 'summary.md',
  extensions: ['.md'],
  render(view: RunView): string {
    const { record } = view;
    const groups = failingCases(view, MOST_CASES);
    const head = ['suite', 'baseline → candidate', 'verdict', 'parity', '95 % bounds', 'target', 'coverage', 'similarity', 'cases'];
    const parts = [`## onpar: ${record.verdicts.every(({ verdict }) => verdict === 'PASS') && groups.length > 0 ? 'PASS' : 'NEEDS_WORK'}`];
    parts.push(markdownTable(head, record.verdicts.map(verdictRow), [3, 4, 5, 7, 8]));
    parts.push(
      record.verdicts
        .map(notes)
        .filter((note) => note !== '')
        .join('\n'),
    );
    const costs = costsToShow(record).map((cost) => costRow(cost).map((cell) => markdownText(cell)));
    if (costs.length > 0) parts.push(markdownTable(COST_HEAD, costs, COST_NUMBERS));
    parts.push(...groups.filter(({ count }) => count > 0).map(caseList));
    const encoder = record.score_identity.encoder;
    const scored = encoder === null ? '' : ` · encoder ${markdownText(encoder.id)} ${markdownText(encoder.revision, 12)}`;
    const egress = egressText(record);
    if (egress !== null) parts.push(markdownText(egress, 400));
    parts.push(
      `<sub>onpar ${markdownText(record.onpar)} · run ${markdownText(record.run)} · ${record.finished_at.slice(0, 10)}${scored}</sub>`,
    );
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  },
};
