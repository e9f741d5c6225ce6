/** A summary for a step of a CI job: verdicts first, then what failed, was reviewed or is in quarantine; always below GitHub's limit of 1 MiB. */
import type { CaseResult, RunView, Verdict } from '../record.ts';
import { type CasesToTell, casesToTell } from './cases-by-verdict.ts';
import { COST_HEAD, COST_NUMBERS, costRow, costsToShow } from './cost.ts';
import { egressText } from './egress.ts';
import { joinFitting } from './fitting.ts';
import { decidedText, quarantinedText, quarantineText, reviewLines, reviewText } from './reviews.ts';
import { bounds, counts, fixed, luckText, missingElements, oneLine, plural, sinceText, words } from './text.ts';

interface Limits {
  /** failing cases shown in all */
  mostCases: number;
  /** verdicts in the table; those that are not PASS come first where there are more */
  mostVerdicts: number;
  mostBytes: number;
}
const SUMMARY: Limits = { mostCases: 200, mostVerdicts: 200, mostBytes: 900_000 };
/** Reviewed and quarantined cases shown a verdict. */
const MOST_SET_ASIDE = 20;

/** Every character that Markdown or HTML could take for markup, as a reference; `@` cannot then mention anybody, and nothing becomes a link. */
export const markdownText = (value: string, limit = 160) =>
  oneLine(value, limit)
    .replace(/[&<>"'`*_{}[\]()#|~\\!$:]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '&#64;\u2060')
    .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`);

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
  markdownText(`${words(result.reason ?? '')}${result.transition === 'broken' ? ' (passed before)' : ''}`, 60),
  fixed(result.quality_score.baseline, 2),
  fixed(result.quality_score.candidate, 2),
  markdownText(missingElements(result).join(', ') || result.why),
];

function caseList({ verdict, count, first: shown }: CasesToTell): string {
  if (count === 0) return '';
  const more = count > shown.length ? `\n\n${plural(count - shown.length, 'more case')} in report.html and report.csv.` : '';
  const cases = markdownTable(['case', 'reason', 'baseline', 'candidate', 'missing, or why'], shown.map(caseRow), [2, 3]);
  const title = `${markdownText(verdict.suite, 60)}, ${models(verdict)}: ${plural(count, 'case')} to look at`;
  return `<details><summary>${title}</summary>\n\n${shown.length === 0 ? '' : cases}${more}\n\n</details>`;
}

/** Cases that a person decided, and those that do not count: by whom, until when, and why. */
function setAside({ verdict, reviewed, quarantined }: CasesToTell): string {
  const row = (result: CaseResult, text: string) => [markdownText(result.case, 80), result.verdict, markdownText(text, 400)];
  const rows = [
    ...reviewed.slice(0, MOST_SET_ASIDE).map((one) => row(one, reviewText(one))),
    ...quarantined.slice(0, MOST_SET_ASIDE).map((one) => row(one, quarantineText(one))),
  ];
  if (rows.length === 0) return '';
  const title = `${markdownText(verdict.suite, 60)}, ${models(verdict)}: reviewed, or in quarantine`;
  return `<details><summary>${title}</summary>\n\n${markdownTable(['case', 'label', 'by whom, until when, and why'], rows, [])}\n\n</details>`;
}

/** What a verdict rests on beside the answers: errors, samples left out, the control. Nothing when all is well. */
function notes(verdict: Verdict): string {
  const control = verdict.self_parity;
  const all = [
    verdict.reason === null ? '' : `**${words(verdict.reason)}**: ${markdownText(verdict.why, 400)}`,
    decidedText(verdict),
    quarantinedText(verdict),
    verdict.counts.incomplete === 0 ? '' : `${plural(verdict.counts.incomplete, 'case')} could not be judged`,
    markdownText(sinceText(verdict), 200),
    luckText(verdict),
    counts(verdict.baseline_left_out) === '' ? '' : `baseline samples left out: ${counts(verdict.baseline_left_out)}`,
    control === null ? '' : `baseline against itself: ${fixed(control.parity)} (${bounds(control.lower, control.upper)})`,
  ].filter((note) => note !== '');
  return all.length === 0 ? '' : `- ${markdownText(verdict.suite, 60)}, ${models(verdict)}: ${all.join('; ')}`;
}

/** The most telling verdicts where there are too many: those that are not PASS come first. */
function verdictsToShow(verdicts: readonly Verdict[], most: number): readonly Verdict[] {
  if (verdicts.length <= most) return verdicts;
  const isPass = ({ verdict }: Verdict) => verdict === 'PASS';
  return [...verdicts.filter((one) => !isPass(one)), ...verdicts.filter(isPass)].slice(0, most);
}

/** A page of Markdown within the limits, whatever the run holds. */
export function page(view: RunView, { mostCases, mostVerdicts, mostBytes }: Limits): string {
  const { record } = view;
  const groups = casesToTell(view, mostCases);
  const shown = verdictsToShow(record.verdicts, mostVerdicts);
  const head = ['suite', 'baseline → candidate', 'verdict', 'parity', '95 % bounds', 'target', 'coverage', 'similarity', 'cases'];
  const unseen = record.verdicts.length - shown.length;
  const costs = costsToShow(record).map((cost) => costRow(cost).map((cell) => markdownText(cell)));
  const encoder = record.score_identity.encoder;
  const scored = encoder === null ? '' : ` · encoder ${markdownText(encoder.id)} ${markdownText(encoder.revision, 12)}`;
  const foot = `<sub>onpar ${markdownText(record.onpar)} · run ${markdownText(record.run)} · ${record.finished_at.slice(0, 10)}${scored}</sub>`;
  const noteLines = shown.map(notes).filter((note) => note !== '');
  const parts = [
    `## onpar: ${record.verdicts.every(({ verdict }) => verdict === 'PASS') && groups.length > 0 ? 'PASS' : 'NEEDS_WORK'}`,
    markdownTable(head, shown.map(verdictRow), [3, 4, 5, 7, 8]),
    unseen === 0 ? '' : `${plural(unseen, 'more verdict')} in report.html.`,
    noteLines.join('\n'),
    reviewLines(record)
      .map((text) => `- ${markdownText(text, 400)}`)
      .join('\n'),
    costs.length > 0 ? markdownTable(COST_HEAD, costs, COST_NUMBERS) : '',
    markdownText(egressText(record) ?? '', 400),
    ...groups.map(caseList),
    ...groups.map(setAside),
  ];
  return joinFitting([...parts, foot], mostBytes);
}

export const markdown = { file: 'summary.md', extensions: ['.md'], render: (view: RunView): string => page(view, SUMMARY) };
