/** The scorecard for a pull request or a wiki. */
import type { KpiRow, Scorecard } from '../../record.ts';
import { markdownTable, markdownText } from '../markdown.ts';
import type { LinkTo } from './index.ts';
import {
  claimsText,
  claimText,
  countsText,
  figure,
  figureBounds,
  looks,
  readinessLooks,
  rowName,
  summaryLooks,
  summaryName,
  targetText,
} from './words.ts';

const told = ({ sign, label }: { sign: string; label: string }) => `${sign} ${label}`;

export function scorecardMarkdown(card: Scorecard, linkTo: LinkTo): string {
  const summary = card.summary.map((one) => [markdownText(summaryName(one)), told(summaryLooks(one)), countsText(one)]);
  const agents = card.agents.map((one) => [
    one.order,
    one.phase,
    markdownText(one.agent),
    markdownText(`${one.today} → ${one.candidate}`),
    told(readinessLooks(one.readiness)),
    markdownText(one.why, 400),
    markdownText(claimsText(one.claimed)),
    markdownText(one.waits_for.join(', ')),
  ]);
  const links = ({ sources }: KpiRow) => sources.map(({ label, path }) => `[${markdownText(label)}](<${linkTo(path)}>)`).join(', ');
  const rows = card.rows.map((row) => [
    markdownText(row.agent),
    markdownText(rowName(row)),
    told(looks(row)),
    figure(row.kpi, row.value),
    figureBounds(row),
    targetText(row),
    claimText(row),
    markdownText(row.why, 400),
    links(row),
  ]);
  return `${[
    '## onpar: scorecard of the move',
    markdownTable(['figure', 'verdict', 'agents'], summary, []),
    '### Order of cut-over',
    markdownTable(['', 'phase', 'agent', 'today → candidate', 'readiness', 'why', 'claimed', 'waits for'], agents, [0, 1]),
    '### Every number',
    markdownTable(['agent', 'figure', 'verdict', 'measured', '95 % bounds', 'target', 'claimed', 'why', 'from'], rows, [3, 4, 5, 6]),
  ].join('\n\n')}\n`;
}
