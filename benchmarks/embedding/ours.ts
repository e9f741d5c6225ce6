/** onpar's own side, in a process of its own: one JSON line on stdout. */
import { readFileSync } from 'node:fs';
import { openEmbedder } from '../../src/embed/index.ts';

/** What one run cost, without loading the weights; `cold` and `warm` are from nothing to the last vector, with an empty and a full cache. */
export interface Own {
  wall: number;
  cpu: number;
  /** peak of resident memory, MB */
  rss: number;
  /** worst delay of the main thread, ms */
  lag: number;
  cold: number;
  warm: number;
  /** sessions that the warm run opened */
  warmWorkers: number;
  first: number[];
}

const TICK_MS = 5;
/** Large enough that each of two workers gets one and loads the weights. */
const WARM_UP = [1, 2].map((n) => `warm ${n} `.repeat(1_400));

export async function embedOwn(folder: string, textsFile: string, cacheDir: string): Promise<Own> {
  const texts = JSON.parse(readFileSync(textsFile, 'utf8')) as string[];
  const begin = performance.now();
  const embedder = await openEmbedder({ name: folder, modelsDirs: [], cacheDir });
  await embedder.embed(WARM_UP);
  const loaded = performance.now();
  const cpu = process.cpuUsage();
  const lag = watchLag();
  const vectors = await embedder.embed(texts);
  const worst = lag();
  const { user, system } = process.cpuUsage(cpu);
  const end = performance.now();
  await embedder.close();

  const again = performance.now();
  const warm = await openEmbedder({ name: folder, modelsDirs: [], cacheDir });
  const found = await warm.embed(texts);
  const warmSeconds = (performance.now() - again) / 1000;
  if (warm.stats().computed > 0 || found.some((vector, i) => vector[0] !== vectors[i]![0])) throw new Error('the cache gave other vectors');
  const warmWorkers = warm.workers();
  await warm.close();
  return {
    wall: (end - loaded) / 1000,
    cpu: (user + system) / 1e6,
    rss: process.resourceUsage().maxRSS / 1024,
    lag: worst,
    cold: (end - begin) / 1000,
    warm: warmSeconds,
    warmWorkers,
    first: [...vectors[0]!],
  };
}

function watchLag(): () => number {
  let [last, worst] = [performance.now(), 0];
  const note = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last - TICK_MS);
    last = now;
  };
  const timer = setInterval(note, TICK_MS);
  return () => {
    note();
    clearInterval(timer);
    return worst;
  };
}
