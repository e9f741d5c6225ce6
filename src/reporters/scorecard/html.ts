/** The scorecard as one page: no script, no request, every number a link to what it was computed from. */
import type { KpiRow, Readiness, Scorecard } from '../../record.ts';
import { inertPage } from '../inert-page.ts';
import sheet from '../page.css';
import { oneLine, plural, words } from '../text.ts';
import type { LinkTo } from './index.ts';
import template from './scorecard.hbs';
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

const page = inertPage(template, sheet);

function headline({ agents }: Scorecard): string {
  const ready = agents.filter(({ readiness }) => readiness === 'ready').length;
  if (agents.length === ready) return ready === 1 ? 'The agent is ready' : `All ${ready} agents are ready`;
  return ready === 0 ? 'No agent is ready yet' : `${ready} of ${agents.length} agents are ready`;
}

function lead({ rows }: Scorecard): string {
  const own = rows.filter(({ role }) => role === 'candidate');
  const count = (tone: string) => own.filter((row) => looks(row).tone === tone).length;
  return `${plural(own.length, 'figure')}: ${count('pass')} PASS, ${count('fail') + count('open')} NEEDS_WORK, ${count('none')} not measured. An agent is ready when its suites pass and nothing that was measured stands against it.`;
}

const rowView = (row: KpiRow, linkTo: LinkTo) => ({
  name: oneLine(rowName(row)),
  ...looks(row),
  measured: figure(row.kpi, row.value),
  href: row.value === null || row.sources[0] === undefined ? null : linkTo(row.sources[0].path),
  bounds: figureBounds(row),
  target: targetText(row),
  claimed: claimText(row),
  why: oneLine(row.why),
  sources: row.sources.map(({ label, path }) => ({ label: oneLine(label), href: linkTo(path) })),
});

/** Of a claim that nobody checked, claimed and measured stand in one row all the same. */
const isUnmeasured = ({ verdict, claimed }: KpiRow) => verdict === 'NOT_MEASURED' && claimed === null;

function agentView(one: Readiness, card: Scorecard, linkTo: LinkTo) {
  const { order, phase, agent, critical, description, today, candidate, fallback, claimed } = one;
  const own = card.rows.filter((row) => row.agent === agent);
  const parts = [
    description ?? words(one.capability),
    `${today} → ${candidate}`,
    fallback === null ? 'no fallback' : `fallback ${fallback}`,
    `phase ${phase}${critical ? ', critical' : ''}`,
  ];
  return {
    id: `agent-${order}`,
    order,
    phase,
    agent: oneLine(agent),
    today: oneLine(today),
    candidate: oneLine(candidate),
    ...readinessLooks(one.readiness),
    about: oneLine(parts.join(' · ')),
    why: oneLine(one.why),
    waitsFor: oneLine(one.waits_for.join(', ')),
    claim: claimed === null ? null : oneLine(`${claimsText(claimed)} (${claimed.source})`),
    rows: own.filter((row) => !isUnmeasured(row)).map((row) => rowView(row, linkTo)),
    unmeasured: own.filter(isUnmeasured).map((row) => rowView(row, linkTo)),
  };
}

export function scorecardHtml(card: Scorecard, linkTo: LinkTo): string {
  return page({
    headline: headline(card),
    lead: lead(card),
    asOf: card.as_of?.slice(0, 10) ?? null,
    map: oneLine(card.map),
    summary: card.summary.map((one) => ({ name: oneLine(summaryName(one)), ...summaryLooks(one), counts: countsText(one) })),
    agents: card.agents.map((one) => agentView(one, card, linkTo)),
  });
}
