import { fixed, oneLine, words } from '../../text.ts';
import { byId, h } from './dom.ts';
import type { Row } from './types.ts';

/** On paper the list is every case that needs work, whatever page or filter is on screen. */
export function preparePrint(rows: readonly Row[]): void {
  const failing = rows.filter(({ verdict }) => verdict !== 'PASS');
  const items = failing.map((row) =>
    h(
      'article',
      {},
      h('h3', {}, `${oneLine(row.suite)} · ${oneLine(row.case)}`),
      h(
        'p',
        {},
        `${oneLine(row.baseline)} → ${oneLine(row.candidate)}; quality score ${fixed(row.quality_score.baseline, 2)} → ${fixed(row.quality_score.candidate, 2)}; ${words(row.reason ?? 'needs work')}: ${row.why}`,
      ),
      h('p', { class: 'excerpt' }, row.lead),
    ),
  );
  byId('printed', HTMLElement).replaceChildren(h('h2', {}, `Cases that need work (${failing.length})`), ...items);
}
