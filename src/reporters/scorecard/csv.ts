/** One row a figure, numbers unrounded. */
import { stringify } from 'csv-stringify/sync';
import type { KpiRow, Scorecard } from '../../record.ts';
import { textCell } from '../csv.ts';
import type { LinkTo } from './index.ts';

type Cell = string | number | null;

const COLUMNS: Record<string, (row: KpiRow, card: Scorecard, linkTo: LinkTo) => Cell> = {
  order: ({ agent }, card) => card.agents.find((one) => one.agent === agent)?.order ?? null,
  phase: ({ agent }, card) => card.agents.find((one) => one.agent === agent)?.phase ?? null,
  agent: ({ agent }) => agent,
  readiness: ({ agent }, card) => card.agents.find((one) => one.agent === agent)?.readiness ?? null,
  capability: ({ capability }) => capability,
  baseline: ({ baseline }) => baseline,
  candidate: ({ candidate }) => candidate,
  role: ({ role }) => role,
  figure: ({ kpi }) => kpi,
  suite: ({ suite }) => suite,
  verdict: ({ verdict }) => verdict,
  reason: ({ reason }) => reason,
  measured: ({ value }) => value,
  lower: ({ lower }) => lower,
  upper: ({ upper }) => upper,
  target: ({ target }) => target,
  claimed: ({ claimed }) => claimed,
  n: ({ n }) => n,
  why: ({ why }) => why,
  from: ({ sources }, _, linkTo) => sources.map(({ path }) => linkTo(path)).join('; '),
};

export function scorecardCsv(card: Scorecard, linkTo: LinkTo): string {
  const ordered = card.agents.flatMap(({ agent }) => card.rows.filter((row) => row.agent === agent));
  const rows = ordered.map((row) =>
    Object.values(COLUMNS).map((read) => {
      const cell = read(row, card, linkTo);
      return typeof cell === 'string' ? textCell(cell) : cell;
    }),
  );
  return stringify(rows, { header: true, columns: Object.keys(COLUMNS), bom: true, record_delimiter: 'windows', escape_formulas: true });
}
