/** Speed and cost of both sides of a verdict, as a table with a strip for each figure. Quantiles come from the record. */
import type { Kpis, Quantiles, Verdict } from '../../record.ts';
import { fixed, usd } from '../text.ts';

type Figure = 'first_token_ms' | 'total_ms' | 'tokens_per_second' | 'output_tokens';

const seconds = (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`);
const plain = (value: number) => (value < 100 ? value.toFixed(1) : String(Math.round(value)));

const FIGURES: [Figure, string, (value: number) => string][] = [
  ['first_token_ms', 'first token', seconds],
  ['total_ms', 'whole answer', seconds],
  ['tokens_per_second', 'tokens a second', plain],
  ['output_tokens', 'output tokens', plain],
];

/** `0.74 ×` of the baseline; `–` where either is unknown or the baseline's is 0. */
export function ratio(baseline: number | null | undefined, candidate: number | null | undefined): string {
  if (baseline === null || baseline === undefined || candidate === null || candidate === undefined || baseline === 0) return '–';
  return `${fixed(candidate / baseline, 2)} ×`;
}

const percent = (value: number, most: number) => `${((value / most) * 100).toFixed(2)}%`;

/** p5 to p95 as a line, p25 to p75 as a bar, p50 as a dot, from 0; the ends are the quartiles where there are too few answers. */
function strip(quantiles: Quantiles | null, most: number, y: number) {
  if (quantiles === null || most <= 0) return null;
  const { p5, p25, p50, p75, p95 } = quantiles;
  const x = (value: number) => percent(value, most);
  return { from: x(p5 ?? p25), to: x(p95 ?? p75), left: x(p25), right: x(p75), middle: x(p50), y };
}

function cell(quantiles: Quantiles | null, { answers }: Kpis, written: (value: number) => string) {
  if (quantiles === null) return { value: 'unknown', note: answers === 0 ? 'no answers' : `told by none of ${answers}` };
  const { p50, p95, n } = quantiles;
  const tail = p95 === null ? `no p95: only ${n}` : `p95 ${written(p95)}`;
  return { value: written(p50), note: n === answers ? tail : `${tail}; ${n} of ${answers} tell` };
}

const costCell = ({ cost_usd, answers }: Kpis) =>
  cost_usd === null
    ? { value: 'unknown', note: answers === 0 ? 'no answers' : 'not every cost is known' }
    : { value: usd(cost_usd), note: `${answers} answers` };

/** null where the record has no figures; `nothing` is a sentence where no answer tells any. */
export function kpisOf({ kpis }: Verdict) {
  if (kpis === undefined) return { nothing: 'This record was made before speed and cost were kept.', rows: [] };
  const { baseline, candidate } = kpis;
  const known = FIGURES.filter(([figure]) => baseline[figure] !== null || candidate[figure] !== null);
  if (known.length === 0 && baseline.cost_usd === null && candidate.cost_usd === null) {
    return { nothing: 'Unknown: no answer of either side tells its times, its tokens or its cost.', rows: [] };
  }
  const rows = FIGURES.map(([figure, name, written]) => {
    const [b, c] = [baseline[figure], candidate[figure]];
    const most = Math.max(...[b, c].flatMap((one) => (one === null ? [0] : [one.p95 ?? one.p75])));
    return {
      name,
      baseline: cell(b, baseline, written),
      candidate: cell(c, candidate, written),
      ratio: ratio(b?.p50, c?.p50),
      strips: { baseline: strip(b, most, 9), candidate: strip(c, most, 23) },
      most: most > 0 ? written(most) : '',
    };
  });
  const cost = { name: 'cost in all', baseline: costCell(baseline), candidate: costCell(candidate) };
  return { nothing: null, rows: [...rows, { ...cost, ratio: ratio(baseline.cost_usd, candidate.cost_usd), strips: null, most: '' }] };
}
