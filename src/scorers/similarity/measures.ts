/** Raw similarities of a suite, as columns of numbers: an object a case would take ten times the memory. */

/** Raw similarities of one kind (m or F) for one case; null where there is nothing to compare. */
export interface Measure {
  /** candidate against the samples; null when the candidate did not answer or there is no sample */
  raw: number | null;
  /** prompt against the samples: what an echo earns */
  echo: number | null;
  /** other cases' baseline answers against this case's: what an answer to something else earns */
  cross: number | null;
  /** the samples among themselves; null with fewer than two */
  own: number | null;
}

/** One measure a case, in order; an array is one, too. */
export interface Measures {
  readonly length: number;
  at: (index: number) => Measure | undefined;
}

export interface MeasureColumns extends Measures {
  put: (index: number, measure: Measure) => void;
  putCross: (index: number, cross: number | null) => void;
}

export function openMeasures(length: number): MeasureColumns {
  const column = () => new Float64Array(length).fill(NaN);
  const [raw, echo, cross, own] = [column(), column(), column(), column()];
  const read = (values: Float64Array, index: number): number | null => {
    const value = values[index] ?? NaN;
    return Number.isNaN(value) ? null : value;
  };
  return {
    length,
    at: (index) => ({ raw: read(raw, index), echo: read(echo, index), cross: read(cross, index), own: read(own, index) }),
    put(index, measure) {
      raw[index] = measure.raw ?? NaN;
      echo[index] = measure.echo ?? NaN;
      cross[index] = measure.cross ?? NaN;
      own[index] = measure.own ?? NaN;
    },
    putCross: (index, value) => void (cross[index] = value ?? NaN),
  };
}
