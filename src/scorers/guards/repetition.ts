/**
 * An answer that got caught in a loop, where the baseline's did not. The measure is the compression ratio that Whisper tells
 * failed transcripts by (Radford et al. 2022, section 4.5): bytes of the text over bytes of it deflated. English prose has
 * about 2, code and derivations up to 5; loops have 7 and more. Whisper's own limit, 2.4, is for 30 seconds of speech.
 */
import { deflateSync } from 'node:zlib';
import type { Guard } from './guard.ts';

const LOOP = 7;
/** times the baseline's, so that answers that must repeat (tables, lyrics, lists) are none */
const TIMES = 2;

export const repetition: Guard = ({ samples, candidate }) => {
  const ratio = compressionRatio(candidate.answer);
  if (ratio < LOOP || samples.length === 0) return null;
  if (samples.some(({ answer }) => compressionRatio(answer) * TIMES > ratio)) return null;
  return { kind: 'repetition', why: `the answer repeats itself over and over (it compresses ${ratio.toFixed(0)} to 1)` };
};

export function compressionRatio(text: string): number {
  return text === '' ? 1 : Buffer.byteLength(text) / deflateSync(text).length;
}
