/** The quality scores of both sides as a histogram of ten steps. */
import type { Verdict } from '../../record.ts';

const [WIDTH, HEIGHT, TOP] = [260, 64, 14];

/** null where the record has no distribution, or no case in it. */
export function histogramOf({ distribution }: Verdict) {
  if (distribution === undefined) return null;
  const { baseline, candidate } = distribution;
  const most = Math.max(0, ...baseline, ...candidate);
  if (most === 0) return null;
  const step = WIDTH / 10;
  const bar = (count: number, place: number, side: string, shift: number) => {
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT);
    return { x: (place * step + shift).toFixed(1), y: (TOP + HEIGHT - height).toFixed(1), height: height.toFixed(1), side, count };
  };
  const bars = baseline.flatMap((count, place) => [
    bar(count, place, 'baseline', 2),
    bar(candidate[place] ?? 0, place, 'candidate', step / 2),
  ]);
  const inWords = (counts: number[]) =>
    counts.map((count, place) => (count === 0 ? '' : `${count} in ${place / 10} to ${(place + 1) / 10}`)).filter((part) => part !== '');
  return {
    bars: bars.filter(({ count }) => count > 0),
    most,
    description: `Cases by quality score. Baseline: ${inWords(baseline).join(', ') || 'none'}. Candidate: ${inWords(candidate).join(', ') || 'none'}.`,
  };
}
