/**
 * What embedding costs, side by side with fastembed (Python) on the same file and the same texts: the table of docs/benchmarks.md.
 *   npm run build && node scripts/bench.mjs embedding [--quick] [--rounds N] [--python PYTHON] [--answers FILE]
 * PYTHON is that of an environment with fastembed (`python3 -m venv DIR && DIR/bin/pip install fastembed`); without it only onpar runs.
 * FILE has an `answer` on each line (default: answers of GPT-4 that lie in fixtures/recordings).
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { embedOwn, type Own } from './embedding/ours.ts';

interface Peer {
  wall: number;
  cpu: number;
  rss: number;
  first: number[];
  version: string;
}

async function compare(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, python: { type: 'string' }, answers: { type: 'string' } },
  });
  const root = new URL('../..', import.meta.url).pathname;
  const work = mkdtempSync(join(tmpdir(), 'onpar-bench-'));
  try {
    const folder = folderOf512(root, work);
    const answers = values.answers ?? join(root, 'fixtures/recordings/gpt-4-0314/general.jsonl');
    const { texts, tokens, gflop } = await textsOf(answers, values.quick ? 40 : 120, folder);
    const file = join(work, 'texts.json');
    writeFileSync(file, JSON.stringify(texts));
    const threads = String(availableParallelism());
    const peer = (...args: string[]) => run(values.python!, [join(root, 'benchmarks/embedding/peer.py'), ...args, threads]);
    const own: Own[] = [];
    const peers = new Map<number, Peer[]>((values.python === undefined ? [] : [256, 32, 1]).map((batch) => [batch, []]));
    let peak = 0;
    const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
    for (let round = 0; round < rounds; round++) {
      own.push(run(process.execPath, [process.argv[1]!, 'own', folder, file, join(work, `cache-${round}`)]) as Own);
      told(`round ${round}: onpar`, own.at(-1)!);
      for (const [batch, all] of peers) {
        all.push(peer('embed', folder, file, String(batch)) as Peer);
        told(`round ${round}: fastembed, ${batch}`, all.at(-1)!);
      }
      if (values.python !== undefined) peak = Math.max(peak, (peer('peak') as { gflops: number }).gflops);
    }
    print({ texts: texts.length, tokens, gflop, own, peers, peak: peak === 0 ? null : peak, root });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The bundled encoder with windows of 512 tokens, where fastembed cuts a text off: both then have the same work. */
function folderOf512(root: string, work: string): string {
  const folder = join(work, 'encoder');
  cpSync(join(root, 'fixtures/models/all-MiniLM-L6-v2'), folder, { recursive: true });
  writeFileSync(join(folder, 'sentence_bert_config.json'), '{"max_seq_length": 512, "do_lower_case": false}');
  return folder;
}

/** Beginnings of answers of 50 to 350 words, as long as no text is longer than 512 tokens. */
async function textsOf(file: string, count: number, folder: string): Promise<{ texts: string[]; tokens: number; gflop: number }> {
  // the process that is measured must not load it
  const { AutoTokenizer } = await import('@xenova/transformers');
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  const texts: string[] = [];
  let [tokens, gflop] = [0, 0];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  for (let i = 0; texts.length < count; i++) {
    if (i >= 20 * lines.length) throw new Error(`${file} has too few answers`);
    const { answer } = JSON.parse(lines[i % lines.length]!) as { answer: string };
    const words = answer.match(/\s*\S+/g) ?? [];
    // 7919 is prime to 301: every length once, in a scattered order
    const text = words.slice(0, 50 + ((i * 7919) % 301)).join('');
    const length = tokenizer.encode(text).length;
    if (words.length < 50 || length > 512 || texts.includes(text)) continue;
    texts.push(text);
    tokens += length;
    gflop += gflopOf(length);
  }
  return { texts, tokens, gflop };
}

/** Multiplications and additions of MiniLM-L6 for one text: projections, feed-forward, and attention. */
function gflopOf(length: number): number {
  const [layers, width, inner] = [6, 384, 1536];
  return (layers * (2 * length * (4 * width * width + 2 * width * inner) + 4 * length * length * width)) / 1e9;
}

function run(program: string, args: string[]): unknown {
  const out = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 });
  return JSON.parse(out.trim().split('\n').at(-1)!);
}

function told(what: string, { wall, cpu, rss }: { wall: number; cpu: number; rss: number }): void {
  process.stderr.write(`  ${what.padEnd(26)} ${wall.toFixed(2)} s, ${cpu.toFixed(2)} s CPU, ${rss.toFixed(0)} MB\n`);
}

interface Measured {
  texts: number;
  tokens: number;
  gflop: number;
  own: Own[];
  peers: Map<number, Peer[]>;
  /** GFLOPS; null where there was no Python to measure it */
  peak: number | null;
  root: string;
}

/** Noise only ever adds. */
const least = (costs: readonly { wall: number; cpu: number }[], what: 'wall' | 'cpu') => Math.min(...costs.map((cost) => cost[what]));
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function print({ texts, tokens, gflop, own, peers, peak, root }: Measured): void {
  const all = new Map<string, readonly (Own | Peer)[]>([
    ['onpar', own],
    ...[...peers].map(([batch, costs]) => [`fastembed, batch ${batch}${batch === 256 ? ' (default)' : ''}`, costs] as const),
  ]);
  const rows = [...all].map(([name, costs]) => [
    name,
    (texts / least(costs, 'wall')).toFixed(1),
    ((1000 * least(costs, 'cpu')) / texts).toFixed(0),
    (gflop / least(costs, 'cpu')).toFixed(0),
    peak === null ? '–' : (gflop / least(costs, 'wall') / peak).toFixed(2),
    `${median(costs.map(({ rss }) => rss)).toFixed(0)} MB`,
  ]);
  const { version: onpar } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const fastembed = [...peers.values()][0]?.[0]?.version;
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${loadavg()[0]!.toFixed(1)}`;
  const versions = [`onpar ${onpar}`, ...(fastembed === undefined ? [] : [`fastembed ${fastembed}`]), `Node ${process.version}`];
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}; ${versions.join(', ')}.`);
  console.log(
    `${texts} answers, ${tokens} tokens, ${gflop.toFixed(0)} GFLOP; matrix multiplication ${peak?.toFixed(0) ?? 'not measured'} GFLOPS.\n`,
  );
  console.log(table([['', 'texts/s', 'CPU ms a text', 'GFLOP a CPU second', 'of the peak', 'peak memory'], ...rows]));

  const rate = (batch: number) => {
    const costs = peers.get(batch);
    return costs === undefined ? null : least(costs, 'wall') / least(own, 'wall');
  };
  const saved = (batch: number) => {
    const costs = peers.get(batch);
    return costs === undefined ? null : least(costs, 'cpu') / least(own, 'cpu');
  };
  const goals: [string, number | null, '≥' | '≤', number, string][] = [
    ['texts/s, × fastembed by default', rate(256), '≥', 1.6, ''],
    ['texts/s, × fastembed, batch 32', rate(32), '≥', 1.6, ''],
    ['texts/s, × fastembed at its best, batch 1', rate(1), '≥', 0.9, ''],
    ['texts a CPU second, × fastembed by default', saved(256), '≥', 1.6, ''],
    ['texts a CPU second, × fastembed, batch 1', saved(1), '≥', 0.9, ''],
    ['of the peak', peak === null ? null : gflop / least(own, 'wall') / peak, '≥', 0.65, ''],
    ['peak memory', median(own.map(({ rss }) => rss)), '≤', 600, ' MB'],
    ['all cached, × faster than cold', median(own.map(({ cold, warm }) => cold / warm)), '≥', 100, ''],
    ['sessions where all is cached', Math.max(...own.map(({ warmWorkers }) => warmWorkers)), '≤', 0, ''],
    ['worst delay of the main thread', median(own.map(({ lag }) => lag)), '≤', 50, ' ms'],
  ];
  const ofGoals = goals.map(([what, value, sign, goal, unit]) => {
    const isMet = value !== null && (sign === '≥' ? value >= goal : value <= goal);
    const shown = value === null ? 'not measured: no --python' : `${value.toFixed(value >= 20 ? 0 : 2)}${unit}`;
    return [what, shown, `${sign} ${goal}${unit}`, value === null ? '' : isMet ? 'yes' : '**no**'];
  });
  console.log(`\n${table([['', 'measured', 'goal', 'met'], ...ofGoals])}`);
  for (const [batch, [first]] of peers) {
    const cosine = first!.first.reduce((sum, x, d) => sum + x * own[0]!.first[d]!, 0);
    if (!(cosine > 1 - 1e-4)) throw new Error(`fastembed's vector (batch ${batch}) is not ours: cosine ${cosine}`);
  }
}

function table([head, ...rows]: string[][]): string {
  return [head!, head!.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const [mode, ...childArgs] = process.argv.slice(2);
if (mode === 'own') {
  const [folder = '', texts = '', cache = ''] = childArgs;
  console.log(JSON.stringify(await embedOwn(folder, texts, cache)));
} else {
  await compare();
}
