/**
 * Raw similarities → S, 0..1. A raw cosine means nothing by itself (unrelated texts score 0.03 with one encoder and 0.80
 * with another), so each case gets its own scale: the floor is what an echo of the prompt or an answer to another case
 * earns, the ceiling what the baseline earns against itself. S_g = clip((raw − floor) / (ceiling − floor), 0, 1).
 */
import type { SimilarityPart } from '../../record.ts';
import type { Measure, Measures } from './measures.ts';

/** A case whose range is below this share of the suite's median range carries no information. */
const LEAST_SHARE_OF_MEDIAN = 0.25;
/** Nor does one whose range is rounding noise (a suite whose prompts already are the answers). */
const LEAST_RANGE = 1e-3;

/** One kind of similarity, m or F, over a whole suite; gives the result of a case by its place. */
export function calibrate(measures: Measures): (index: number) => SimilarityPart {
  const places = Array.from({ length: measures.length }, (_, index) => index);
  const measureAt = (index: number) => measures.at(index) ?? NOTHING;
  const suiteCeiling = meanKnown(places.map((index) => measureAt(index).own));
  const scaleAt = (index: number) => {
    const measure = measureAt(index);
    const floor = floorOf(measure);
    const ceiling = floor === null ? null : ceilingOf(measure, suiteCeiling);
    return { raw: measure.raw, floor, ceiling, range: floor === null || ceiling === null ? null : ceiling - floor };
  };
  const least = Math.max(LEAST_RANGE, LEAST_SHARE_OF_MEDIAN * medianKnown(places.map((index) => scaleAt(index).range)));
  return (index) => {
    const { raw, floor, ceiling, range } = scaleAt(index);
    const isInformative = raw !== null && floor !== null && range !== null && range >= least;
    return { value: isInformative ? Math.min(1, Math.max(0, (raw - floor) / range)) : null, raw, floor, ceiling };
  };
}

const NOTHING: Measure = { raw: null, echo: null, cross: null, own: null };

/** null without a baseline sample. */
function floorOf({ echo, cross }: Measure): number | null {
  return echo === null ? null : Math.max(echo, cross ?? echo);
}

/**
 * Half the case's own and half the suite's, since a case's own is one noisy comparison. A case with one sample takes the
 * suite's; where no case has two, how far the baseline strays from itself is not known, and 1 is asked.
 */
function ceilingOf({ own }: Measure, suite: number | null): number {
  if (suite === null) return 1;
  return own === null ? suite : (own + suite) / 2;
}

function meanKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** 0 where nothing is known. */
function medianKnown(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = known.length >> 1;
  const [low, high] = [known[known.length % 2 === 0 ? middle - 1 : middle], known[middle]];
  return low === undefined || high === undefined ? 0 : (low + high) / 2;
}
