/** Entry of a worker thread: one engine, one chunk of texts at a time. Built to `dist/embed/worker.js`. */
import { parentPort, workerData } from 'node:worker_threads';
import { openEngine, type Engine, type EngineSpec } from './engine.ts';

/** What the pool sends, and gets back for it: exactly one reply each. */
export interface Chunk {
  texts: string[];
}
export type Reply = { vectors: Float32Array } | { error: string };

let engine: Promise<Engine> | null = null;

parentPort?.on('message', ({ texts }: Chunk) => void answer(texts));

async function answer(texts: string[]): Promise<void> {
  try {
    engine ??= openEngine(workerData as EngineSpec);
    const vectors = await (await engine)(texts);
    parentPort?.postMessage({ vectors } satisfies Reply, [vectors.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies Reply);
  }
}
