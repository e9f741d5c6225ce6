/** The two raw similarities of two texts, from their segments' vectors. Uncalibrated: meaningful only against a floor and a ceiling. */

/** Segment vectors of one text; no rows for a blank one. */
export interface Passage {
  /** L2-normalised, one a segment */
  rows: Float32Array[];
  /** words of each segment, 1..40 */
  weights: number[];
  /** direction of the mean row, L2-normalised; null without rows or where they cancel out */
  mean: Float64Array | null;
}

/** A long segment counts no more than this many words. */
const MOST_WORDS = 40;

export function passageOf(rows: Float32Array[], words: readonly number[]): Passage {
  return { rows, weights: words.map((n) => Math.min(MOST_WORDS, Math.max(1, n))), mean: meanDirection(rows) };
}

/** m: cosine of the mean segment vectors, -1..1; 0 where either text is blank. */
export function meanSimilarity(x: Passage, y: Passage): number {
  return x.mean === null || y.mean === null ? 0 : dot(x.mean, y.mean);
}

/**
 * F: each segment meets its nearest in the other text; the word-weighted means of those cosines (negative ones count 0)
 * are precision and recall, and F = 2PR/(P+R), 0..1; 0 where either text is blank.
 */
export function segmentSimilarity(x: Passage, y: Passage): number {
  const bestOfX = new Float64Array(x.rows.length);
  const bestOfY = new Float64Array(y.rows.length);
  const note = (i: number, j: number, cosine: number) => {
    if (cosine > bestOfX[i]!) bestOfX[i] = cosine;
    if (cosine > bestOfY[j]!) bestOfY[j] = cosine;
  };
  const cosines = new Float64Array(8);
  for (let i = 0; i < x.rows.length; i += 2) {
    const isPair = i + 1 < x.rows.length;
    for (let j = 0; j < y.rows.length; j += 4) {
      if (isPair) eightDots(x.rows[i]!, x.rows[i + 1]!, y.rows, j, cosines);
      else fourDots(x.rows[i]!, y.rows, j, cosines);
      for (let k = 0; k < 4 && j + k < y.rows.length; k++) {
        note(i, j + k, cosines[k]!);
        if (isPair) note(i + 1, j + k, cosines[4 + k]!);
      }
    }
  }
  const precision = weightedMean(bestOfX, x.weights);
  const recall = weightedMean(bestOfY, y.weights);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

export function dot(a: Float64Array | Float32Array, b: Float64Array | Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}

/** Sum of vectors of one width; null for none. */
export function sumOf(vectors: Iterable<Float32Array | Float64Array>): Float64Array | null {
  let sum: Float64Array | null = null;
  for (const vector of vectors) {
    sum ??= new Float64Array(vector.length);
    for (let d = 0; d < sum.length; d++) sum[d]! += vector[d]!;
  }
  return sum;
}

/** `row` with `rows[at]`…`rows[at + 3]`, the last row again past the end: reading `row` once for four nearly halves the time. */
function fourDots(row: Float32Array, rows: readonly Float32Array[], at: number, into: Float64Array): void {
  const last = rows.length - 1;
  const [a, b] = [rows[at]!, rows[Math.min(at + 1, last)]!];
  const [c, d] = [rows[Math.min(at + 2, last)]!, rows[Math.min(at + 3, last)]!];
  let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    sumA += value * a[i]!;
    sumB += value * b[i]!;
    sumC += value * c[i]!;
    sumD += value * d[i]!;
  }
  into[0] = sumA;
  into[1] = sumB;
  into[2] = sumC;
  into[3] = sumD;
}

/** The same for two rows at once: each of the four is read once for both. The sums are those of `fourDots` to the last bit. */
function eightDots(row: Float32Array, next: Float32Array, rows: readonly Float32Array[], at: number, into: Float64Array): void {
  const last = rows.length - 1;
  const [a, b] = [rows[at]!, rows[Math.min(at + 1, last)]!];
  const [c, d] = [rows[Math.min(at + 2, last)]!, rows[Math.min(at + 3, last)]!];
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < row.length; i++) {
    const x = row[i]!;
    const y = next[i]!;
    const p = a[i]!;
    const q = b[i]!;
    const r = c[i]!;
    const s = d[i]!;
    s0 += x * p;
    s1 += x * q;
    s2 += x * r;
    s3 += x * s;
    s4 += y * p;
    s5 += y * q;
    s6 += y * r;
    s7 += y * s;
  }
  into[0] = s0;
  into[1] = s1;
  into[2] = s2;
  into[3] = s3;
  into[4] = s4;
  into[5] = s5;
  into[6] = s6;
  into[7] = s7;
}

function meanDirection(rows: readonly Float32Array[]): Float64Array | null {
  const sum = sumOf(rows);
  const norm = sum === null ? 0 : Math.sqrt(dot(sum, sum));
  return sum !== null && norm > 0 ? sum.map((value) => value / norm) : null;
}

function weightedMean(values: Float64Array, weights: readonly number[]): number {
  let [sum, weight] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!;
    weight += weights[i]!;
  }
  return weight === 0 ? 0 : sum / weight;
}
