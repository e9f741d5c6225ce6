/** Worker threads that embed. They start with the first text, and never keep the process alive once idle. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { workerFile } from './folders.ts';
import type { EngineSpec } from './engine.ts';
import type { Chunk, Reply } from './worker.ts';

/** A handful of batches: small enough that a killed run loses little, large enough to batch well. */
const CHUNK_CHARACTERS = 8_000;
const CHUNK_TEXTS = 256;

export interface Pool {
  /** Embeds distinct texts; `onChunk` gets positions in `texts` and their vectors (positions.length × dimensions) as they are done. */
  run: (texts: readonly string[], onChunk: (positions: number[], vectors: Float32Array) => void) => Promise<void>;
  started: () => number;
  close: () => Promise<void>;
}

interface Job {
  texts: string[];
  done: (vectors: Float32Array) => void;
  fail: (error: Error) => void;
}

export function createPool(spec: EngineSpec, size: number): Pool {
  const workers = new Map<Worker, Job | null>();
  const queue: Job[] = [];

  function stop(worker: Worker, error: Error): void {
    const job = workers.get(worker);
    if (job === undefined) return;
    workers.delete(worker);
    const jobs = [...(job ? [job] : []), ...(workers.size === 0 ? queue.splice(0) : [])];
    for (const lost of jobs) lost.fail(error);
  }

  function start(): Worker {
    const file = workerFile();
    if (!existsSync(file)) throw new Error('the embedding worker is not built: run "npm run build"');
    const worker = new Worker(file, { workerData: spec, execArgv: [] });
    worker.on('message', (reply: Reply) => {
      const job = workers.get(worker);
      workers.set(worker, null);
      if (job && 'vectors' in reply) job.done(reply.vectors);
      else if (job && 'error' in reply) job.fail(new Error(`embedding failed: ${reply.error}`));
      feed(worker);
    });
    worker.on('error', (error: Error) => stop(worker, new Error(`the embedding worker crashed: ${error.message}`, { cause: error })));
    worker.on('exit', (code) => stop(worker, new Error(`the embedding worker ended unexpectedly (exit code ${code})`)));
    workers.set(worker, null);
    return worker;
  }

  function feed(worker: Worker): void {
    const job = queue.shift();
    if (job === undefined) return worker.unref();
    workers.set(worker, job);
    worker.ref();
    worker.postMessage({ texts: job.texts } satisfies Chunk);
  }

  function work(job: Job): void {
    queue.push(job);
    const idle = [...workers].find(([, current]) => current === null)?.[0];
    if (idle) feed(idle);
    else if (workers.size < size) feed(start());
  }

  return {
    async run(texts, onChunk) {
      const jobs = cutChunks(texts).map(
        (positions) =>
          new Promise<void>((resolve, reject) => {
            const done = (vectors: Float32Array) => {
              onChunk(positions, vectors);
              resolve();
            };
            work({ texts: positions.map((i) => texts[i]!), done, fail: reject });
          }),
      );
      await Promise.all(jobs);
    },
    started: () => workers.size,
    async close() {
      const all = [...workers.keys()];
      for (const worker of all) stop(worker, new Error('the embedder was closed'));
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

/** Positions in `texts`, longest first (the last chunks are then short, and no worker waits long for another). */
export function cutChunks(texts: readonly string[]): number[][] {
  const order = texts.map((_, i) => i).sort((a, b) => texts[b]!.length - texts[a]!.length || a - b);
  const chunks: number[][] = [];
  let characters = Infinity;
  for (const i of order) {
    const length = texts[i]!.length;
    const current = chunks.at(-1);
    if (current === undefined || characters + length > CHUNK_CHARACTERS || current.length >= CHUNK_TEXTS) {
      chunks.push([i]);
      characters = length;
    } else {
      current.push(i);
      characters += length;
    }
  }
  return chunks;
}
