/** Runs a program to its end and says what it cost, as the kernel counted it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Cost {
  /** seconds of user and system time */
  cpu: number;
  /** seconds */
  wall: number;
  /** peak of resident memory, MB */
  rss: number;
}

export interface Program {
  node: string;
  args: string[];
  cwd: string;
  env?: Record<string, string>;
  /** exit codes that are in order; 0 when absent */
  codes?: number[];
}

/** Rejects with what the program said when it ends with an exit code that is not in order. */
export async function measured({ node, args, cwd, env, codes = [0] }: Program): Promise<Cost> {
  const file = join(cwd, `cost-${process.pid}.txt`);
  const child = spawn('/usr/bin/time', ['-q', '-f', '%e %U %S %M', '-o', file, node, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (piece: Buffer) => (said = (said + piece.toString()).slice(-2000));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (ended === null || !codes.includes(ended)) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${String(ended)}:\n${said}`);
  const [wall = NaN, user = NaN, system = NaN, kilobytes = NaN] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: user + system, rss: kilobytes / 1024 };
}

/** Runs the programs in turn, so that a noisy minute hits all of them; costs by name. */
export async function interleaved<K extends string>(
  programs: Partial<Record<K, () => Promise<Cost>>>,
  rounds: number,
  what: string,
): Promise<Record<K, Cost[]>> {
  const costs = {} as Record<K, Cost[]>;
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries<() => Promise<Cost>>(programs as Record<K, () => Promise<Cost>>)) {
      const cost = await run();
      (costs[name as K] ??= []).push(cost);
      const show = `${cost.cpu.toFixed(2)} s CPU, ${cost.wall.toFixed(2)} s, ${cost.rss.toFixed(0)} MB`;
      process.stderr.write(`  ${what.padEnd(20)} ${name.padEnd(10)} ${show}\n`);
    }
  return costs;
}

/** Noise only ever adds to a time: the least is the nearest to the truth. Null where nothing was measured. */
export function least(costs: readonly Cost[] | undefined, what: 'cpu' | 'wall'): number | null {
  return costs === undefined || costs.length === 0 ? null : Math.min(...costs.map((cost) => cost[what]));
}

/** Peaks depend on when garbage was collected, either way. Null where nothing was measured. */
export function medianRss(costs: readonly Cost[]): number | null {
  const sorted = costs.map(({ rss }) => rss).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
