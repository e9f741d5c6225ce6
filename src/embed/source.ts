import type { Embedder } from '../record.ts';

/** Where vectors come from: an encoder of this machine, or a server beside it. */
export interface Source {
  identity: Embedder['identity'];
  /** hex: whatever changes a vector changes it */
  fingerprint: string;
  /** a sentence for people */
  choice: string;
  /** Embeds distinct texts; `onChunk` gets positions in `texts` and their vectors (positions.length × dimensions) as they are done. */
  run: (texts: readonly string[], onChunk: (positions: number[], vectors: Float32Array) => void) => Promise<void>;
  /** worker threads running now */
  workers: () => number;
  close: () => Promise<void>;
}
